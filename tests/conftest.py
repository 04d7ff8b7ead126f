"""Which tests there are, and which of pytest's processes has which."""

import os
import re

import pytest

# NumPy's threads wait for each other in a loop, which takes the core from another worker.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from tf1gan import models  # noqa: E402


def pytest_configure(config):
    """Loads the fixtures, and TensorFlow with them, where there are tests to run.

    The process that gives them to xdist's workers needs neither, and the workers wait for it.
    """
    if hasattr(config, "workerinput") or config.getoption("dist", "no") == "no":
        config.pluginmanager.import_plugin("given")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Tests that share what they look at go to the same worker.

    xdist's own groups do nothing with pytest 9: they write on to a test's name, which is fixed.

    Where there are three workers or more, the last begins with what waits for other processes:
    a core that it leaves idle has the others to do, and few of them load TensorFlow to be forked.
    """
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return group_of(nodeid)

        def _assign_work_unit(self, node):
            waits = node == self.nodes[-1]
            if len(self.nodes) > 2:
                for group in self.workqueue:
                    if bool(WAITING.search(group)) == waits:
                        self.workqueue.move_to_end(group, last=False)
                        break
            super()._assign_work_unit(node)
    return Scheduling(config, log)


# Files whose tests look at what is made once for all of the file.
TOGETHER = {"test_browser", "test_evaluation", "test_export", "test_files_of_then", "test_kernel",
            "test_numbers_of_1_15", "test_old_models", "test_report", "test_restored",
            "test_run_legacy", "test_scripts", "test_style_networks", "test_tensorboard"}

WAITING = re.compile("test_(browser|counted_calls|files_of_then|kernel|live|machines|notebook|"
                     "numbers_of_1_15|old_models|packaging|restored|run_legacy|scripts|"
                     "style_networks|terminal|ways)|benchmark|elsewhere|one_thread|stress")


def group_of(nodeid):
    """Which tests a test goes with: those of its file, those of its model, or none."""
    path, _, test = nodeid.partition("::")
    file = os.path.splitext(os.path.basename(path))[0]
    if file in TOGETHER:
        return file
    found = set(re.findall(r"\w+", test.partition("[")[2])) & set(models.MODELS)
    return found.pop() if len(found) == 1 else nodeid


@pytest.hookimpl(tryfirst=True)     # before -m looks at the marks
def pytest_collection_modifyitems(items):
    """What takes long begins first, and what goes between two TensorFlows is marked `both`."""
    for item in items:
        if "other_python" in item.fixturenames:
            item.add_marker("both")
        if item.get_closest_marker("release"):
            item.add_marker("slow")
    items.sort(key=lambda item: not item.get_closest_marker("slow"))
