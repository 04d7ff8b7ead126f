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

    def feeds(self, placeholders, which=slice(None)):
        """A feed_dict of all these iterations, or of one, for a graph's placeholders."""
        return {getattr(placeholders, name): array[which]
                for name, array in self._asdict().items() if array is not None}


def batches(graph, images, step, count):
    """Batches of some iterations.

    Args:
      graph: a GANGraph.
      images: a data.DataSet.
      step: how many iterations come before.
      count: how many are wanted, at least 1.
    """
    model, values, steps = graph.model, graph.hyperparameters, range(step, step + count)
    g_steps, d_steps = values.get("g_steps", 1), values.get("d_steps", 1)
    size = values["batch_size"]

    def noise(updates, purpose):
        return np.stack([randomness.noise(model.noise, (size * updates, NOISE_SIZE), graph.seed,
                                     purpose, at) for at in steps])

    rows = np.stack([images.batch_rows(at, size * d_steps, model.order) for at in steps])
    pixels, _ = images.rows(rows.reshape(-1))
    x_real = model.from_unit(pixels).reshape(rows.shape + (-1,))
    if graph.z_noise_g is None:
        return Batches(x_real, noise(max(g_steps, d_steps), randomness.NOISE), None)
    return Batches(x_real, noise(d_steps, randomness.NOISE), noise(g_steps, randomness.GENERATOR_NOISE))
