"""Packages that only the runner needs, and that may be missing."""

import contextlib

from tf1gan.legacy.refusal import refuse

# Package -> module, where they are called otherwise.
_MODULES = {"Pillow": "PIL", "PyYAML": "yaml", "tensorflow-estimator": "tensorflow_estimator"}


@contextlib.contextmanager
def needed(package, for_what):
    """Names a missing package and the remedy in one line."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != _MODULES.get(package, package):
            raise
        refuse(f"{for_what} needs {package}, which is not installed: pip install "
               "-e '.[legacy]' in tf1gan's folder")
