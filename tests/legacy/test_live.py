"""TensorFlow 1 in live cells: by the extension in an IPython shell, and by the Jupyter kernel."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
import test_numbers_of_1_15 as numbers
from helpers import MNIST_FOLDER, ROOT

pytest.importorskip("ipykernel")
HERE = os.path.dirname(os.path.abspath(__file__))
TF = "import tensorflow as tf\n"


# -- The extension ---------------------------------------------------------------------------

@pytest.fixture
def cells(forked, tmp_path):
    """Runs cells in a shell of their own. Returns what came of each."""
    def run(*sources, **files):
        for name, text in files.items():
            (tmp_path / f"{name}.py").write_text(text)
        environment = dict(os.environ, PYTHONPATH=os.pathsep.join([ROOT, HERE]),
                           IPYTHONDIR=str(tmp_path / "ipython"), MPLBACKEND="agg")
        done = subprocess.run(
            [forked, "-c", "import run_cells; run_cells.main()"], input=json.dumps(sources),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True,
            cwd=str(tmp_path), env=environment, timeout=200)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])
    return run


@pytest.mark.slow
def test_cells_see_tensorflow_1_after_the_extension_and_not_before(cells):
    before, _, after, own, files = cells(
        "import numpy as np, sys\nhasattr(np, 'float')",
        "%load_ext tf1gan",
        TF + "tf.__version__, np.float, np.uint8(200) + 100, xrange(2), tf.contrib.layers.conv2d",
        "import tf1gan.graph\nwith tf.Graph().as_default():\n"
        "    tf1gan.build('gan', batch_size=4, seed=1)\n"
        "tf1gan.graph.tf is tf, hasattr(sys.modules['numpy'], 'float')",
        "import helper\n%run script.py a\nhelper.total(), sys.argv[1:], np.uint8(200) + 100",
        helper=TF + "import numpy as np\ndef total():\n    return tf.VERSION, np.uint8(201) + 100",
        script=TF + "import numpy as np, sys\nprint(sys.argv, tf.VERSION, np.uint8(200) + 99)")
    assert before["value"] == "False"
    assert after["value"].startswith("('1.15.5', <class 'float'>, 300, range(0, 2), <f")
    assert own["value"] == "(False, False)"
    assert files["out"].startswith("['script.py', 'a'] 1.15.5 299") and not files["error"]
    assert "(('1.15.5', 301), [" in files["value"]
    assert files["value"].endswith(" 300)")


@pytest.mark.slow
def test_cells_are_run_again_and_modules_are_reloaded(cells):
    done = cells(
        "%load_ext tf1gan\n%load_ext autoreload\n%autoreload 2\nimport os, helper\n" + TF
        + "helper.total()",
        "with open('helper.py', 'w') as file:\n"
        "    file.write('import numpy as np\\ndef total():\\n    return np.uint8(201) + 100')\n"
        "os.utime('helper.py', (4e9, 4e9))",
        "helper.total()", "sess = tf.InteractiveSession()\nw = tf.get_variable('w', [])",
        "sess = tf.InteractiveSession()\nw = tf.get_variable('w', [])",
        "tf.reset_default_graph()\ntf.get_variable('w', []).name", "%reset -f\nxrange(3)",
        "input = 5\nprint(raw_input)",
        helper="import numpy as np\ndef total():\n    return np.uint8(200) + 100")
    assert done[0]["value"] == "300" and done[2]["value"] == "301"
    assert done[4]["error"] == "ValueError" and "disallowed" in done[4]["out"]
    assert "UserWarning: An interactive session is already active" in done[4]["err"]
    assert "ERROR" not in done[4]["err"] and "expansions.py" not in done[4]["out"]
    assert done[5]["value"] == "'w:0'" and done[6]["value"] == "range(0, 3)"


@pytest.mark.slow
def test_refusals_are_a_line_and_tracebacks_have_the_cells_own(cells):
    done = cells(
        "%load_ext tf1gan", TF + "x = 1\ntf.contrib.gan", "def f():\n    return tf.contrib.gan",
        "try:\n    f()\nexcept Exception:\n    print('taken')", "print 'old'",
        "import numpy as np\nnp.ones(2) + np.ones(3)", "%%time\ntf.contrib.gan.losses",
        "tf.contrib.gan?", "%tf1gan --mnist none", "import tflearn_", "tf.contrib.gan",
        "import warnings\nwarnings.filterwarnings('error')\ntf.contrib.layers.conv2d")
    words = [None, "Cell In[2], line 3: tf.contrib.gan is not restored", None,
             "Cell In[3], line 2: tf.contrib.gan", "Cell In[5], line 1: this is Python 2", None,
             "tf.contrib.gan is not restored", None, "%tf1gan comes before the first cell"]
    for result, word in zip(done, words):
        if word:
            assert word in result["out"] and len(result["out"].strip().splitlines()) <= 3, result
            assert "Traceback" not in result["out"] and "taken" not in result["out"]
    assert done[1]["error"] == "Refused" and done[4]["error"] == "SyntaxError"
    shapes = done[5]["out"]
    assert "----> 2 np.ones(2) + np.ones(3)" in shapes and "promotion.py" not in shapes
    assert "not found" in done[7]["out"] and not done[7]["error"]
    assert "tf1gan: the script needs tflearn_" in done[9]["err"]
    assert "In[11], line 1" in done[10]["out"]


@pytest.mark.slow
def test_what_colabs_notebooks_begin_with_is_taken(cells):
    done = cells(
        "%load_ext tf1gan\n%load_ext tf1gan", "%tensorflow_version 1.x",
        "%tensorflow_version 1.15.2  # newest", "%tensorflow_version 2.x",
        "!pip install -q tensorflow-gpu==1.15", "%pip install tensorflow==1.14.0",
        "!pip uninstall -y tensorflow", "%%bash\npip install 'tensorflow<2'\necho ok",
        "x = !echo pip install tensorflow==1.15\nx[0]",
        "def f():\n    v = 'in'\n    !echo {v} $v\nf()",
        "%load_ext tf1gan", "%reload_ext tf1gan", TF + "tf.VERSION")
    assert not any(done[place]["out"] + done[place]["err"] for place in (1,))
    assert "1.15.2 is taken for 1.x" in done[2]["err"]
    assert done[3]["error"] == "UserError" and "TensorFlow 1: choose" in done[3]["out"]
    for place, word in ((4, "tensorflow-gpu==1.15"), (5, "tensorflow==1.14.0"),
                        (7, "tensorflow<2"), (7, "\nok\n")):
        assert word in done[place]["out"].replace("\r", "") and "ERROR" not in done[place]["out"]
        assert "not installed" in done[place]["out"]
    assert "not removed: tensorflow" in done[6]["out"]
    assert done[8]["value"] == "'pip install tensorflow==1.15'"
    assert "in in" in done[9]["out"] and done[-1]["value"] == "'1.15.5'"
    assert not any(result["error"] for result in done[4:])


@pytest.mark.slow
def test_tensorflow_may_have_been_imported_before_but_not_have_computed(cells):
    imported = cells("import tensorflow as tf, numpy as np\nfrom numpy import random",
                     "%load_ext tf1gan", "tf.VERSION, np.float, tf.placeholder(tf.float32).shape")
    assert imported[2]["value"].startswith("('1.15.5', <class 'float'>")
    for first in ("tf.constant(1)", "tf.Graph().as_default().__enter__(); tf.compat.v1.constant(1)"
                  "; tf.compat.v1.disable_eager_execution()", "from tensorflow.keras import Model"):
        computed = cells(TF + first, "%load_ext tf1gan", "tf.__version__[:2]")
        assert computed[1]["error"] == "UserError" and "restart the kernel" in computed[1]["out"]
        assert len(computed[1]["out"].splitlines()) == 1 and computed[2]["value"] == "'2.'"


@pytest.mark.slow
def test_cells_of_python_2(cells):
    pytest.importorskip("fissix")
    done = cells("%load_ext tf1gan\n%tf1gan --python2", "print 7 / 2, {1: 2}.keys()[0]",
                 "%time print 5 / 2", "from __future__ import division, print_function",
                 "import sys\nprint(7 / 2, file=sys.stdout)", "print 'a' +", "%tf1gan --flag")
    assert done[1]["out"] == "3 1\n" and done[2]["out"].startswith("2\n")
    assert done[4]["out"] == "3.5\n" and done[5]["error"] == "SyntaxError"
    assert "--flag" in done[6]["out"] and done[6]["error"] == "UserError"


# -- The kernel ------------------------------------------------------------------------------

def kernel(*arguments):
    return subprocess.run([sys.executable, "-m", "tf1gan", "kernel"] + list(arguments),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT,
                          universal_newlines=True, env=dict(os.environ, PYTHONPATH=ROOT))


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """The prefix of a kernel that is known as python2, too."""
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share" / "jupyter"))
    monkeypatch.setenv("PYTHONPATH", ROOT)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    done = kernel("install", "--prefix", str(tmp_path), "--mnist", MNIST_FOLDER, "--as", "python2")
    assert done.returncode == 0 and len(done.stdout.splitlines()) == 2, done.stderr
    return tmp_path


@pytest.mark.slow
def test_an_untouched_notebook_gives_1_15_5s_numbers_live(installed, mnist):
    """Every number that Session.run returned, and all that was printed; then the kernel's rest."""
    from jupyter_client.manager import KernelManager
    from nbclient import NotebookClient
    from nbformat import read, v4
    notebook = read(os.path.join(HERE, "scripts", "cells.ipynb"), as_version=4)
    own = len(notebook.cells)
    out = str(installed / "numbers")
    notebook.cells += [v4.new_code_cell(f"_save({out!r})")]
    notebook.cells.insert(0, v4.new_code_cell(
        f"import sys; sys.path.insert(0, {HERE!r})\nimport record_numbers\n"
        "_save = record_numbers.of_sessions()"))
    manager = KernelManager(kernel_name=notebook.metadata.kernelspec.name)
    manager.start_kernel(cwd=os.path.join(HERE, "scripts"))
    try:
        client = NotebookClient(notebook, km=manager, timeout=200)
        client.execute()
        with np.load(out + ".npz") as arrays:
            found = dict(numbers={key: arrays[key] for key in arrays.files})
        with open(out + ".json") as file:
            found.update(json.load(file))
        code = [cell for cell in notebook.cells[1:own + 1] if cell.cell_type == "code"]
        found["printed"] = "\n".join(
            line for cell in code for output in cell.outputs if output.get("name") == "stdout"
            for line in output.text.splitlines()
            if not line.startswith(("CPU times", "Wall time", "tf1gan: not installed")))
        with open(numbers.GOLDEN) as file:
            golden = json.load(file)["cells"]
        assert not list(numbers.differences("cells", golden, found, as_kept=True))
        shown = [output for cell in code for output in cell.outputs
                 if "image/png" in output.get("data", {})]
        assert len(shown) == 1 and code[-1].outputs[-1].data["text/plain"] == "dtype('uint8')"
        assert code[5].outputs[-1].data["text/plain"] == "True"
        _ask(manager, client.kc)
    finally:
        manager.shutdown_kernel(now=True)


