"""What ran in a notebook before the extension: whether it can stay, and what it imported."""

import sys
import types

from tf1gan.errors import UserError

# Modules that cells may have imported before; what they are called by afterwards is the old one.
_IMPORTED = ("tensorflow", "keras", "numpy", "scipy", "matplotlib", "pylab", "absl")
_RESTART = "restart the kernel, with %load_ext tf1gan in the first cell"


def check(names):
    """Refuses to go on where TensorFlow 2 has computed.

    Args:
      names: the user's.

    Raises:
      UserError: says to restart.
    """
    if "tensorflow" not in sys.modules:
        return
    context = sys.modules.get("tensorflow.python.eager.context")
    eager = context and context.context_safe()
    ops = sys.modules.get("tensorflow.python.framework.ops")
    graph = ops and ops._default_graph_stack._global_default_graph
    if eager and eager._initialized or graph is not None and graph.get_operations():
        raise UserError(f"TensorFlow has computed in this kernel: {_RESTART}")
    for name, value in list(names.items()):
        root = (getattr(value, "__module__", None) or "").split(".")[0]
        if root in ("tensorflow", "keras", "tf_keras") and not isinstance(value, types.ModuleType):
            raise UserError(f"{name} is of TensorFlow 2, as an earlier cell imported it: "
                            f"{_RESTART}")


def rebind(names, old_import):
    """Names of modules that an earlier cell imported become those of TensorFlow 1's time.

    Args:
      names: the user's, changed in place.
      old_import: the `__import__` of the cells.
    """
    for name, value in list(names.items()):
        path = isinstance(value, types.ModuleType) and value.__name__
        if not path or path.split(".")[0] not in _IMPORTED or sys.modules.get(path) is not value:
            continue
        try:
            # With a list of names the import gives the last module, without one the first.
            names[name] = old_import(path, names, None, ("__name__",), 0)
        except ModuleNotFoundError:     # it is of today alone
            pass
