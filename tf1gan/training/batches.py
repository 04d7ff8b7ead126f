"""What iterations are fed: images and noise, as functions of the seed and the step."""

from typing import NamedTuple, Optional

import numpy as np

from tf1gan import randomness
from tf1gan.models import NOISE_SIZE


class Batches(NamedTuple):
    """What some iterations are fed, each array with them along its first axis."""
    x_real: np.ndarray
    z_noise: np.ndarray
    z_noise_g: Optional[np.ndarray]

    def feeds(self, placeholders, which=slice(None)):  # noqa: B008 (a slice does not change)
        """A feed_dict of all these iterations, or of one, for a graph's placeholders."""
        return {getattr(placeholders, name): array[which]
                for name, array in self._asdict().items() if array is not None}

    def own(self, graph):
        """The rows of each update's batch that a graph's strategy has this process compute."""
        rows, settings = graph.strategy, graph.settings
        if rows.size == 1:
            return self
        parts = {"x_real": settings.d_steps, "z_noise": settings.noise_batches,
                 "z_noise_g": settings.g_steps}

        def own(array, parts):
            divided = array.reshape((len(array), parts, rows.size, -1, array.shape[-1]))
            return divided[:, :, rows.index].reshape(len(array), -1, array.shape[-1])
        return Batches(**{name: None if array is None else own(array, parts[name])
                          for name, array in self._asdict().items()})


def make(graph, images, step, count):
    """Batches of `count` iterations, 1 or more, before which there are `step` others.

    They are for a GANGraph, of the images of a data.DataSet.
    """
    settings, model, steps = graph.settings, graph.model, range(step, step + count)

    def noise(batches, purpose):
        return np.stack([randomness.noise(model.noise, (settings.batch_size * batches, NOISE_SIZE),
                                          graph.seed, purpose, at) for at in steps])

    rows = np.stack([images.batch_rows(at, settings.images_in_iteration, model.image_order)
                     for at in steps])
    pixels, _ = images.rows(rows.reshape(-1))
    x_real = model.from_unit(pixels).reshape(rows.shape + (-1,))
    return Batches(x_real, noise(settings.noise_batches, randomness.NOISE),
                   noise(settings.g_steps, randomness.GENERATOR_NOISE) if model.fresh_noise
                   else None)