def _ask(manager, client):
    """Completion, help and interruption, in a kernel that has run cells."""
    try:
        def content(method, code, *more):
            return getattr(client, method)(code, *more, reply=True, timeout=60)["content"]
        assert content("complete", "tf.contrib.la")["matches"] == ["layers"]
        assert content("complete", "tf.contrib.gan.")["matches"] == []
        assert "sigmoid" in content("complete", "tf.nn.sig")["matches"]
        assert content("inspect", "tf.layers.dense", 15)["found"]
        assert not content("inspect", "tf.contrib.gan", 14)["found"]
        asked = client.execute("count = 0\ns = tf.Session()\none = tf.constant(1)\nwhile True:\n"
                               "    count += s.run(one)\n    if count == 3: print('runs')")
        while "runs" not in client.get_iopub_msg(timeout=60)["content"].get("text", ""):
            pass
        manager.interrupt_kernel()
        reply = client.get_shell_msg(timeout=60)
        while reply["parent_header"]["msg_id"] != asked:
            reply = client.get_shell_msg(timeout=60)
        assert reply["content"]["ename"] == "KeyboardInterrupt"
        assert not any("tf1gan" in line for line in reply["content"]["traceback"])
        said = []
        client.execute_interactive("print(count >= 3, s.run(one))", timeout=60, output_hook=(
            lambda message: said.append(message["content"].get("text", ""))))
        assert "".join(said) == "True 1\n"
    finally:
        client.stop_channels()


def test_a_kernel_is_taken_away_and_others_are_left_alone(installed):
    kernels = installed / "share" / "jupyter" / "kernels"
    (kernels / "mine").mkdir()
    (kernels / "mine" / "kernel.json").write_text('{"argv": ["x"], "display_name": "x"}')
    refused = kernel("install", "--prefix", str(installed), "--as", "mine")
    assert refused.returncode == 2 and "another kernel" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    done = kernel("remove", "--prefix", str(installed))
    assert done.returncode == 0 and os.listdir(str(kernels)) == ["mine"]
    assert kernel("remove", "--prefix", str(installed)).returncode == 2
    assert kernel("install", "--mnist", "none", "--prefix", str(installed)).returncode == 2
