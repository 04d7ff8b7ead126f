"""The Jupyter kernel "TensorFlow 1 (tf1gan)": Python's own, with the extension loaded.

    tf1gan kernel install --user

writes a folder with a kernel.json, which JupyterLab, Notebook, VS Code, nbconvert and papermill
list. There is nothing of a kernel in it: it starts ipykernel with `--ext=tf1gan`.
"""

import json
import os
import shlex
import subprocess
import sys
import sysconfig
import tempfile

from tf1gan.errors import UserError
from tf1gan.legacy import runner
from tf1gan.legacy.api import versions

NAME = "tf1gan"
OPTIONS = "TF1GAN_CELLS"        # what the cells are to see, in the words of %tf1gan


def install(mnist=None, python2=False, others=(), user=True, prefix=None,
            tensorflow=versions.USUAL):
    """Adds the kernel, in place of an earlier one of the same name.

    Args:
      mnist: the folder with the images, or None.
      python2: the cells are Python 2. That kernel has a name of its own.
      others: further names, for notebooks that name a kernel that is not there.
      user: for all of this user's environments; else under `prefix`.
      tensorflow: the version whose names the cells use, one of versions.VERSIONS. The kernel of
        another than the usual has a name of its own.

    Returns:
      The folders that were written.

    Raises:
      UserError: Jupyter or the package is not installed, or a name is another kernel's.
    """
    manager = _manager()
    _check_installed()
    runner.check_mnist(mnist)
    asked = [tensorflow] * (tensorflow != versions.USUAL) + ["python2"] * python2
    names = ["-".join([NAME] + asked)] + list(others)
    for name in names:
        found = _found(manager, name, user, prefix)
        if found is not None and not _is_ours(found):
            raise UserError(f"there is another kernel named {name}, in {found}: remove it with "
                            f"jupyter kernelspec remove {name}, or give another name with --as")
    written = []
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "kernel.json"), "w", encoding="utf-8") as file:
                json.dump(_spec(name, mnist, python2, tensorflow), file, indent=1)
            try:
                written.append(manager.install_kernel_spec(folder, name, user=user,
                                                           prefix=None if user else prefix))
            except (OSError, ValueError) as error:
                raise UserError(f"the kernel {name} cannot be written: {error}") from error
    return written


def remove(user=True, prefix=None):
    """Takes away every kernel that `install` has added there. Returns their folders."""
    import shutil
    manager = _manager()
    top = _top(manager, user, prefix)
    found = [os.path.join(top, name) for name in sorted(os.listdir(top))] \
        if os.path.isdir(top) else []
    removed = [folder for folder in found if _is_ours(folder)]
    for folder in removed:
        shutil.rmtree(folder)
    return removed


def enter():
    """What this process is to have, where it is the kernel's. Returns the words of %tf1gan.

    `!tf1gan` and `!python` are those of its environment. Not every program that starts kernels
    fills in a `${PATH}` of kernel.json.
    """
    if OPTIONS in os.environ:
        scripts = sysconfig.get_path("scripts")
        os.environ["PATH"] = os.pathsep.join([scripts, os.environ.get("PATH", os.defpath)])
    return os.environ.get(OPTIONS, "")


def _spec(name, mnist, python2, tensorflow):
    words = (["--mnist", os.path.abspath(mnist)] if mnist else []) + ["--python2"] * python2
    title = "TensorFlow 1"
    if tensorflow != versions.USUAL:
        words += ["--tensorflow", tensorflow]
        title = f"TensorFlow {tensorflow}"
    title += ", Python 2 (tf1gan)" if python2 else " (tf1gan)"
    beside = "" if name.startswith(NAME) else f", as {name}"
    return {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}",
                 "--ext=tf1gan"],
        "display_name": title + beside, "language": "python",
        "env": {OPTIONS: shlex.join(words)},
        "metadata": {"debugger": True, NAME: True},
    }


def _manager():
    try:
        import ipykernel  # noqa: F401
        from jupyter_client.kernelspec import KernelSpecManager
    except ImportError as error:
        raise UserError(f"the kernel needs {error.name}, which is not installed: pip install -e "
                        "'.[notebook]' in tf1gan's folder") from error
    return KernelSpecManager()


def _check_installed():
    done = subprocess.run([sys.executable, "-c", "import tf1gan"], cwd=os.path.abspath(os.sep),
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if done.returncode:
        raise UserError("tf1gan is not installed in this Python, which the kernel starts from "
                        "any folder: pip install -e '.[notebook,legacy]' in tf1gan's folder")


def _top(manager, user, prefix):
    return os.path.dirname(manager._get_destination_dir(NAME, user=user,
                                                        prefix=None if user else prefix))


def _found(manager, name, user, prefix):
    """The folder of a kernel of that name, there or where Jupyter looks for others."""
    here = os.path.join(_top(manager, user, prefix), name.lower())
    if os.path.isdir(here):
        return here
    return manager.find_kernel_specs().get(name.lower())


def _is_ours(folder):
    try:
        with open(os.path.join(folder, "kernel.json"), encoding="utf-8") as file:
            return bool(json.load(file).get("metadata", {}).get(NAME))
    except (OSError, ValueError, AttributeError):
        return False
