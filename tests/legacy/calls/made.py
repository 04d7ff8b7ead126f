"""How many operations calls make: the seeds that are derived from the graph's in and after each.

    python made.py CALLS OUT

reads a list of calls and writes what came of each, on TensorFlow 1.15.5 or by the runner's
`tensorflow`: {"seeds": [...], "gradients": [...], "said": [...]}, or the error in place of a list.
"""

import json
import os
import re
import sys

import numpy as np

SEED = 54321
DRAWS = re.compile("Random|Normal|Multinomial|Sampl|Poisson|Uniform|Fractional")


def names(tf, made):
    """What the calls are written in. f(2, N, 3): a placeholder of floats; f(U): of unknown rank."""
    unknown = object()

    def placeholder(dtype):
        def make(*shape):
            tensor = tf.placeholder(dtype, None if shape == (unknown,) else shape)
            if tensor.dtype.is_floating:
                made.append(tensor)
            return tensor
        return make

    def variable(*shape, dtype=tf.float32, **options):
        result = tf.get_variable(f"v{len(made)}", shape, dtype, tf.zeros_initializer(), **options)
        made.append(result)
        return result

    def sparse(*shape):
        return tf.SparseTensor([[0] * len(shape)], [1.], shape)
    return dict(
        N=None, U=unknown, np=np, tf=tf,
        f=placeholder(tf.float32), d=placeholder(tf.float64), h=placeholder(tf.float16),
        i=placeholder(tf.int32), l=placeholder(tf.int64), u=placeholder(tf.uint8),
        u16=placeholder(tf.uint16), b=placeholder(tf.bool), s=placeholder(tf.string),
        z=placeholder(tf.complex64), c=tf.constant,
        cl=lambda value: tf.constant(value, tf.int64), v=variable,
        rv=lambda *shape: variable(*shape, use_resource=True), sparse=sparse,
        sp=lambda: tf.sparse_placeholder(tf.float32))


def result_of(tf, call, helpers):
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(SEED)
        np.random.seed(SEED)                # Keras's layers take seeds from it
        made, row = [], {}
        scope = names(tf, made)
        scope.update((name, helper(tf)) for name, helper in helpers.items())
        try:
            result = eval(call, scope)
        except (Exception, SystemExit) as error:
            return {"seeds": f"{type(error).__name__}: {error}"[:200]}
        except BaseException as error:          # a refusal
            return {"seeds": f"refused: {error}"[:200]}
        row["seeds"] = _seeds(tf, graph)
        results = [part for part in _flat(tf, result) if _is_float(tf, part)]
        if made and results and "minimize" not in call and not call.startswith(("grad(", "penalty(")):
            try:
                tf.gradients(results, made)
                row["gradients"] = _seeds(tf, graph)[-1:]
            except Exception as error:
                row["gradients"] = f"{type(error).__name__}: {error}"[:200]
    return row


def _seeds(tf, graph):
    """The second seeds of all that is drawn in the graph and its functions, and of a next draw."""
    tf.random_uniform([2])
    found = []
    for operation in graph.get_operations():
        if DRAWS.search(operation.type):
            found += _seed(operation.node_def.attr)
    for function in graph.as_graph_def().library.function if graph._functions else ():
        for node in function.node_def:
            found[:0] = _seed(node.attr)
    return found


def _seed(attributes):
    return [attributes["seed2"].i] if "seed2" in attributes and attributes["seed"].i == SEED else []


def _flat(tf, result):
    if isinstance(result, dict):
        result = list(result.values())
    if isinstance(result, (list, tuple)):
        return [tensor for part in result for tensor in _flat(tf, part)]
    return [result]


def _is_float(tf, part):
    return isinstance(part, (tf.Tensor, tf.Variable)) and part.dtype.is_floating


def main(calls, out):
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    import warnings
    warnings.simplefilter("ignore")
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[0] = os.path.dirname(here)
    from calls.helpers import HELPERS
    said = []
    import tensorflow as tf
    if tf.__version__.startswith("2."):
        from tf1gan.legacy.steps import Steps
        from tf1gan.legacy.tensorflow1 import TensorFlow1
        tf = TensorFlow1(None, Steps(None), said.append).tensorflow()
    tf.logging.set_verbosity(tf.logging.ERROR)
    with open(calls) as file:
        calls = json.load(file)
    with open(out, "w") as file:
        for call in calls:
            del said[:]
            if hasattr(tf.get_seed, "__self__"):        # what is said once is said of each call
                tf.get_seed.__self__._drawn_otherwise.clear()
            row = dict(result_of(tf, call, HELPERS), said=list(said))
            file.write(json.dumps(row) + "\n")
            file.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
