"""Installed libraries of TensorFlow 1's time, whose own modules see TensorFlow 1, too.

`--also NAME` adds one.
"""

import functools
from importlib import metadata
from typing import NamedTuple


class Library(NamedTuple):
    """What pip calls it, how its versions for TensorFlow 1 begin, and the version tried."""
    distribution: str
    versions: str
    tried: str
    address: str = ""       # where pip finds it, if it is in no index

    def requirement(self):
        return f"git+{self.address}" if self.address else f"{self.distribution}=={self.tried}"


KNOWN = {       # by the name that it is imported by
    "tflearn": Library("tflearn", "0.", "0.5.0"),
    "tensorlayer": Library("tensorlayer", "1.", "1.11.1"),
    "sonnet": Library("dm-sonnet", "1.", "1.23"),
    "prettytensor": Library("prettytensor", "0.", "0.7.4"),
    "tensorpack": Library("tensorpack", "0.", "0.11"),
    "edward": Library("edward", "1.", "1.3.5"),
    "gpflow": Library("gpflow", "1.", "1.5.1"),
    "neuralgym": Library("neuralgym", "0.", "0.0.1", "https://github.com/JiahuiYu/neuralgym"),
    "keras_applications": Library("Keras-Applications", "1.", "1.0.8"),
    "keras_contrib": Library("keras-contrib", "2.", "2.0.8",
                             "https://github.com/keras-team/keras-contrib"),
}


@functools.lru_cache(None)
def is_of_then(root):
    """Whether a module is a known library's, installed in a version for TensorFlow 1."""
    library = KNOWN.get(root)
    if library is None:
        return False
    try:
        return metadata.version(library.distribution).startswith(library.versions)
    except metadata.PackageNotFoundError:
        return False
