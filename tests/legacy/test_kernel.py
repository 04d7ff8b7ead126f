"""The Jupyter kernel "TensorFlow 1 (tf1gan)": notebooks' numbers live, and what it answers."""

import contextlib
import importlib.util
import json
import os
import subprocess
import sysconfig

import numpy as np
import pytest
import test_numbers_of_1_15 as numbers
from helpers import MNIST_FOLDER, ROOT

from tf1gan.legacy.jupyter import live

pytest.importorskip("ipykernel")
HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "scripts")
LIVE = ("cells", "live_gan", "live_session", "live_data", "live_slim", "live_keras",
        "live_contrib")
WIDGET = "application/vnd.jupyter.widget-view+json"
NOT_OF_THEN = ("CPU times", "Wall time", "tf1gan: not installed")       # what they also print


def command(python, *arguments):
    return subprocess.run([python, "-m", "tf1gan", "kernel"] + list(arguments),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT,
                          universal_newlines=True, env=dict(os.environ, PYTHONPATH=ROOT))


@pytest.fixture(scope="module")
def installed(forked, tmp_path_factory):
    """The prefix of a kernel that is known as python2, too."""
    folder = tmp_path_factory.mktemp("prefix")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(folder / "share" / "jupyter"))
        patch.setenv("JUPYTER_DATA_DIR", str(folder / "data"))
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        patch.setenv("PYTHONPATH", ROOT)
        done = command(forked, "install", "--prefix", str(folder), "--mnist", MNIST_FOLDER,
                       "--as", "python2")
        assert done.returncode == 0 and len(done.stdout.splitlines()) == 2, done.stderr
        yield folder


@pytest.fixture(scope="module")
def manager(installed, tmp_path_factory):
    """A kernel that runs, in an empty folder."""
    from jupyter_client.manager import KernelManager
    folder = tmp_path_factory.mktemp("live")
    made = KernelManager(kernel_name="tf1gan")
    made.start_kernel(cwd=str(folder))
    yield made
    made.shutdown_kernel(now=True)


@pytest.fixture(scope="module")
def client(manager):
    with connected(manager) as made:
        yield made


@contextlib.contextmanager
def connected(manager):
    made = manager.client()
    made.start_channels()
    try:
        made.wait_for_ready(timeout=60)
        yield made
    finally:
        made.stop_channels()


def run(client, code, answers=()):
    """Runs a cell. Returns its reply, what it wrote, and what it showed."""
    written, shown, waiting = [], [], list(answers)

    def heard(message):
        content = message["content"]
        written.append(content.get("text", ""))
        shown.append(content.get("data", {}))
    reply = client.execute_interactive(
        code, timeout=100, output_hook=heard, allow_stdin=bool(waiting),
        stdin_hook=lambda _: client.input(waiting.pop(0)), stop_on_error=False)
    return reply["content"], "".join(written), shown


# -- Numbers ---------------------------------------------------------------------------------

def live_numbers(manager, client, name, out):
    """What a notebook gives in a kernel, as record_numbers.py keeps it, and its code cells."""
    from nbclient import NotebookClient
    from nbformat import read, v4
    notebook = read(os.path.join(FOLDER, name + ".ipynb"), as_version=4)
    for cell in notebook.cells:
        cell.pop("id", None)
    path, own = str(out / name), len(notebook.cells)
    notebook.cells.insert(0, v4.new_code_cell(
        f"%reset -f\nimport os, sys, tensorflow as tf; sys.path[:1] = [{HERE!r}]\n"
        f"import record_numbers\n_save = record_numbers.of_sessions()\n"
        f"if not tf.executing_eagerly(): tf.reset_default_graph()\nsys.path[0] = {FOLDER!r}"))
    notebook.cells.append(v4.new_code_cell(f"_save({path!r})"))
    runs = NotebookClient(notebook, km=manager, timeout=200)
    runs.kc = client
    runs.execute()
    with np.load(path + ".npz") as arrays:
        found = dict(numbers={key: arrays[key] for key in arrays.files})
    with open(path + ".json") as file:
        found.update(json.load(file))
    code = [cell for cell in notebook.cells[1:own + 1] if cell.cell_type == "code"]
    found["printed"] = "\n".join(
        line for cell in code for output in cell.outputs if output.get("name") == "stdout"
        for line in output.text.splitlines() if not line.startswith(NOT_OF_THEN))
    return found, code


