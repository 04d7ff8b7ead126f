"""From a checkpoint to digits, and to a generator that needs no tf1gan."""

from tf1gan.sampling.sampler import Sampler
from tf1gan.sampling.to_files import check_request, sample_to_files

__all__ = ["Sampler", "check_request", "sample_to_files"]
