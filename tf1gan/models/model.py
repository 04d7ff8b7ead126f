"""What the rest of the package knows of a model: a page fills in one record."""

from typing import Any, Callable, Mapping, NamedTuple, Optional, Tuple

import numpy as np

from tf1gan.images import STREAM

NOISE_SIZE = 100

# What one iteration updates, as the documents' loops do it: see iteration.py.
G_THEN_D = "G, then D on the same noise"
D_THEN_G = "D, then G on fresh noise"
TOGETHER = "G and D from the same weights"

# How several iterations of a small model are run: see graph/several.py.
LOOP, COMPILED = WAYS = "loop", "compiled"


class Moment(NamedTuple):
    """Where training stands after an iteration."""
    index: int          # of the iteration, from 0
    epoch: int          # from 1
    epochs: int
    batch: int          # of the iteration within its epoch, from 0
    ends_epoch: bool
    seconds: float      # since the epoch began, or training was continued
    g_loss: float
    d_loss: float


class Recipe(NamedTuple):
    """What --recipe NAME stands for; docs/recipes.json has what was measured of it."""
    values: Mapping[str, Any]           # where they differ from the document's; its length, too
    trained: str                        # for how long, in words
    minutes: Optional[int] = None       # on two cores; None where that is what the model `takes`


class Model(NamedTuple):
    """A pair of networks, its defaults, and what its document's loop does that others don't.

    The networks take and give flat float32 images [batch, 784]: `generator(z, reuse=False,
    training=True)`, z being noise [batch, 100], and `discriminator(x, reuse=False, training=True)`
    -> (logits, probabilities), each [batch, 1]. Beside their options they take

      reuse: whether the variables exist already.
      training: batch normalization by the batch's statistics, and dropout; otherwise by the
        moving statistics, and none.
      seed: of the dropout masks where they have any, see layers.dropout.
    """
    name: str
    document: str                               # which of the five, and which part of it
    takes: str                                  # its default length, and how long that is
    generator: Callable
    discriminator: Callable
    generator_options: Tuple[str, ...]          # the hyperparameters that each network takes
    discriminator_options: Tuple[str, ...]
    defaults: Mapping[str, Any]                 # every hyperparameter of the document by its name
    loss: str                                   # a name in losses.LOSSES, its document's
    optimizer: str                              # "adam" or "nesterov"
    order: str                                  # what an iteration updates: one of the above
    line: Callable                              # what its loop prints of a Moment ...
    reports: Callable                           # ... and at which Moments
    recipes: Mapping[str, Recipe]               # "document" among them
    options: Tuple[str, ...] = ()               # hyperparameters that its document has not
    fakes_by_moving_statistics: bool = False    # D's, in its own update
    noise: str = "uniform"                      # or "normal"
    image_range: Tuple[float, float] = (-1.0, 1.0)
    draws: Tuple[float, float] = (-1.0, 1.0)    # the range of its generator's last activation
    validation_size: int = 5000                 # training images held back
    image_order: str = STREAM
    # When the loop does what, in iterations; None is the end of each epoch. They count
    # within an epoch where the model's length is in epochs, as its document's do.
    sample_every: Optional[int] = None
    save_every: Optional[int] = None
    save_at: int = 0                            # what iteration % save_every must be
    batch_picture_every: Optional[int] = None   # a picture of the fakes that D is given
    summary_every: int = 100                    # TensorBoard's scalars
    # What its document calls its variables, in the order it makes them, and what they are here;
    # () where it has the same names, or Keras's.
    in_document: Tuple[Tuple[str, str], ...] = ()
    iterations_per_run: int = 1                 # at most, of a loop in the graph
    preview: bool = False                       # print and draw the data at the start

    @property
    def side_by_side(self):
        """Whether it is so small that operations run side by side, each on one thread."""
        return self.iterations_per_run > 1

    @property
    def fresh_noise(self):
        """Whether an iteration updates G on noise of its own."""
        return self.order == D_THEN_G

    def from_unit(self, images):
        """Images in [0, 1] as the networks take them."""
        low, high = self.image_range
        if (low, high) == (0, 1):
            return images
        scaled = images * (high - low)
        scaled += low
        return scaled

    def to_unit(self, images):
        """The networks' images as float32 in [0, 1]."""
        low, high = self.image_range
        return np.clip((np.asarray(images, np.float32) - low) / (high - low), 0, 1)


def ends_epoch(moment):
    """When most documents report."""
    return moment.ends_epoch
