"""The names of TensorFlow 0.12 that 1.0 renamed, for what is run with --tensorflow 0.12.

What stands under them is 1.15's. Of some functions 1.0 turned the order of the arguments; here they
take 0.12's.
"""

import importlib
import re

import numpy as np

from tf1gan.legacy.names import Later, Restored

# Part of `tf` -> old names and those of 1.15, as they stand under `tf`.
RENAMED = {
    "": "pack=stack unpack=unstack mul=multiply sub=subtract neg=negative inv=reciprocal "
        "complex_abs=abs listdiff=setdiff1d list_diff=setdiff1d select=where "
        "merge_summary=summary.merge merge_all_summaries=summary.merge_all "
        "batch_cholesky=cholesky batch_cholesky_solve=cholesky_solve batch_fft=fft "
        "batch_fft2d=fft2d batch_fft3d=fft3d batch_ifft=ifft batch_ifft2d=ifft2d "
        "batch_ifft3d=ifft3d batch_matrix_band_part=matrix_band_part "
        "batch_matrix_determinant=matrix_determinant batch_matrix_diag=matrix_diag "
        "batch_matrix_diag_part=matrix_diag_part batch_matrix_inverse=matrix_inverse "
        "batch_matrix_set_diag=matrix_set_diag batch_matrix_solve=matrix_solve "
        "batch_matrix_solve_ls=matrix_solve_ls batch_matrix_transpose=matrix_transpose "
        "batch_matrix_triangular_solve=matrix_triangular_solve "
        "batch_self_adjoint_eig=self_adjoint_eig",
    "train": "SummaryWriter=summary.FileWriter SummaryWriterCache=summary.FileWriterCache",
    "image": "per_image_whitening=image.per_image_standardization",
    "nn": "rnn=nn.static_rnn bidirectional_rnn=nn.static_bidirectional_rnn "
          "state_saving_rnn=nn.static_state_saving_rnn seq2seq=contrib.legacy_seq2seq",
    "nn.rnn_cell": "EmbeddingWrapper=contrib.rnn.EmbeddingWrapper "
                   "InputProjectionWrapper=contrib.rnn.InputProjectionWrapper "
                   "OutputProjectionWrapper=contrib.rnn.OutputProjectionWrapper",
    "python.ops.rnn": "rnn=nn.static_rnn bidirectional_rnn=nn.static_bidirectional_rnn "
                      "state_saving_rnn=nn.static_state_saving_rnn",
    "python.ops": "seq2seq=contrib.legacy_seq2seq",
}
# Names that are functions below.
_OWN = {"": "scalar_summary histogram_summary image_summary audio_summary batch_matmul split_v "
            "concat_v2 reverse_v2"}


# What TensorFlow says of a call with the arguments as they were -> the call.
_CALLS = (
    (r"Input 'split_dim' of 'Split' Op has type", "tf.split(axis, n, value)"),
    (r"unexpected keyword argument '(?:split_dim|num_split)'", "tf.split(axis, n, value)"),
    (r"unexpected keyword argument 'concat_dim'", "tf.concat(axis, values)"),
    (r"^Shape \(.*\) must have rank 0$", "tf.concat(axis, values)"),
)


def cause_of(error):
    """What to do where a script's error is that a name, or a call, is of 0.12; or None."""
    said = str(error)
    match = re.search(r"module 'tensorflow([\w.]*)' has no attribute '(\w+)'", said) \
        or re.search(r"No module named 'tensorflow([\w.]*)\.(\w+)'", said)
    if match is None and isinstance(error, ImportError):
        match = re.search(r"cannot import name '(\w+)' from 'tensorflow([\w.]*)'", said)
        match = match and (None, match[2], match[1])
    if match is not None and is_one(match[1][1:], match[2]):
        name = f"{match[1][1:]}.{match[2]}".lstrip(".")
        return (f"tf.{name} is of TensorFlow 0.x, and 1.15 has not got it: --tensorflow 0.12 "
                "gives it")
    for pattern, call in _CALLS if isinstance(error, (TypeError, ValueError)) else ():
        if re.search(pattern, said):
            return (f"it may be meant as {call}, as before TensorFlow 1.0: --tensorflow 0.12 "
                    "takes it")
    return None


def is_one(part, name):
    """Whether `tf.PART.name` is a name of 0.12 that 1.15 has not."""
    return name in _OWN.get(part, "").split() or any(
        name == row.partition("=")[0] for row in RENAMED.get(part, "").split())


def made_of(tf):
    """`tensorflow` with 0.12's names, of that with 1.15's, which has none of them."""
    own, made = functions(tf), {}
    parts = {"", "python"} | set(RENAMED) | set(own)
    for part in sorted(parts, key=lambda part: part.count(".") + bool(part), reverse=True):
        names = own.get(part, {})
        for row in RENAMED.get(part, "").split():
            old, _, new = row.partition("=")
            names[old] = Later(lambda new=new: _found(tf, new))
        names.update((inner.rpartition(".")[2], module) for inner, module in made.items()
                     if inner.rpartition(".")[0] == part and inner != part)
        made[part] = Restored(f"tensorflow.{part}".rstrip("."), _today(tf, part), names)
    return made[""]


