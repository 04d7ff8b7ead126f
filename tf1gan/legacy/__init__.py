"""Scripts of TensorFlow 1, run as they are on TensorFlow 2: `run_legacy.py SCRIPT`.

The rest of tf1gan knows of this package what `converting` takes from it: the operations of old
graphs, and old configurations of Keras's. It takes nothing from the rest but the images.
"""

from tf1gan.legacy.runner import Options, run

__all__ = ["Options", "run"]
