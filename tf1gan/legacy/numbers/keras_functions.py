"""Functions of Keras that tf.keras of 1.15 computed, or built, otherwise than tf-keras does.

Each stands in the place of today's, wherever tf-keras has that by any name, so that a layer or a
model that is given "softmax" or "mape" has it, too. The version is that in which it changed.
"""

import contextlib
import functools
import importlib
import sys

from tf1gan.compat import tf
from tf1gan.legacy.names import Restored
from tf1gan.legacy.numbers import keras_variables

# What a function of a loss or a metric was called, and with it what it measures; until 2.0 and,
# of kl_divergence, log_cosh and huber, 2.4 -> the function of today.
OLD_NAMES = {"cosine_proximity": "cosine_similarity", "huber_loss": "huber",
             "kullback_leibler_divergence": "kl_divergence", "logcosh": "log_cosh"}


def restore():
    from tensorflow.python.util import tf_decorator
    backend, losses, losses_utils, regularizers, attention, accuracy = (
        importlib.import_module(f"tf_keras.src.{name}") for name in (
            "backend", "losses", "utils.losses_utils", "regularizers",
            "layers.attention.base_dense_attention", "metrics.accuracy_metrics"))
    _instead({getattr(module, name): function for module, names in (
        (importlib.import_module("tf_keras.src.activations"), dict(softmax=softmax, selu=selu)),
        (backend, dict(sqrt=sqrt, batch_dot=batch_dot, random_binomial=random_binomial,
                       softmax=lambda x, axis=-1: tf.nn.softmax(x, axis=axis))),
        (losses, dict(
            mean_absolute_percentage_error=mean_absolute_percentage_error,
            mean_squared_logarithmic_error=mean_squared_logarithmic_error,
            cosine_similarity=cosine_similarity, huber=huber, categorical_hinge=categorical_hinge)),
        (accuracy, dict(
            categorical_accuracy=categorical_accuracy, binary_accuracy=binary_accuracy,
            sparse_categorical_accuracy=sparse_categorical_accuracy,
            top_k_categorical_accuracy=top_k_categorical_accuracy,
            sparse_top_k_categorical_accuracy=sparse_top_k_categorical_accuracy)),
        (losses_utils, dict(compute_weighted_loss=compute_weighted_loss))) for name, function in
        names.items()})
    _instead(keras_variables.functions(backend))
    losses.cosine_proximity = losses.cosine = losses.cosine_similarity      # not in 2.x's losses
    metrics = importlib.import_module("tf_keras.src.metrics.regression_metrics")
    for name, function in [(name, getattr(losses, today)) for name, today in OLD_NAMES.items()] + [
            ("cosine_proximity", metrics.cosine_similarity)]:
        function.__name__ = tf_decorator.unwrap(function)[1].__name__ = name
    for kind in ("KLDivergence", "LogCosh"):
        _under_its_own_name(getattr(losses, kind))
    for kind, function in dict(
            BinaryAccuracy=binary_accuracy, CategoricalAccuracy=categorical_accuracy,
            SparseCategoricalAccuracy=sparse_categorical_accuracy,
            TopKCategoricalAccuracy=top_k_categorical_accuracy,
            SparseTopKCategoricalAccuracy=sparse_top_k_categorical_accuracy).items():
        _by(getattr(accuracy, kind), function)
    backend._get_logits = _logits
    backend.tf = Restored("tensorflow", backend.tf, dict(where=tf.where, ones_like=tf.ones_like))
    for name in ("normalization.batch_normalization", "attention.base_dense_attention",
                 "merging.concatenate", "rnn.dropout_rnn_cell_mixin"):
        module = importlib.import_module(f"tf_keras.src.layers.{name}")
        module.tf = Restored("tensorflow", module.tf, dict(ones_like=tf.ones_like))
    for module in ("tf_keras.src.layers.regularization.dropout",
                   "tensorflow.python.keras.layers.core"):      # tf_slim's
        _of_any_rate(importlib.import_module(module).Dropout)
    for regularizer in (regularizers.L1, regularizers.L2, regularizers.L1L2):
        regularizer.__call__ = _penalty
    losses.LossFunctionWrapper.call = lambda loss, y_true, y_pred: loss.fn(     # 2.1
        y_true, y_pred, **loss._fn_kwargs)
    compiled = importlib.import_module("tf_keras.src.engine.compile_utils")
    compiled.losses_utils = Restored("losses_utils", losses_utils, dict(    # of a model, as ever
        get_mask=losses_utils.get_mask))
    losses_utils.get_mask = lambda tensor: None                             # 2.10
    losses_utils.apply_valid_mask = _masked
    attention.backend = Restored("backend", backend, dict(learning_phase=lambda: False))


def _instead(functions):
    """Today's function -> the one that takes its place."""
    by_id = {id(today): function for today, function in functions.items()}
    for path, module in list(sys.modules.items()):
        if path.startswith("tf_keras."):
            for name, value in list(vars(module).items()):
                if id(value) in by_id:
                    setattr(module, name, by_id[id(value)])