@pytest.mark.slow
def test_untouched_notebooks_give_1_15_5s_numbers_live(manager, client, tmp_path, mnist):
    """Every number that Session.run returned, and all that was printed, in one kernel."""
    golden, wrong = numbers.kept_of_1_15_5(), []
    for name in LIVE:
        found, code = live_numbers(manager, client, name, tmp_path)
        wrong += numbers.differences(name, golden[name], found, as_kept=True)
        if name == "cells":
            shown = [output for cell in code for output in cell.outputs
                     if "image/png" in output.get("data", {})]
            assert len(shown) == 1
            assert code[-1].outputs[-1].data["text/plain"] == "dtype('uint8')"
            assert code[5].outputs[-1].data["text/plain"] == "True"
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
def test_an_eager_notebook_gives_1_15_5s_numbers_by_another_name_of_the_kernel(
        installed, tmp_path):
    from jupyter_client.manager import KernelManager
    manager = KernelManager(kernel_name="python2")
    manager.start_kernel(cwd=str(tmp_path))
    try:
        with connected(manager) as client:
            found, _ = live_numbers(manager, client, "live_eager", tmp_path)
    finally:
        manager.shutdown_kernel(now=True)
    golden = numbers.kept_of_1_15_5()["live_eager"]
    assert not list(numbers.differences("live_eager", golden, found, as_kept=True))


# -- What it answers -------------------------------------------------------------------------

@pytest.mark.slow
def test_completion_help_and_the_kernels_own_words(client, installed):
    def content(method, code, *more):
        return getattr(client, method)(code, *more, reply=True, timeout=60)["content"]
    assert run(client, "import sys, tensorflow as tf, numpy as np")[0]["status"] == "ok"
    assert content("complete", "tf.contrib.la")["matches"] == ["layers"]
    assert content("complete", "tf.contrib.rpc.")["matches"] == []
    assert "sigmoid" in content("complete", "tf.nn.sig")["matches"]
    assert content("inspect", "tf.layers.dense", 15)["found"]
    assert not content("inspect", "tf.contrib.rpc", 14)["found"]
    assert "payload" in run(client, "tf.layers.dense?")[0]
    assert "conv2d_transpose" in str(run(client, "tf.layers.conv2d_t*?")[0]["payload"])
    # Jupyter's own flag is there, which notebooks know of; no other.
    assert run(client, "print(len(sys.argv), sys.argv[1])")[1] == "3 -f\n"
    # Its commands are those of its environment, whether or not who started it fills in ${PATH}.
    scripts = os.path.join(sysconfig.get_path("scripts"), "")
    assert run(client, "import os\nprint(os.environ['PATH'])")[1].startswith(scripts[:-1])
    with open(installed / "share" / "jupyter" / "kernels" / "tf1gan" / "kernel.json") as file:
        assert "$" not in file.read()


@pytest.mark.slow
def test_the_debugger_stands_at_the_cells_own_line(client):
    run(client, "import tensorflow as tf\ndef f(x):\n    y = x + 1\n    tf.contrib.rpc\nf(6)")
    _, said, _ = run(client, "%debug", ["p y", "p tf.VERSION", "u", "p 'up'", "q"])
    assert "tf.contrib.rpc" in said and "refusal" not in said
    assert "7\n" in said and "1.15.5" in said and "up" in said
    _, said, _ = run(client, "def g(z):\n    import pdb; pdb.set_trace()\n    return xrange(z)\n"
                     "print(g(3))", ["p z", "n", "c"])
    assert "3\n" in said and "range(0, 3)" in said


