"""Scripts of TensorFlow 1, run as they are on TensorFlow 2: `run_legacy.py SCRIPT`.

The rest of tf1gan does not know of this package, which takes nothing from it but the images.
"""

from tf1gan.legacy.runner import Options, run

__all__ = ["Options", "run"]