def _by(metric, function):
    """A metric of one of these functions; since 2.6 of another, which makes other operations."""
    today = metric.__init__

    @functools.wraps(today)
    def __init__(this, *arguments, **named):
        today(this, *arguments, **named)
        this._fn = function
    metric.__init__ = __init__


def _under_its_own_name(loss):
    """A loss that is called as its function is, if it is given no name."""
    today = loss.__init__

    @functools.wraps(today)
    def __init__(this, *arguments, **named):
        today(this, *arguments, **named)
        if len(arguments) < 2 and "name" not in named:
            this.name = this.fn.__name__
    loss.__init__ = __init__


def _of_any_rate(layer):
    """A rate beyond 1 was an error where something is dropped by it; since 2.5 of the layer."""
    today = layer.__init__

    @functools.wraps(today)
    def __init__(this, rate, *arguments, **named):
        is_one = not isinstance(rate, (int, float)) or 0 <= rate <= 1
        today(this, rate if is_one else 0.5, *arguments, **named)
        this.rate = rate
    layer.__init__ = __init__


def _backend():
    return importlib.import_module("tf_keras.src.backend")


# -- Activations and the backend -------------------------------------------------------------

def softmax(x, axis=-1):
    """Of more than two axes it was computed by parts; until 2.2."""
    rank = x.shape.rank
    if rank == 2:
        return tf.nn.softmax(x)
    if rank is None or rank < 2:
        raise ValueError(f"Cannot apply softmax to a tensor that is 1D. Received input: {x}")
    powers = tf.exp(x - tf.reduce_max(x, axis=axis, keepdims=True))
    return powers / tf.reduce_sum(powers, axis=axis, keepdims=True)


def selu(x):
    """Of elu, by parts; until 2.2."""
    return 1.0507009873554805 * _backend().elu(x, 1.6732632423543772)


def sqrt(x):
    """Cut off on both sides; until 2.3."""
    zero, infinity = (tf.constant(bound, x.dtype.base_dtype) for bound in (0., float("inf")))
    return tf.sqrt(tf.clip_by_value(x, zero, infinity))


def random_binomial(shape, p=0.0, dtype=None, seed=None):
    """Ones and zeros were chosen between, made after what is drawn; until 2.3."""
    from tensorflow.python.ops import random_ops
    backend = _backend()
    dtype = dtype or backend.floatx()
    seed = backend.np.random.randint(10e6) if seed is None else seed
    drawn = random_ops.random_uniform(shape, dtype=dtype, seed=seed) <= p
    return tf.where(drawn, tf.ones(shape, dtype=dtype), tf.zeros(shape, dtype=dtype))


def batch_dot(x, y, axes=None):
    """One product of matrices with ones for what a factor lacks; since 2.2 by more steps."""
    axes = (axes, axes) if isinstance(axes, int) else axes
    ranks = x.shape.rank, y.shape.rank
    axis_of_x, axis_of_y = axes or (ranks[0] - 1, ranks[1] - 2)
    x, y = (tensor if rank == max(ranks) else tf.reshape(tensor, tf.concat(
        [tf.shape(tensor), [1] * (max(ranks) - rank)], axis=0))
        for tensor, rank in zip((x, y), ranks))
    if max(ranks) == 2:
        first = x if axis_of_x == axis_of_y else tf.transpose(x, [1, 0])
        product = tf.reduce_sum(first * y, axis_of_y)
    else:
        last = max(ranks) - 1
        product = tf.matmul(x, y, adjoint_a=axis_of_x != last, adjoint_b=axis_of_y == last)
    if ranks[0] != ranks[1]:
        first = sum(ranks) - 3 if ranks[0] > ranks[1] else ranks[0] - 1
        product = tf.squeeze(product, list(range(first, first + abs(ranks[0] - ranks[1]))))
    return tf.expand_dims(product, 1) if product.shape.rank == 1 else product


_of_probabilities = []          # something in it: within `probabilities_taken`


@contextlib.contextmanager
def probabilities_taken(wanted):
    """Within it a cross-entropy is of probabilities, though they were made of logits.

    In eager execution, train_on_batch and test_on_batch made no graph, and an optimizer of
    tf.train's had one whose layers passed on what they computed: what made it was not seen.
    """
    if wanted:
        _of_probabilities.append(True)
    try:
        yield
    finally:
        if wanted:
            _of_probabilities.pop()


def _logits(output, from_logits, kind, _):
    """(what a cross-entropy is of, whether it is logits).

    What is said to be logits was taken for them; since 2.3 what made a softmax of them is undone.
    """
    if from_logits or tf.executing_eagerly() or _of_probabilities or output.op.type != kind:
        return output, from_logits
    return output.op.inputs[0], True


# -- Losses ----------------------------------------------------------------------------------

def _of_one_type(y_true, y_pred):
    y_pred = tf.convert_to_tensor(y_pred)
    return tf.cast(y_true, y_pred.dtype), y_pred


def _above_epsilon(x):
    return _backend().clip(x, _backend().epsilon(), float("inf"))


