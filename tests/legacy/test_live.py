"""TensorFlow 1 in live cells, by the extension in an IPython shell. test_kernel.py has the rest."""

import json
import os
import subprocess

import pytest
from helpers import ROOT

pytest.importorskip("ipykernel")
HERE = os.path.dirname(os.path.abspath(__file__))
TF = "import tensorflow as tf\n"
INTERRUPTED = """import signal, sys
class Interrupts:
    def find_spec(self, name, *_):
        if name == "tf1gan.legacy.tensorflow1":
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Interrupts())
try:
    import tensorflow as tf
except KeyboardInterrupt:
    import tensorflow as tf
    raise
"""


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
    before, _, after, own, files, module, two = cells(
        "import numpy as np, sys\nhasattr(np, 'float')",
        "%load_ext tf1gan",
        TF + "tf.__version__, np.float, np.uint8(200) + 100, xrange(2), tf.contrib.layers.conv2d",
        "import tf1gan.graph\nwith tf.Graph().as_default():\n"
        "    tf1gan.build('gan', batch_size=4, seed=1)\n"
        "tf1gan.graph.tf is tf, hasattr(sys.modules['numpy'], 'float')",
        "import helper\n%run script.py a\nhelper.total(), sys.argv[1:], np.uint8(200) + 100",
        "%run -m script b\n__name__, xrange(1)", "%run two.py",
        helper=TF + "import numpy as np\ndef total():\n    return tf.VERSION, np.uint8(201) + 100",
        script=TF + "import numpy as np, sys\nprint(sys.argv, tf.VERSION, np.uint8(200) + 99)",
        two="print 'two'")
    assert before["value"] == "False"
    assert after["value"].startswith("('1.15.5', <class 'float'>, 300, range(0, 2), <f")
    assert own["value"] == "(False, False)"
    assert files["out"].startswith("['script.py', 'a'] 1.15.5 299") and not files["error"]
    assert "(('1.15.5', 301), [" in files["value"]
    assert files["value"].endswith(" 300)")
    assert "script.py', 'b'] 1.15.5 299\n" in module["out"]
    assert module["value"] == "('__main__', range(0, 1))" and not module["error"]
    assert "two.py, line 1: this is Python 2: %tf1gan --python2 runs it" in two["out"]


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
        "%load_ext tf1gan", TF + "x = 1\ntf.contrib.rpc", "def f():\n    return tf.contrib.rpc",
        "try:\n    f()\nexcept Exception:\n    print('taken')", "print 'old'",
        "import numpy as np\nnp.ones(2) + np.ones(3)", "%%time\ntf.contrib.rpc.skip_gram_sample",
        "tf.contrib.rpc?", "%tf1gan --mnist /dev/null", "import tflearn_", "tf.contrib.rpc",
        "import warnings\nwarnings.filterwarnings('error')\ntf.contrib.layers.conv2d")
    words = [None, "Cell In[2], line 3: tf.contrib.rpc is not restored", None,
             "Cell In[3], line 2: tf.contrib.rpc", "Cell In[5], line 1: this is Python 2", None,
             "tf.contrib.rpc is not restored", None, "%tf1gan comes before the first cell"]
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
def test_what_colabs_notebooks_begin_with_is_taken(cells, tmp_path):
    (tmp_path / "old.txt").write_text("tensorflow-gpu==1.13.1  # then\nnumpy<1.17\n-r none.txt\n")
    done = cells(
        "%load_ext tf1gan\n%load_ext tf1gan", "%tensorflow_version 1.x",
        "%tensorflow_version 1.15.2  # newest", "%tensorflow_version 2.x",
        "!pip install -q tensorflow-gpu==1.15", "%pip install tensorflow==1.14.0",
        "!pip uninstall -y tensorflow", "%%bash\npip install 'tensorflow<2' | cat\necho ok",
        "x = !echo pip install tensorflow==1.15\nx[0]",
        "def f():\n    v = 'in'\n    !echo {v} $v\nf()",
        "%load_ext tf1gan", "%reload_ext tf1gan", TF + "tf.VERSION",
        "!pip install -r old.txt", "%system pip install tensorflow==1.15",
        "v = 1\n!cd . && pip install -i http://none tensorflow=={v}.2 && echo $v done",
        "from google.colab import drive, files\ndrive.mount('/content/drive')\n"
        "files.download('a')", "files.upload()", "%tensorflow_version 1x;",
        "%tensorflow_version 3.x")
    assert not any(done[place]["out"] + done[place]["err"] for place in (1,))
    assert "1.15.2 is taken for 1.x" in done[2]["err"]
    assert done[3]["error"] == "UserError" and "TensorFlow 1: choose" in done[3]["out"]
    for place, word in ((4, "tensorflow-gpu==1.15"), (5, "tensorflow==1.14.0"),
                        (7, "tensorflow<2"), (7, "\nok\n")):
        assert word in done[place]["out"].replace("\r", "") and "ERROR" not in done[place]["out"]
        assert "not installed" in done[place]["out"]
    assert "not removed: tensorflow" in done[6]["out"]
    assert done[8]["value"] == "'pip install tensorflow==1.15'"
    assert "in in" in done[9]["out"] and done[12]["value"] == "'1.15.5'"
    assert "not installed: tensorflow-gpu==1.13.1 numpy<1.17:" in done[13]["out"]
    assert "none.txt" in done[13]["out"] and len(list(tmp_path.glob("*.txt"))) == 1
    assert "not installed: tensorflow==1.15:" in done[14]["value"]
    assert "not installed: tensorflow==1.2:" in done[15]["out"] and "1 done" in done[15]["out"]
    assert not any(result["error"] for result in done[4:17])
    assert "no drive at /content/drive" in done[16]["err"]
    assert f"the file is {tmp_path / 'a'}" in done[16]["err"]
    assert "google.colab.files.upload is not restored" in done[17]["out"]
    assert "1x; is taken for 1.x" in done[18]["err"] and "give 1.x" in done[19]["out"]


@pytest.mark.slow
def test_what_ipython_had_then(cells):
    done = cells(
        "%load_ext tf1gan", "from IPython.core.display import display, HTML\n"
        "from IPython.display import set_matplotlib_formats\nimport IPython\n"
        "from IPython.utils.traitlets import Int\nimport IPython.config\n"
        "IPython.display.Image, IPython.__version__[0]",
        "get_ipython().magic(u'%time np_ = 3')\nnp_", "import IPython.parallel", INTERRUPTED,
        "import sys\n'tf1gan.legacy.tensorflow1' in sys.modules, tf.VERSION")
    assert not any(result["error"] for result in done[:3])
    assert done[1]["value"].startswith("(<class 'IPython.core.display.Image'>") \
        and done[2]["value"] == "3"
    assert "IPython.parallel is ipyparallel today, which is not" in done[3]["out"]
    assert done[4]["error"] == "KeyboardInterrupt" and done[5]["value"] == "(True, '1.15.5')"


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
                 "import sys\nprint(7 / 2, file=sys.stdout)", "print 'a' +", "%tf1gan --flag",
                 "sorted([1, 2], cmp=lambda a, b: b - a)")
    assert done[1]["out"] == "3 1\n" and done[2]["out"].startswith("2\n")
    assert done[4]["out"] == "3.5\n" and done[5]["error"] == "SyntaxError"
    assert "--flag" in done[6]["out"] and done[6]["error"] == "UserError"
    assert done[7]["value"] == "[2, 1]"
