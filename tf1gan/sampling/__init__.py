"""From a checkpoint to digits, and to a generator that needs no tf1gan."""

from tf1gan.sampling.sampler import Sampler
from tf1gan.sampling.to_files import MAX_PICTURE, check_request, sample_to_files

__all__ = ["MAX_PICTURE", "Sampler", "check_request", "sample_to_files"]
