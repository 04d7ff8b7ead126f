"""A file of weights as a model has them."""

from typing import Callable, Mapping, NamedTuple

import numpy as np

from tf1gan.compat import tf
from tf1gan.errors import UserError
from tf1gan.images import PIXELS
from tf1gan.models import NOISE_SIZE
from tf1gan.restoring import matching
from tf1gan.restoring.matching import Match, Wanted
from tf1gan.restoring.saved import Saved


class Restored(NamedTuple):
    """A file's variables under a model's own names."""
    saved: Saved                            # the file, as it is
    match: Match                            # which of its variables is which
    shapes: Mapping[str, list]
    read: Callable[[str], np.ndarray]       # name -> float32 array; raises UserError


def restored(saved, settings):
    """The Restored of a Saved file, for a model's Settings.

    Raises UserError, which says what the file lacks, or what in it is ambiguous.
    """
    found = matching.match(wanted_of(settings), saved)
    if not found.names:
        raise UserError(f"{saved.path} {found.why_not}: is it a checkpoint of "
                        f"{settings.model.name} "
                        "(--model) with the same hyperparameters? scripts/inspect_checkpoint.py "
                        "says what it fits")
    own = all(name == theirs for name, theirs in found.names.items())
    shapes = saved.shapes if own else {
        name: saved.shapes[theirs] for name, theirs in found.names.items()}
    return Restored(saved, found, shapes, lambda name: saved.read(found.names.get(name, name)))


def wanted_of(settings):
    return Wanted(variables_of(settings), settings.model.in_document)


def variables_of(settings):
    """A model's variables, names -> shapes as lists: the generator's, then the discriminator's."""
    with tf.Graph().as_default():
        with tf.variable_scope(tf.get_variable_scope(), use_resource=True):
            settings.generator(tf.placeholder(tf.float32, [None, NOISE_SIZE]))
            settings.discriminator(tf.placeholder(tf.float32, [None, PIXELS]))
        return {v.op.name: v.shape.as_list() for v in tf.global_variables()}
