"""`tf.app.flags` and `absl.flags`: a script may define a name that absl has taken since.

TensorFlow 1's scripts define --log_dir, --v and the like as their own; absl's own modules define
them, too, and a second definition is an error.
"""

import importlib

from tf1gan.legacy.names import Restored

_OWNERS = ("absl", "tensorflow")        # whose definitions give way


def make():
    """`absl.flags`, whose DEFINE_... take names that absl itself has defined."""
    flags = importlib.import_module("absl.flags")
    return Restored("absl.flags", flags, {
        name: _giving_way(flags, getattr(flags, name))
        for name in dir(flags) if name.startswith("DEFINE_")})


def _giving_way(flags, define):
    def defining(name, *arguments, **options):
        if isinstance(name, str) and name in flags.FLAGS:
            owner = flags.FLAGS.find_module_defining_flag(name, "")
            if owner.split(".")[0] in _OWNERS:
                delattr(flags.FLAGS, name)
        return define(name, *arguments, **options)
    defining.__name__ = define.__name__
    return defining