def _today(tf, part):
    return lambda: importlib.import_module(f"tensorflow.{part}") if part.startswith(
        "python.ops") else _found(tf, part)


def _found(tf, dotted):
    for name in dotted.split(".") if dotted else ():
        tf = getattr(tf, name)
    return tf


# -- Functions with another order of arguments -----------------------------------------------

def functions(tf):
    """Part of `tf` -> name -> function, as 0.12 had it."""
    return {"": dict(_summaries(tf), **_arrays(tf)), "nn": _losses(tf),
            "image": dict(resize_images=_resize_images(tf.image.resize_images))}


def _arrays(tf):
    concat, split, reverse, matmul, sparse_split = (
        tf.concat, tf.split, tf.reverse, tf.matmul, tf.sparse_split)

    def concat_of_then(concat_dim, values, name="concat"):
        return concat(values, concat_dim, name)

    def split_of_then(split_dim, num_split, value, name="split"):
        return split(value, num_split, split_dim, name=name)

    def split_v(value, size_splits, split_dim=0, num=None, name="split"):
        return split(value, size_splits, split_dim, num, name)

    def sparse_split_of_then(split_dim, num_split, sp_input, name=None):
        return sparse_split(sp_input=sp_input, num_split=num_split, axis=split_dim, name=name)

    def reverse_of_then(tensor, dims, name=None):
        if isinstance(dims, (list, tuple, np.ndarray)) and np.asarray(dims).dtype != bool:
            return reverse(tensor, dims, name)      # of 0.12's own reverse_v2
        return tf.raw_ops.Reverse(tensor=tensor, dims=dims, name=name)

    def batch_matmul(x, y, adj_x=None, adj_y=None, name=None):
        return matmul(x, y, adjoint_a=bool(adj_x), adjoint_b=bool(adj_y), name=name)
    return dict(concat=concat_of_then, concat_v2=concat, split=split_of_then, split_v=split_v,
                sparse_split=sparse_split_of_then, reverse=reverse_of_then, reverse_v2=reverse,
                batch_matmul=batch_matmul)


def _resize_images(today):
    def resize_images(images, size, *more, **named):
        """0.11 took a height and a width; no other call has a number for a size."""
        if np.ndim(size) == 0 and isinstance(size, (int, np.integer)) and more:
            size, more = [size, more[0]], more[1:]
        return today(images, size, *more, **named)
    return resize_images


def _losses(tf):
    """Logits came first, and inputs before labels."""
    nn = tf.nn
    sigmoid, softmax, sparse, weighted, nce, sampled = (
        nn.sigmoid_cross_entropy_with_logits, nn.softmax_cross_entropy_with_logits,
        nn.sparse_softmax_cross_entropy_with_logits, nn.weighted_cross_entropy_with_logits,
        nn.nce_loss, nn.sampled_softmax_loss)

    def sigmoid_cross_entropy_with_logits(logits, targets=None, name=None, labels=None):
        return sigmoid(labels=targets if labels is None else labels, logits=logits, name=name)

    def softmax_cross_entropy_with_logits(logits, labels, dim=-1, name=None):
        return softmax(labels=labels, logits=logits, dim=dim, name=name)

    def sparse_softmax_cross_entropy_with_logits(logits, labels, name=None):
        return sparse(labels=labels, logits=logits, name=name)

    def weighted_cross_entropy_with_logits(logits, targets, pos_weight, name=None):
        return weighted(targets, logits, pos_weight, name)

    def nce_loss(weights, biases, inputs, labels, *more, **named):
        return nce(weights, biases, labels, inputs, *more, **named)

    def sampled_softmax_loss(weights, biases, inputs, labels, *more, **named):
        return sampled(weights, biases, labels, inputs, *more, **named)
    return {function.__name__: function for function in (
        sigmoid_cross_entropy_with_logits, softmax_cross_entropy_with_logits,
        sparse_softmax_cross_entropy_with_logits, weighted_cross_entropy_with_logits, nce_loss,
        sampled_softmax_loss)}


def _summaries(tf):
    """Their tags are as they are given, whatever scope they stand in."""
    def collected(summary, collections):
        for name in [tf.GraphKeys.SUMMARIES] if collections is None else collections:
            tf.add_to_collection(name, summary)
        return summary

    def scalar_summary(tags, values, collections=None, name=None):
        return collected(tf.raw_ops.ScalarSummary(tags=tags, values=values, name=name),
                         collections)

    def histogram_summary(tag, values, collections=None, name=None):
        return collected(tf.raw_ops.HistogramSummary(tag=tag, values=values, name=name),
                         collections)

    def image_summary(tag, tensor, max_images=3, collections=None, name=None):
        return collected(tf.raw_ops.ImageSummary(
            tag=tag, tensor=tensor, max_images=max_images, name=name), collections)

    def audio_summary(tag, tensor, sample_rate, max_outputs=3, collections=None, name=None):
        return collected(tf.raw_ops.AudioSummaryV2(
            tag=tag, tensor=tensor, sample_rate=sample_rate, max_outputs=max_outputs, name=name),
            collections)
    return dict(scalar_summary=scalar_summary, histogram_summary=histogram_summary,
                image_summary=image_summary, audio_summary=audio_summary)
