"""`tf.contrib.nn`."""

import numbers

from tf1gan.legacy.numbers import counts

DROPPED = "2.0"
GIVES = """
alpha_dropout conv1d_transpose deprecated_flipped_sigmoid_cross_entropy_with_logits
deprecated_flipped_softmax_cross_entropy_with_logits
deprecated_flipped_sparse_softmax_cross_entropy_with_logits nth_element scaled_softplus
"""
NEEDS = ()
PATHS = ("python.ops",)
_SAMPLED = "tf.nn.sampled_softmax_loss is there"
REFUSED = dict(rank_sampled_softmax_loss=_SAMPLED, sampled_sparse_softmax_loss=_SAMPLED)


def make(given):
    from tensorflow.python.ops import nn_ops
    tf = given.tf
    names = {f"deprecated_flipped_{kind}_cross_entropy_with_logits": _flipped(getattr(
        tf.nn, f"{kind}_cross_entropy_with_logits"), *told) for kind, told in (
            ("sigmoid", ("targets", "name")), ("softmax", ("labels", "dim", "name")),
            ("sparse_softmax", ("labels", "name")))}
    return dict(names, alpha_dropout=_alpha_dropout(tf), scaled_softplus=counts.counting(
        given.seeds, _scaled_softplus(tf), None, "tf.contrib.nn.scaled_softplus"),
                nth_element=nn_ops.nth_element, conv1d_transpose=tf.nn.conv1d_transpose)


def _flipped(function, labels, *names):
    """Logits came first, before 1.0; then what `labels` names, and more arguments."""
    def flipped(logits, *arguments, **named):
        named.update(zip((labels,) + names, arguments))
        return function(labels=named.pop(labels), logits=logits, **named)
    return flipped


def _alpha_dropout(tf):
    def alpha_dropout(x, keep_prob, noise_shape=None, seed=None, name=None):
        """Dropout that keeps the mean and variance of what follows a selu."""
        with tf.name_scope(name, "alpha_dropout", [x]):
            x = tf.convert_to_tensor(x, name="x")
            if isinstance(keep_prob, numbers.Real) and not 0 < keep_prob <= 1.:
                raise ValueError(f"keep_prob is {keep_prob:g}; it is above 0, and 1 at most.")
            keep_prob = tf.convert_to_tensor(keep_prob, dtype=x.dtype, name="keep_prob")
            keep_prob.shape.assert_is_compatible_with([])
            from tensorflow.python.framework import tensor_util
            if tensor_util.constant_value(keep_prob) == 1:
                return x
            least = -1.7580993408473766
            shape = noise_shape if noise_shape is not None else tf.shape(x)
            draws = tf.random_uniform(shape, seed=seed, dtype=x.dtype)
            kept = tf.cast(draws >= 1 - keep_prob, x.dtype)
            x = x * kept + least * (1 - kept)
            scale = tf.pow(keep_prob + keep_prob * (1 - keep_prob) * least ** 2, -.5)
            shift = -scale * least * (1 - keep_prob)
            return scale * x + shift
    return alpha_dropout


def _scaled_softplus(tf):
    def scaled_softplus(x, alpha, clip=None, name=None):
        """alpha softplus(x / alpha), not above clip."""
        with tf.name_scope(name, "scaled_softplus", [x, alpha]):
            x = tf.convert_to_tensor(x, name="x")
            alpha = tf.cast(tf.convert_to_tensor(alpha, dtype=x.dtype, name="alpha"), x.dtype)
            y = alpha * tf.nn.softplus(x / alpha)
            if clip is None:
                return y
            return tf.minimum(y, tf.cast(clip, x.dtype))
    return scaled_softplus
