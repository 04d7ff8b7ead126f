"""A checkpoint -> digits."""

from __future__ import annotations

import os
import tempfile
from typing import Dict, Iterator, Optional, Tuple, Union

import numpy as np

from tf1gan import arguments, models, randomness, restoring, runs
from tf1gan.compat import tf
from tf1gan.errors import UserError
from tf1gan.images import SIDE
from tf1gan.models import NOISE_SIZE
from tf1gan.sampling import nice

_BATCH = 256                # images generated at a time
_STATISTICS_BATCH = 64      # the same where a batch's own statistics normalize it
_PIECE = 8192               # images held at a time where many are drawn
_NICE = 20                  # digits drawn for each that is kept

class Sampler:
    """A generator restored from a checkpoint, ready to draw digits.

        with tf1gan.Sampler("logs/gan") as sampler:
            digits = sampler.sample(25, seed=1)

    Attributes:
      settings: its models.Settings.
      model: the Model.
      checkpoint: the checkpoint's prefix.
      batch_statistics: True where the checkpoint has no moving statistics, so that batch
        normalization uses those of the batch: what the documents' own scripts save.
    """

    def __init__(self, path: Union[str, os.PathLike], model: Optional[str] = None,
                 dropout: bool = False, discriminator: bool = False, best: bool = False):
        """Restores the newest checkpoint of a run, or the one named.

        Args:
          path: a run's folder, any folder with checkpoints, or a checkpoint's prefix.
          model: the model's name; needed where no config.json stands beside the checkpoint.
          dropout: keep dropout on, as document 000 does while sampling.
          discriminator: restore it, too, for `sample_nice`.
          best: of a run, the generator that was measured to be the best.

        Raises:
          UserError: no such run or checkpoint, one of another model, or a damaged one.
        """
        path = arguments.path("path", path)
        dropout, discriminator, best = (arguments.switch(name, value) for name, value in (
            ("dropout", dropout), ("discriminator", discriminator), ("best", best)))
        saved, config = restoring.opened(path, whole=discriminator, best=best)
        self.checkpoint = saved.path
        name = _model_name(path, model, config)
        settings = (models.recorded(config, runs.config_beside(saved.path)) if config
                    else models.resolve(name, {}))
        self.settings = settings
        self.model = settings.model
        found = restoring.restored(saved, settings)
        shapes = found.shapes
        if not any(name.startswith("generator/") for name in shapes):
            raise UserError(f"{self.checkpoint} holds only a discriminator: name the generator's "
                            "file")
        if discriminator and not any(name.startswith("discriminator/") for name in shapes):
            raise UserError(f"{self.checkpoint} holds only a generator, and --nice needs the "
                            "discriminator too: name a model.ckpt, or leave out --nice")
        self.batch_statistics = _lacks_moving_statistics(shapes)
        with tf.Graph().as_default() as graph:
            with tf.variable_scope(tf.get_variable_scope(), use_resource=True):
                self._z_noise = tf.placeholder(tf.float32, [None, NOISE_SIZE])
                self._x_sample = settings.sampling_generator(dropout)(
                    self._z_noise, training=self.batch_statistics)
                self._d_logits = None
                if discriminator:
                    self._d_logits, _ = settings.discriminator(self._x_sample, training=False)
            # Batch statistics do not use the moving ones, but TensorFlow 2 reads them.
            unused = [v for v in tf.global_variables()
                      if self.batch_statistics and runs.is_moving_statistic(v.op.name)]
            wanted = [v for v in tf.global_variables() if v.name not in {u.name for u in unused}]
            runs.check_variables(wanted, shapes, self.checkpoint, self.model.name)
            feeds = {v: tf.placeholder(tf.float32, v.shape) for v in wanted}
            load = [v.assign(feeds[v]) for v in wanted]
            initialize = tf.variables_initializer(unused)
            graph.finalize()
            self._restored = {v.op.name: v for v in wanted}
            arrays = {feeds[v]: found.read(_saved_name(v.op.name, shapes)) for v in wanted}
            if not all(np.isfinite(array).all() for array in arrays.values()):
                raise UserError(f"{self.checkpoint} has weights that are not finite: use an "
                                "earlier checkpoint")
            self._session, self._closed = tf.Session(graph=graph), False
            self._session.run([initialize] + load, arrays)

    def sample(self, n: int, seed: Optional[int] = None) -> np.ndarray:
        """Draws digits.

        Args:
          n: how many.
          seed: of the noise, from 0 to 2**32 - 1: the same digits for the same seed, on
            either TensorFlow. None draws new ones each time.

        Returns:
          float32 [n, 28, 28] in [0, 1], whatever the model's own range.

        Raises:
          UserError: n is negative or no integer, the seed none, or this Sampler closed.
        """
        return joined(self.pieces(n, seed), n)

    def pieces(self, n: int, seed: Optional[int] = None) -> Iterator[np.ndarray]:
        """What `sample` gives, as an iterator over arrays of some thousands of digits each."""
        for images, in self._pieces([self._x_sample], n, seed):
            yield self.model.to_unit(images).reshape(-1, SIDE, SIDE)

    def sample_nice(self, n: int, seed: Optional[int] = None) -> np.ndarray:
        """Draws 20 times as many digits and keeps those that the discriminator rates highest.

        Args:
          n, seed: as for `sample`.

        Returns:
          float32 [n, 28, 28] in [0, 1], the best first.
        """
        return joined(self.nice_pieces(n, seed), n)

    def nice_pieces(self, n, seed=None, folder=None):
        """What `sample_nice` gives, as an iterator like `pieces`.

        Args:
          folder: where those kept so far are put while more are drawn, if they are too many
            for memory; None is the system's folder for temporary files.
        """
        if self._d_logits is None:
            raise UserError(f"the discriminator of {self.checkpoint} was not restored: give "
                            "Sampler discriminator=True")
        n = arguments.integer("n", n, low=0)
        drawn = self._pieces([self._x_sample, self._d_logits], n * _NICE, seed)
        with tempfile.SpooledTemporaryFile(nice.IN_MEMORY, dir=folder) as store:
            for images in nice.best(drawn, n, store):
                yield self.model.to_unit(images).reshape(-1, SIDE, SIDE)

    def _pieces(self, fetches, n, seed):
        """Fetches for n rows of noise: lists of arrays, of some thousands of rows each."""
        n = arguments.integer("n", n, low=0)
        randomness.check_noise_seed(seed)
        batch = _STATISTICS_BATCH if self.batch_statistics else _BATCH
        rows = n + (-n % batch if self.batch_statistics else 0)     # whole batches only
        # RandomState's numbers are the same in every numpy, and drawn in pieces the same, too.
        rs = np.random.RandomState(seed)
        parts = []
        for start in range(0, rows, batch):
            shape = (min(batch, rows - start), NOISE_SIZE)
            noise = (rs.uniform(-1, 1, shape) if self.model.noise == "uniform"
                     else rs.standard_normal(shape))
            parts.append(self._open().run(fetches, {self._z_noise: noise}))
            end = start + len(noise)
            if len(parts) * batch >= _PIECE or end == rows:
                surplus = max(end - n, 0)
                joined = [np.concatenate(part) for part in zip(*parts)]
                yield [array[:len(array) - surplus] for array in joined]
                parts = []

    def weights(self) -> Dict[str, np.ndarray]:
        """The restored variables by their documents' names; with --ema, their averages."""
        return self._open().run(self._restored)

    def frozen(self) -> Tuple[tf.GraphDef, str, str]:
        """The generator as a graph of constants: it needs no variables and no tf1gan.

        Returns:
          (GraphDef, the name of the noise in it, that of the images in the model's range).
        """
        graph, images = self._session.graph, self._x_sample
        definition = tf.graph_util.convert_variables_to_constants(
            self._open(), graph.as_graph_def(), [images.op.name])
        for node in definition.node:
            for key in list(node.attr):
                if key.startswith("_"):     # a gradient's own function, which stays here
                    del node.attr[key]
        return definition, self._z_noise.name, images.name

    def close(self) -> None:
        self._session.close()
        self._closed = True

    def _open(self):
        if self._closed:
            raise UserError(f"this Sampler of {self.checkpoint} is closed: draw before the end of "
                            "its `with` block, or make another")
        return self._session

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def _model_name(path, given, config):
    recorded = (config or {}).get("model")
    if given and recorded and given != recorded:
        raise UserError(f"{path} is a run of {recorded}, not of {given}: leave out --model")
    if not given and not recorded:
        raise UserError(f"{path} does not say which model it is of: name the model with --model "
                        f"({', '.join(models.MODELS)})")
    return given or recorded


def _saved_name(name, shapes):
    """Under which a variable is restored: a whole checkpoint of --ema has the average, too."""
    average = name + "/ExponentialMovingAverage"
    return average if average in shapes else name


def _lacks_moving_statistics(shapes):
    """Whether a checkpoint has batch normalization in its generator but no moving statistics."""
    names = [name for name in shapes if name.startswith("generator/")]
    return (any(name.endswith("/gamma") for name in names)
            and not any(map(runs.is_moving_statistic, names)))


def joined(pieces, n):
    """Pieces of n images [*, 28, 28] as one float32 array."""
    n = arguments.integer("n", n, low=0)
    images = np.empty((n, SIDE, SIDE), np.float32)
    start = 0
    for piece in pieces:
        images[start:start + len(piece)] = piece
        start += len(piece)
    return images
