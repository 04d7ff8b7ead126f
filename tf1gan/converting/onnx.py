"""A Network in ONNX, by tf2onnx."""

import numpy as np

from tf1gan.compat import tf
from tf1gan.converting import graphs, saved_model
from tf1gan.converting.network import INPUT
from tf1gan.errors import UserError, reason

_VERSION = 15           # of ONNX's operators; those of 2021, which what reads it has


def check():
    """Raises UserError where tf2onnx is not installed."""
    try:
        import onnx  # noqa: F401
        import tf2onnx  # noqa: F401
    except ImportError as error:
        raise UserError(f"--onnx needs tf2onnx and onnx ({error}): pip install tf2onnx onnx "
                        "onnxruntime") from error


def made(cut, held):
    """The bytes of an ONNX file.

    Raises:
      UserError: tf2onnx has no counterpart of an operation.
    """
    import logging

    import tf2onnx
    frozen = _frozen(cut, held.variables)
    inputs = [INPUT + name + ":0" for name in cut.ends.inputs]
    logging.getLogger("tf2onnx").setLevel(logging.CRITICAL)
    try:
        model, _ = tf2onnx.convert.from_graph_def(
            frozen, input_names=inputs, output_names=list(cut.outputs.values()), opset=_VERSION)
    except Exception as error:      # whatever it makes of what it does not know
        raise UserError(f"tf2onnx does not convert the network: {reason(error)}") from error
    _rename(model, dict(zip(inputs, cut.ends.inputs)),
            {tensor: name for name, tensor in cut.outputs.items()})
    return model.SerializeToString()


def compare(content, expected, values):
    """The largest difference from what is expected; None where onnxruntime is not installed.

    Raises:
      UserError: it differs.
    """
    try:
        import onnxruntime
    except ImportError:
        return None
    try:
        session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
        found = dict(zip(expected, session.run(list(expected), {
            name: array for name, array in values.items()})))
    except Exception as error:      # its own
        raise UserError(f"onnxruntime does not run the network: {reason(error)}") from error
    return max(saved_model.difference(name, value, np.asarray(found[name]), saved_model.NEAR_ONNX)
               for name, value in expected.items())


def _frozen(cut, weights):
    """The network with its variables as constants."""
    made = tf.GraphDef()
    made.CopyFrom(cut.graph_def)
    for node in made.node:
        if node.name in weights:
            value = weights[node.name]
            graphs.constant(node, value, tf.as_dtype(value.dtype).as_datatype_enum)
        elif node.op == "ReadVariableOp":
            kind = node.attr["dtype"].type
            node.op = "Identity"
            node.attr.clear()
            node.attr["T"].type = kind
    return made


def _rename(model, inputs, outputs):
    """Gives inputs and outputs the arguments' names."""
    names = dict(inputs, **outputs)
    for part in list(model.graph.input) + list(model.graph.output):
        part.name = names.get(part.name, part.name)
    for node in model.graph.node:
        node.input[:] = [names.get(name, name) for name in node.input]
        node.output[:] = [names.get(name, name) for name in node.output]
