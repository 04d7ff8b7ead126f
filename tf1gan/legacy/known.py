"""What becomes of a name of TensorFlow 1's time, as the runner would look it up."""

import builtins
import importlib
import importlib.util
import os
import re
import types
import warnings

from tf1gan.errors import UserError
from tf1gan.legacy import causes, runner
from tf1gan.legacy.api import versions
from tf1gan.legacy.names import walk
from tf1gan.legacy.numbers import counts
from tf1gan.legacy.refusal import NotRestored, Refused

RESTORED, COUNTED, REFUSED, MISSING = "restored", "other seeds", "refused", "not installed"
_SHORT = {"tensorflow": "tf", "numpy": "np"}


class Known:
    """The modules that the runner gives a script, and those of today."""

    def __init__(self, files, is_python2, version=versions.USUAL):
        folders = {os.path.dirname(os.path.abspath(path)) for path in files}
        self._own = {os.path.splitext(os.path.basename(path))[0] for path in files}
        self._own |= {name for folder in folders for name in os.path.normpath(folder).split(os.sep)}
        self._own |= {os.path.splitext(name)[0] for folder in folders
                      for name in os.listdir(folder) if name.endswith(".py")}
        shown = types.SimpleNamespace(has_screen=True, is_live=True)
        self._program = runner.Program(
            os.curdir, runner.Options(python2=is_python2, tensorflow=version), lambda line: None,
            shown)
        self._roots = self._program.roots()
        self.is_before_1_0 = version == "0.12"
        self._found = {}

    def is_old_builtin(self, name):
        return name in self._program.builtins and not hasattr(builtins, name) \
            and not name.startswith("__")

    def look_up(self, dotted):
        """(the name in short, verdict, why), or None of what is the same today."""
        if dotted not in self._found:
            self._found[dotted] = self._look_up(dotted)
        return self._found[dotted]

    def _look_up(self, dotted):
        root = dotted.split(".")[0]
        if root in self._own and root not in ("tensorflow", "numpy"):
            return None
        if root not in self._roots:
            return self._of_another(root)
        try:
            name = _walk(self._roots[root](), dotted)
        except (NotRestored, Refused, UserError) as error:
            return _short(dotted), REFUSED, _reason(error, dotted)
        except (AttributeError, ImportError) as error:
            if isinstance(error, ImportError) and importlib.util.find_spec(root) is None:
                return root, MISSING, f"pip install {root}"
            cause = causes.of(error)
            return _short(dotted), REFUSED, cause or f"there is no {_short(dotted)} on 1.15"
        if _of_tensorflow(name) in _UNKNOWN_COUNTS:
            return _short(name), COUNTED, "what the graph's seed draws after it differs from 1.15's"
        return None if _is_there_today(name) else (_short(name), RESTORED, "")

    @staticmethod
    def _of_another(root):
        """A package that the runner gives nothing of."""
        try:
            found = root in ("IPython", "google") or importlib.util.find_spec(root) is not None
        except (ImportError, ValueError):
            found = False
        if found:
            return None
        said = causes.of(ModuleNotFoundError(f"No module named '{root}'", name=root)) or ""
        if "does not run on TensorFlow 2" in said:
            return root, REFUSED, said
        return root, MISSING, "pip install " + (said.partition(": pip install ")[2] or root)


def _walk(module, dotted):
    """The part of a dotted name up to what is no module. Raises as a script's line would."""
    parts, at = dotted.split("."), module
    for place, part in enumerate(parts[1:], 2):
        try:
            at = getattr(at, part)
        except NotRestored:
            raise
        except AttributeError:
            at = _submodule(at, part)
            if at is None:
                raise
        if not isinstance(at, types.ModuleType):
            return ".".join(parts[:place])
    return dotted


def _submodule(module, name):
    """What `import MODULE.name` finds, or None."""
    try:
        return walk(module, f"package.{name}")
    except ModuleNotFoundError:
        return None


def _is_there_today(dotted):
    if dotted.startswith("keras."):
        return False            # what is there is Keras 3
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            root = importlib.import_module(dotted.split(".")[0])
            return _walk(root, dotted) == dotted
        except (ImportError, AttributeError):
            return False


_UNKNOWN_COUNTS = {name for names, more in counts.COUNTS.items() if more is None
                   for name in names.split()} | {"random_gamma", "random.gamma"}


def _of_tensorflow(dotted):
    root, _, rest = dotted.partition(".")
    return rest if root == "tensorflow" else None


def _short(dotted):
    root, dot, rest = dotted.partition(".")
    return _SHORT.get(root, root) + dot + rest


def _reason(error, dotted):
    """Why it is refused, without the name, which stands beside it."""
    said = " ".join(str(error).split())
    match = re.match(r"(\S+) is not restored(?:: )?(.*)", said)
    return match[2] if match and f"{_short(dotted)}.".startswith(f"{match[1]}.") else said
