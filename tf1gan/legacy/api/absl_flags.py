"""`tf.app.flags` and `absl.flags`: a script may define a name that absl has taken since.

TensorFlow 1's scripts define --log_dir, --v and the like as their own; absl's own modules define
them, too, and a second definition is an error.

`tf.app.flags.FLAGS` reads sys.argv when a flag is first asked for; `absl.flags.FLAGS` raises an
error until `app.run` has done so. Each is as it was on 1.15.
"""

import importlib

from tf1gan.legacy.names import Restored

_OWNERS = ("absl", "tensorflow")        # whose definitions give way


def of_absl():
    """`absl.flags`."""
    return _restored("absl.flags")


def of_tensorflow():
    """`tf.app.flags`, which is `tf.flags` and `tensorflow.python.platform.flags`."""
    return _restored("tensorflow.python.platform.flags")


def _restored(name):
    """A module of flags whose DEFINE_... take names that absl itself has defined."""
    flags = importlib.import_module(name)
    # Whoever calls the functions made here defines the flag: `--help` lists it by that module.
    importlib.import_module("absl.flags").disclaim_key_flags()
    return Restored(name, flags, {
        name: _giving_way(flags.FLAGS, getattr(flags, name))
        for name in dir(flags) if name.startswith("DEFINE_")})


def _giving_way(known, define):
    def defining(*arguments, **options):
        name = arguments[0] if arguments else options.get("name", options.get("flag_name"))
        if isinstance(name, str) and name in known:
            owner = known.find_module_defining_flag(name, "")
            if owner.split(".")[0] in _OWNERS:
                delattr(known, name)
        return define(*arguments, **options)
    defining.__name__ = define.__name__
    return defining