@pytest.mark.slow
def test_interrupting_ends_a_cell_and_leaves_the_session_usable(manager, client):
    run(client, "import tensorflow as tf\ntf.reset_default_graph()\ncount = 0\ns = tf.Session()\n"
        "one = tf.constant(1)\nqueue = tf.FIFOQueue(1, tf.int32)\nwaits = queue.dequeue()\n"
        "fills = queue.enqueue(5)")
    for code, known in (
            ("while True:\n    count += s.run(one)\n    if count == 3: print('runs')", ""),
            ("print('runs')\ns.run(waits)", "goes on in the background")):
        said, asked = [], client.execute(code, stop_on_error=False)
        while "runs" not in "".join(said):
            said.append(client.get_iopub_msg(timeout=60)["content"].get("text", ""))
        manager.interrupt_kernel()
        reply = client.get_shell_msg(timeout=60)
        while reply["parent_header"].get("msg_id") != asked:
            reply = client.get_shell_msg(timeout=60)
        message = {"content": {}}
        while message["content"].get("execution_state") != "idle":
            message = client.get_iopub_msg(timeout=60)
            said.append(message["content"].get("text", ""))
        assert reply["content"]["ename"] == "KeyboardInterrupt"
        assert not any("tf1gan" in line for line in reply["content"]["traceback"])
        assert known in "".join(said)
        assert run(client, "print(count >= 3, s.run(one))")[1] == "True 1\n"
    # What was left has taken what came; the next run is as ever.
    assert run(client, "s.run(fills)\ns.run(fills)\nprint(s.run(waits))")[1] == "5\n"
    assert run(client, "s.run(tf.placeholder(tf.int32))")[0]["ename"] == "InvalidArgumentError"


@pytest.mark.slow
def test_figures_of_then_and_pylab(client):
    _, said, shown = run(client, "%matplotlib notebook\nimport matplotlib.pyplot as plt\n"
                         "plt.plot([1, 2])\nplt.show()\nprint(plt.get_backend())")
    assert any("image/png" in data for data in shown)
    if importlib.util.find_spec("ipympl"):
        assert any(WIDGET in data for data in shown) and "widget" in said
    else:
        assert "%matplotlib notebook needs ipympl (pip install ipympl)" in said and "inline" in said
    _, said, _ = run(client, "%pylab inline\nprint(np.float, numpy.uint8(200) + 100)")
    assert "<class 'float'> 300\n" in said
    assert run(client, "print(xrange(3))")[1] == "range(0, 3)\n"


@pytest.mark.slow
def test_widgets_draw_figures(client):
    pytest.importorskip("ipywidgets")
    _, said, shown = run(
        client, "%matplotlib inline\nimport ipywidgets, matplotlib.pyplot as plt, numpy as np\n"
        "@ipywidgets.interact(n=(1, 5))\ndef f(n=2):\n    plt.plot(np.arange(n))\n"
        "    plt.show()\n    print(np.float, np.uint8(200) + 100)")
    assert any("image/png" in data for data in shown) and "<class 'float'> 300" in said
    assert any(WIDGET in data for data in shown)
    _, said, shown = run(client, "from tqdm import tqdm_notebook\n"
                         "for i in tqdm_notebook(xrange(3)): pass")
    assert any(WIDGET in data for data in shown) and "Error" not in said


def test_a_kernel_is_taken_away_and_others_are_left_alone(forked, installed, tmp_path):
    def kernel(*arguments):
        return command(forked, *arguments, "--prefix", str(tmp_path))
    assert kernel("install").returncode == 0
    assert kernel("install", "--tensorflow", "0.12", "--python2").returncode == 0
    kernels = tmp_path / "share" / "jupyter" / "kernels"
    spec = json.loads((kernels / "tf1gan-0.12-python2" / "kernel.json").read_text())
    assert spec["display_name"] == "TensorFlow 0.12, Python 2 (tf1gan)"
    options = live.parsed(spec["env"]["TF1GAN_CELLS"])
    assert options.tensorflow == "0.12" and options.python2
    assert "0.12" not in (kernels / "tf1gan" / "kernel.json").read_text()
    (kernels / "mine").mkdir()
    (kernels / "mine" / "kernel.json").write_text('{"argv": ["x"], "display_name": "x"}')
    refused = kernel("install", "--as", "mine")
    assert refused.returncode == 2 and "another kernel" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    done = kernel("remove")
    assert done.returncode == 0 and os.listdir(str(kernels)) == ["mine"]
    assert kernel("remove").returncode == 2
    assert kernel("install", "--mnist", "/dev/null").returncode == 2
