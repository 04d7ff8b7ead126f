"""Random draws as functions of (seed, purpose, counter).

A draw is never taken from a stream that has to be kept: a run that is stopped and
continued makes the same draws as one that never stopped.
"""

import numpy as np

from tf1gan.errors import UserError

# One number for each thing drawn, so that no two share their draws.
DATA_ORDER, NOISE, GENERATOR_NOISE, SAMPLE_NOISE, EVALUATION_NOISE = range(1, 6)

MAX_SEED = 2 ** 31 - 1


def check_seed(seed, most=MAX_SEED):
    """Returns `seed` as an int. Raises UserError unless it is one from 0 to `most`."""
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or not 0 <= seed <= most:
        raise UserError(f"seed (--seed) must be an integer from 0 to {most}, not {seed!r}")
    return int(seed)


def check_noise_seed(seed):
    """Raises UserError unless `seed` is one for digits' noise: from 0 to 2**32 - 1, or None."""
    if seed is not None:
        check_seed(seed, 2 ** 32 - 1)


def fresh_seed():
    """A seed nobody chose, from the operating system's entropy."""
    return int(np.random.SeedSequence().entropy % (MAX_SEED + 1))


def numbers(seed, purpose, counter=0):
    """A numpy Generator for this draw alone (Philox, keyed by the three numbers)."""
    key = np.array([purpose << 32 | seed, counter], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key))


def noise(kind, shape, seed, purpose, counter=0):
    """Noise for a generator network, float32.

    Args:
      kind: "uniform" on [-1, 1) or "normal" with mean 0 and deviation 1.
    """
    rng = numbers(seed, purpose, counter)
    if kind == "uniform":
        return rng.random(shape, dtype=np.float32) * 2 - 1
    return rng.standard_normal(shape, dtype=np.float32)