def mean_absolute_percentage_error(y_true, y_pred):
    """What it is divided by was cut off on both sides; until 2.2."""
    y_true, y_pred = _of_one_type(y_true, y_pred)
    parts = tf.abs((y_true - y_pred) / _above_epsilon(tf.abs(y_true)))
    return 100. * _backend().mean(parts, axis=-1)


def mean_squared_logarithmic_error(y_true, y_pred):
    y_true, y_pred = _of_one_type(y_true, y_pred)
    logarithms = [tf.log(_above_epsilon(y) + 1.) for y in (y_pred, y_true)]
    return _backend().mean(tf.math.squared_difference(*logarithms), axis=-1)


def cosine_similarity(y_true, y_pred, axis=-1):
    """1 for the same direction: since 2.0 the loss is -1 there."""
    y_true, y_pred = (tf.nn.l2_normalize(y, axis=axis) for y in (y_true, y_pred))
    return tf.reduce_sum(y_true * y_pred, axis=axis)


def huber(y_true, y_pred, delta=1.0):
    """That of each output, not their mean; until 2.1."""
    y_pred, y_true = (tf.cast(y, _backend().floatx()) for y in (y_pred, y_true))
    error = tf.abs(y_pred - y_true)
    near = tf.minimum(error, delta)
    beyond = error - near
    return tf.convert_to_tensor(0.5, dtype=near.dtype) * (near * near) + delta * beyond


def categorical_hinge(y_true, y_pred):
    y_true, y_pred = _of_one_type(y_true, y_pred)
    right = tf.reduce_sum(y_true * y_pred, axis=-1)
    wrong = tf.reduce_max((1. - y_true) * y_pred, axis=-1)
    return tf.maximum(0., wrong - right + 1.)


def compute_weighted_loss(losses, sample_weight=None, reduction="sum_over_batch_size", name=None):
    """Weights were made as many as there are losses, and all of them float32; until 2.1."""
    from tensorflow.python.ops import weights_broadcast_ops
    from tensorflow.python.ops.losses import util
    utils = importlib.import_module("tf_keras.src.utils.losses_utils")
    utils.ReductionV2.validate(reduction)
    if reduction == utils.ReductionV2.AUTO:
        reduction = utils.ReductionV2.SUM_OVER_BATCH_SIZE
    with _backend().name_scope(name or "weighted_loss"):
        tf.get_default_graph()._last_loss_reduction = reduction     # which optimizers ask for
        given = tf.convert_to_tensor(losses)
        losses, _, weights = util.squeeze_or_expand_dimensions(
            tf.cast(given, tf.float32), None,
            tf.cast(1.0 if sample_weight is None else sample_weight, tf.float32))
        losses = tf.multiply(losses, weights_broadcast_ops.broadcast_weights(weights, losses))
        return tf.cast(utils.reduce_weighted_loss(losses, reduction), given.dtype)


def _masked(losses, sample_weight, mask, reduction):
    """What is masked had no weight; since 2.10 what is left has more."""
    return sample_weight if mask is None or sample_weight is mask else sample_weight * mask


def _penalty(regularizer, x):
    """L1, then L2; since 2.4 of one alone without adding to nothing, and L2 by half the norm."""
    l1, l2 = (getattr(regularizer, name, 0.) for name in ("l1", "l2"))
    if not l1 and not l2:
        return _backend().constant(0.)
    penalty = 0.
    if l1:
        penalty += l1 * tf.reduce_sum(tf.abs(x))
    if l2:
        penalty += l2 * tf.reduce_sum(tf.square(x))
    return penalty


# -- Metrics ---------------------------------------------------------------------------------

def categorical_accuracy(y_true, y_pred):
    """By operations of its own; since 2.6 by the sparse one's."""
    return tf.cast(tf.equal(tf.argmax(y_true, axis=-1), tf.argmax(y_pred, axis=-1)),
                   _backend().floatx())


def binary_accuracy(y_true, y_pred, threshold=0.5):
    is_above = tf.cast(y_pred > tf.cast(threshold, y_pred.dtype), y_pred.dtype)
    return _backend().mean(tf.equal(y_true, is_above), axis=-1)


def sparse_categorical_accuracy(y_true, y_pred):
    y_true, chosen = _one_axis_less(y_true, y_pred), tf.argmax(y_pred, axis=-1)
    if chosen.dtype.base_dtype != y_true.dtype.base_dtype:
        chosen = tf.cast(chosen, y_true.dtype.base_dtype)
    return tf.cast(tf.equal(y_true, chosen), _backend().floatx())


def top_k_categorical_accuracy(y_true, y_pred, k=5):
    return _among_the_first(tf.argmax(y_true, axis=-1), y_pred, k)


def sparse_top_k_categorical_accuracy(y_true, y_pred, k=5):
    return _among_the_first(tf.cast(_one_axis_less(y_true, y_pred), "int32"), y_pred, k)


def _among_the_first(classes, y_pred, k):
    return tf.cast(tf.math.in_top_k(y_pred, classes, k), _backend().floatx())


def _one_axis_less(y_true, y_pred):
    ranks = [tf.convert_to_tensor(y).shape.rank for y in (y_pred, y_true)]
    return tf.squeeze(y_true, [-1]) if ranks[0] == ranks[1] and None not in ranks else y_true
