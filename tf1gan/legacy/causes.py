"""The one line after a script's traceback, where its cause is known."""

import re

from tf1gan.legacy import downloads, libraries
from tf1gan.legacy.api import before_1_0
from tf1gan.legacy.restored import contrib

# (type of the error, pattern of its text) -> what to do. The first that fits is said.
KNOWN = tuple(
    (kind, pattern % name, why)
    for name, why in contrib.BEFORE_1_15.items() for kind, pattern in (
        ("AttributeError", r"module 'tensorflow\.contrib' has no attribute '%s'"),
        ("ModuleNotFoundError", r"No module named 'tensorflow\.contrib\.%s"),
        ("ImportError", r"cannot import name '%s' from 'tensorflow\.contrib'"))) + (
    ("AttributeError", r"functional_ops' has no attribute 'map_fn'",
     "1.12 had it there, and tf.map_fn is the same: --tensorflow 1.14 gives it"),
    ("ModuleNotFoundError", r"No module named '(tensorflow_addons)",
     "{0} does not run on TensorFlow 2: the script cannot be run here"),
    ("ModuleNotFoundError", r"No module named '((?:tensorflow|keras|numpy|scipy|matplotlib)\."
                            r"[\w.]+)'",
     "{0} is not restored, or was never there"),
    ("ModuleNotFoundError", r"No module named '([\w.]+)'",
     "the script needs {0}, which is not installed here (pip install it), or its folder is "
     "incomplete"),
    ("AttributeError", r"module 'tensorflow\.contrib' has no attribute '(%s)'" % "|".join(
        sorted(contrib.IMPORTED)),
     "1.15.5's has it only after `import tensorflow.contrib.{0}`"),
    ("AttributeError", r"module 'tensorflow(?:\.nn|\.train|\.summary|\.contrib[\w.]*)?' has no "
                       r"attribute '(\w+)'",
     "neither has TensorFlow 1.15, as far as is known here"),
    ("TypeError", r"(?:'float' object cannot be interpreted as an integer|slice indices must be "
                  r"integers|only integer scalar arrays can be converted|can't multiply sequence "
                  r"by non-int of type 'float')",
     "a division may be meant as Python 2's: --python2 divides so"),
    ("TypeError", r"object is not subscriptable|object of type '(?:map|zip|filter|dict_\w+)'",
     "it may be Python 2's: --python2 makes lists of map, zip, keys and the like"),
    ("NameError", r"name '(scipy)' is not defined",
     "if it is Keras that asks for it: pip install {0}"),
    ("BaseException", r"No space left on device",
     "the disk is full: what the script was writing is not whole"),
    ("FileNotFoundError", r"No such file or directory: '(.*?)'",
     "the script does not make {0}: make its folder, or put the file there"),
)


def of(error, python2=False, flag="--python2"):
    """What is known of an error's cause, or None.

    Args:
      error: the script's exception.
      python2: whether the script runs with --python2, which is no remedy then.
      flag: what asks for that.
    """
    missing = libraries.KNOWN.get(getattr(error, "name", None) or "")
    if missing is not None and isinstance(error, ModuleNotFoundError):
        return (f"the script needs {error.name}, in a version of TensorFlow 1's time: pip install "
                f"--no-deps {missing.requirement()}")
    for of_its_kind in (before_1_0, downloads):
        said = of_its_kind.cause_of(error)
        if said is not None:
            return said
    kinds = {kind.__name__ for kind in type(error).__mro__}
    for kind, pattern, words in KNOWN:
        match = re.search(pattern, str(error)) if kind in kinds else None
        if match and not (python2 and "--python2" in words):
            return words.format(*match.groups()).replace("--python2", flag)
    return None
