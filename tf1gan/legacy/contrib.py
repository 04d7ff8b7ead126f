"""`tensorflow.contrib`, which left TensorFlow with 2.0.

layers, slim and framework are tf_slim's, which is contrib's own code with contrib's defaults;
learn has its data sets; eager has what 2.x kept under other names. The rest is refused by name.
"""

import importlib

from tf1gan.legacy import counts, slim_repairs
from tf1gan.legacy.extras import needed
from tf1gan.legacy.names import Later, Restored
from tf1gan.legacy.refusal import refuse

# What stands in 1.15.5's contrib and is not restored, with what there is instead.
REFUSED = {
    "gan": "TF-GAN (pip install tensorflow-gan) took it over, for TensorFlow 2",
    "estimator": "estimators left TensorFlow with 2.16",
    "rnn": "tf.nn.rnn_cell and tf.nn.dynamic_rnn are there",
    "legacy_seq2seq": "", "seq2seq": "TensorFlow Addons took it over, and ended with 2.15",
    "distributions": "tf.distributions is there",
    "crf": "", "opt": "", "training": "", "data": "tf.data is there",
    "image": "tf.image is there", "metrics": "tf.metrics is there", "losses": "tf.losses is there",
    "keras": "tf.keras is there", "nn": "tf.nn is there", "tpu": "", "lookup": "",
    "summary": "tf.summary is there", "slim.nets": "",
}


def make(tf, datasets, steps, seeds):
    """`tf.contrib`.

    Args:
      tf: TensorFlow 1's API.
      datasets: `contrib.learn.datasets`.
      steps: the Steps that count updates.
      seeds: the Seeds that are derived from counts.
    """
    return _Contrib("tensorflow.contrib", {
        "layers": Later(lambda: layers(seeds)),
        "slim": Later(lambda: slim(seeds)),
        "framework": Later(lambda: framework(tf)),
        "learn": Later(lambda: learn(datasets)),
        "eager": Later(lambda: eager(tf, steps)),
    })


class _Contrib(Restored):
    """A part of contrib: what it has not is refused."""

    def __init__(self, name, restored, today=None):
        super().__init__(name, today, restored)

    def __getattr__(self, name):
        if not (name in self._restored or name.startswith("__")     # what Python asks of any
                or hasattr(self._of_today(), name)):
            refuse_part(f"{self.__name__}.{name}".replace("tensorflow.", "tf.", 1))
        return super().__getattr__(name)


def refuse_part(name):
    instead = REFUSED.get(name.split("tf.contrib.", 1)[1], "")
    refuse(f"{name} is not restored" + (f": {instead}" if instead else
           ": layers, slim, framework, eager and learn.datasets of tf.contrib are"))


# -- layers ----------------------------------------------------------------------------------

def layers(seeds):
    """`tf.contrib.layers`."""
    today = _slim("layers")
    names = vars(importlib.import_module("tf_slim.layers.layers"))
    made = _Contrib("tensorflow.contrib.layers", {
        name: names[name] for name in ("bias_add", "conv1d", "conv2d", "conv3d", "relu", "relu6",
                                       "elu", "linear", "legacy_fully_connected", "legacy_linear",
                                       "legacy_relu", "softmax") if name in names}, today=today)
    # The package as it lay in the repository: contrib.layers.python.layers.layers.
    made._restored.update(layers=made, python=Restored("python", restored={"layers": made}))
    made._restored["scale_gradient"] = counted_scale(seeds, today)
    for name in ("initializers", "regularizers", "normalization", "utils", "optimizers"):
        made._restored[name] = _slim(f"layers.{name}")
    return made


def counted_scale(seeds, today):
    return counts.counting(seeds, today.scale_gradient, None, "tf.contrib.layers.scale_gradient")


# -- slim ------------------------------------------------------------------------------------

def slim(seeds):
    """`tf.contrib.slim`."""
    today = _slim()
    made = _Contrib("tensorflow.contrib.slim", {
        "scale_gradient": counted_scale(seeds, today)}, today=today)
    made._restored["python"] = Restored("python", restored={"slim": made})
    return made


def tf_slim():
    """The package that slim became: scripts of TensorFlow 1 import it, too."""
    return _slim()


def framework(tf):
    """`tf.contrib.framework`."""
    variables, arg_scope = _slim("ops.variables"), _slim("ops.arg_scope")
    names = {}
    for module in (_slim("ops.framework_ops"), variables, arg_scope):
        names.update({name: value for name, value in vars(module).items()
                      if not name.startswith("_") and callable(value)})
    from tensorflow.python.util import nest
    names.update(nest=nest, is_tensor=tf.is_tensor, sort=tf.sort, argsort=tf.argsort,
                 load_checkpoint=tf.train.load_checkpoint,
                 load_variable=tf.train.load_variable,
                 list_variables=tf.train.list_variables,
                 init_from_checkpoint=tf.train.init_from_checkpoint,
                 TensorSpec=tf.TensorSpec,
                 smart_cond=importlib.import_module(
                     "tensorflow.python.framework.smart_cond").smart_cond,
                 get_name_scope=lambda: tf.get_default_graph().get_name_scope())
    made = _Contrib("tensorflow.contrib.framework", names)
    made._restored["python"] = Restored("python", restored={
        "ops": Restored("ops", today=made, restored={"variables": variables}),
        "framework": made})
    return made


def _slim(part=""):
    with needed("tf_slim", "tf.contrib"):
        slim_repairs.load()
        return importlib.import_module("tf_slim" + (f".{part}" if part else ""))


# -- learn -----------------------------------------------------------------------------------

def learn(datasets):
    """`tf.contrib.learn`, with nothing but its data sets."""
    made = _Contrib("tensorflow.contrib.learn", {"datasets": datasets})
    made._restored["python"] = Restored("python", restored={
        "learn": Restored("learn", restored={"datasets": datasets})})
    return made


# -- eager -----------------------------------------------------------------------------------

def eager(tf, steps):
    """`tf.contrib.eager`, where 2.x has the same."""
    from tensorflow.python.eager import backprop, context
    from tensorflow.python.ops import resource_variable_ops, script_ops
    return _Contrib("tensorflow.contrib.eager", dict(
        enable_eager_execution=tf.enable_eager_execution,
        executing_eagerly=tf.executing_eagerly, in_eager_mode=tf.executing_eagerly,
        GradientTape=tf.GradientTape, custom_gradient=tf.custom_gradient,
        Variable=resource_variable_ops.ResourceVariable,
        implicit_gradients=backprop.implicit_grad,
        implicit_value_and_gradients=backprop.implicit_val_and_grad,
        gradients_function=backprop.gradients_function,
        value_and_gradients_function=backprop.val_and_grad_function,
        Checkpoint=tf.train.Checkpoint, TensorSpec=tf.TensorSpec, function=tf.function,
        py_func=script_ops.eager_py_func, num_gpus=context.num_gpus,
        make_template=tf.make_template,
        Iterator=iter, defun=lambda function=None, **options: steps.counted(_defun(
            tf, function, **options))))


def _defun(tf, function=None, input_signature=None, autograph=True,
           experimental_autograph_options=None):
    """A function whose graphs are made by the shapes of its arguments; dropped by 2.x."""
    if function is None:
        return lambda given: _defun(tf, given, input_signature, autograph)
    return tf.function(function, input_signature=input_signature, autograph=autograph)
