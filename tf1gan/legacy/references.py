"""Operations that a script compiles for a GPU by nvcc, where it has the same in TensorFlow's own.

Modules that define such an operation have a function for it, `_NAME_cuda`, and one that computes
the same of TensorFlow's operations, `_NAME_ref`. Where there is no nvcc, or no GPU, the second is
called in place of the first.
"""

import functools
import inspect
import shutil

_COMPILED, _REFERENCE = "_cuda", "_ref"


def take(names, say):
    """Replaces what cannot be compiled here.

    Args:
      names: those of a module that has been run; changed in place.
      say: prints a line, once.
    """
    for name in [name for name in names if name.endswith(_COMPILED)]:
        compiled, reference = names[name], names.get(name[:-len(_COMPILED)] + _REFERENCE)
        if inspect.isfunction(compiled) and inspect.isfunction(reference) and _parameters(
                compiled) == _parameters(reference):
            names[name] = _one_of(compiled, reference, name[:-len(_COMPILED)].strip("_"), say)


def _parameters(function):
    return list(inspect.signature(function).parameters)


def _one_of(compiled, reference, name, say):
    @functools.wraps(compiled)
    def computed(*arguments, **named):
        missing = _missing()
        if missing is None:
            return compiled(*arguments, **named)
        say(f"{name} is computed by its reference version, of TensorFlow's own operations: there "
            f"is no {missing} here for the script's own")
        return reference(*arguments, **named)
    return computed


def _missing():
    from tf1gan.legacy.api import gpu
    return "nvcc" if shutil.which("nvcc") is None else None if gpu.is_there() else "GPU"
