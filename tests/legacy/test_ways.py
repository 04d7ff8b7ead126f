"""Other ways into the runner than a script: modules, suites, libraries, a look at the source."""

import json
import os
import shlex
import subprocess
import sys

import pytest
from helpers import ROOT

from tf1gan.cli import commands
from tf1gan.legacy.jupyter import installs

TF = "import tensorflow as tf\n"
SUITE = {
    "pkg/__init__.py": TF + "def layer(x):\n    return tf.contrib.layers.fully_connected(x, 3)\n",
    "pkg/__main__.py": "import sys, pkg, numpy as np\n"
                       "print(__name__, __package__, sys.argv[1:], pkg.tf.VERSION, np.float)",
    "pkg/part.py": "from . import tf\nprint(tf.VERSION, __name__)\ntf.contrib.rpc",
    "tests/conftest.py": "import pytest, numpy as np\n@pytest.fixture\ndef seven():\n"
                         "    return np.int(7)\n",
    "tests/test_a.py": '"""A page."""\n\nfrom __future__ import print_function\n\n' + TF + """
import numpy as np, pkg
class ATest(tf.test.TestCase):
    def testLayer(self):
        with self.test_session() as session:
            y = pkg.layer(tf.ones([2, 4]))
            session.run(tf.global_variables_initializer())
            self.assertEqual(session.run(y).shape, (2, 3))
def test_numpy(seven):
    assert np.uint8(200) + 100 == 300 and seven == 7
def test_fails():
    a = [1, 2]
    assert a == [1, 3]
def test_refused():
    tf.contrib.rpc
if __name__ == "__main__":
    tf.test.main()
""",
    "lib/oldlib/__init__.py": TF + "from oldlib.layers import dense, VERSION\n",
    "lib/oldlib/layers.py": "from tensorflow.contrib.layers import fully_connected as dense\n"
                            "import inspect\n"
                            "VERSION = inspect.getargspec(lambda a, b=1: 0).defaults\n",
    "lib/oldlib-1.0.dist-info/RECORD": "oldlib/__init__.py,,\noldlib/layers.py,,\n",
    "lib/tflearn/__init__.py": TF + "print(tf.VERSION)",
    "lib/tflearn-0.5.0.dist-info/RECORD": "tflearn/__init__.py,,\n",
    "lib/tflearn-0.5.0.dist-info/METADATA":
        "Metadata-Version: 2.1\nName: tflearn\nVersion: 0.5.0\n",
}


@pytest.fixture
def tf1gan(forked, tmp_path):
    """Runs the command tf1gan in a folder that has the suite."""
    for name, text in SUITE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    def run(*arguments, **options):
        environment = dict(os.environ, PYTHONPATH=os.pathsep.join([ROOT] + options.pop("path", [])))
        words = [forked, "-m"] + list(options.pop("module", ["tf1gan"])) + list(arguments)
        return subprocess.run(words, cwd=str(tmp_path), stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, universal_newlines=True, timeout=200,
                              env=environment, **options)
    return run


@pytest.mark.slow
def test_modules_lines_and_a_prompt_see_tensorflow_1(tf1gan, tmp_path):
    done = tf1gan("run", "-m", "pkg", "--epochs", "2", "-m")
    assert done.stdout == "__main__ pkg ['--epochs', '2', '-m'] 1.15.5 <class 'float'>\n"
    done = tf1gan("run", "-m", "pkg.part")
    assert done.returncode == 2 and done.stdout == "1.15.5 __main__\n"
    assert done.stderr.startswith("tf1gan: pkg/part.py, line 3: tf.contrib.rpc")
    done = tf1gan("run", "--python2", "-c", "import sys\nprint 7 / 2, sys.argv\nx = [1, 2]\n"
                  "x.sort(lambda a, b: b - a)\nprint x, ur'\\d', input()\n1 / 0", "a", "-c",
                  input="7 / 2")
    assert done.stdout == "3 ['-c', 'a', '-c']\n[2, 1] \\d 3\n" and done.returncode == 1
    assert '"<string>", line 6' in done.stderr
    for words, said in ((["-m", "none"], "no such module"), (["-m", "pkg.none"], "no such module"),
                        (["-m"], "-m needs an argument"),
                        (["--also", "none_", "-c", "1"], "none_")):
        done = tf1gan("run", *words)
        assert done.returncode == 2 and said in done.stderr and len(done.stderr.splitlines()) == 1
    done = tf1gan("run", input="import numpy as np\n" + TF
                  + "np.uint8(200) + 100, tf.VERSION\ntf.contrib.rpc\n")
    assert "(300, '1.15.5')" in done.stdout and done.returncode == 0
    assert "tf.contrib.rpc is not restored" in done.stdout and "Traceback" not in done.stdout
    (tmp_path / "hidden").mkdir()       # without IPython, Python's own prompt
    (tmp_path / "hidden" / "IPython.py").write_text("raise ImportError")
    done = tf1gan("run", input=TF + "tf.contrib.rpc\n1 + 1\n", path=[str(tmp_path / "hidden")])
    assert "tf.contrib.rpc is not restored" in done.stderr and "Traceback" not in done.stderr
    assert "2" in done.stdout and done.returncode == 0


@pytest.mark.slow
def test_test_suites_see_tensorflow_1(tf1gan):
    for done in (tf1gan("run", "-m", "pytest", "-q", "tests", "-p", "no:cacheprovider"),
                 tf1gan("-q", "-p", "tf1gan.legacy.pytest", "tests", module=["pytest"],
                        path=[os.curdir])):
        assert "2 failed, 2 passed, 1 skipped" in done.stdout, done.stdout + done.stderr
        assert "At index 1 diff: 2 != 3" in done.stdout and done.returncode == 1
        assert "test_a.py, line 20: tf.contrib.rpc is not restored" in done.stdout
        assert "refusal.py" not in done.stdout
    for words in (["-m", "unittest", "tests.test_a"], ["tests/test_a.py"]):
        done = tf1gan("run", *words, path=[os.curdir])
        assert done.returncode == 0 and "OK (skipped=1)" in done.stderr, done.stderr


TRACED = TF + """
traced = []
@tf.contrib.eager.defun
def f(x, k=2):
    traced.append(k)
    w = tf.get_variable("w", [4, 3], initializer=tf.ones_initializer(), use_resource=True)
    if tf.reduce_sum(x) > 9:
        return tf.matmul(x, w) * k
    else:
        return tf.matmul(x, w)
with tf.variable_scope("a", reuse=tf.AUTO_REUSE):
    sums = [tf.reduce_sum(f(tf.ones([n, 4]), **more))
            for n, more in ((2, {}), (2, {}), (3, dict(k=3)))]
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    print(traced, [v.name for v in tf.global_variables()], list(map(int, session.run(sums))))
"""


@pytest.mark.slow
def test_a_function_of_contrib_eager_is_traced_once_for_each_shape(tf1gan, tmp_path):
    (tmp_path / "traced.py").write_text(TRACED)     # AutoGraph reads the source
    done = tf1gan("run", "traced.py")
    assert done.stdout == "[2, 3] ['a/w:0'] [24, 24, 108]\n", done.stderr


@pytest.mark.slow
def test_installed_libraries_of_the_time_see_tensorflow_1(tf1gan):
    lines = "import oldlib; print(oldlib.tf.VERSION, oldlib.VERSION, oldlib.dense.__name__)"
    done = tf1gan("run", "--also", "oldlib", "-c", lines, path=["lib"])
    assert done.stdout == "1.15.5 (1,) fully_connected\n", done.stderr
    assert "No module named 'tensorflow.contrib'" in tf1gan("run", "-c", lines, path=["lib"]).stderr
    assert tf1gan("run", "-c", "import tflearn", path=["lib"]).stdout == "1.15.5\n"
    done = tf1gan("run", "-c", "import neuralgym", path=["lib"])
    assert "pip install --no-deps git+https://" in done.stderr


OLD = """import tensorflow as tf, numpy as np, cPickle, none_
from tensorflow.contrib import slim
from tensorflow.contrib.layers import batch_norm as bn
import scipy.misc
from keras.layers.core import Dense
x = tf.placeholder(tf.float32)
tf.nn.sigmoid_cross_entropy_with_logits(x, x)
for i in xrange(3):
    np.float(tf.einsum("ij->i", x)) + np.float32(i)
z = tf.contrib.gan.losses
tf.pack([1])
tf.app.flags.FLAGS.batch_size
layers = tf.contrib.layers
layers.conv2d, layers.nonsense, tf.nn.conv2d, tf.train.AdamOptimizer
tf.contrib.gan.train
x.tostring()
scipy.misc.imresize, own.thing
import own
"""
FOUND = {
    "cPickle": 1, "none_": (1, "not installed: pip install none_"), "tf.contrib.slim": 2,
    "tf.contrib.layers.batch_norm": 3, "scipy.misc": 4, "keras.layers.core.Dense": 5,
    "tf.placeholder": 6, "tf.nn.sigmoid_cross_entropy_with_logits(...)": (7, "refused: it takes"),
    "xrange": 8, "np.float": 9, "tf.einsum": (9, "other seeds: what the graph's seed draws"),
    "tf.contrib.gan.losses": (10, "refused: 1.14 had it"),
    "tf.pack": (11, "refused: tf.pack is of TensorFlow 0.x"), "tf.app.flags.FLAGS": 12,
    "tf.contrib.layers": 13, "tf.contrib.layers.conv2d": 14,
    "tf.contrib.layers.nonsense": (14, "refused: "), "tf.train.AdamOptimizer": 14,
    "tf.contrib.gan.train": (15, "refused: 1.14 had it"), ".tostring": 16,
    "scipy.misc.imresize": 17}


@pytest.mark.slow
def test_check_says_what_is_used_and_what_becomes_of_it(tf1gan, tmp_path):
    old = tmp_path / "old"
    (old / ".hidden").mkdir(parents=True)
    (old / "own.py").write_text("import os")
    (old / "gan.py").write_text(OLD)
    (old / "two.py").write_text("print 'a'\n" + TF + "tf.Session()\n")
    (old / "broken.py").write_text("def f(:\n")
    (old / ".hidden" / "x.py").write_text("import none_")
    (old / "n.ipynb").write_text(json.dumps({"cells": [
        {"cell_type": "code", "source": ["%matplotlib inline\n", TF]},
        {"cell_type": "code", "source": ["!ls\n", "tf.Session(), tf.Session()"]},
        {"cell_type": "code", "source": ["x = !ls\n", "%run a.py\n", "tf.placeholder"]}]}))
    done = tf1gan("check", "old")
    lines = done.stdout.splitlines()
    assert done.returncode == 1 and not done.stderr
    rows = {tuple(part.strip() for part in line.split("  ") if part.strip())
            for line in lines[:-1]}
    for name, wanted in FOUND.items():
        line, said = wanted if isinstance(wanted, tuple) else (wanted, "restored")
        assert any(row[:2] == (f"old/gan.py:{line}", name) and row[2].startswith(said)
                   for row in rows), (name, rows)
    assert sum(row[0].startswith("old/gan.py") for row in rows) == len(FOUND)
    assert ("old/n.ipynb, cell 2, line 2", "tf.Session (2 times)", "restored") in rows
    assert ("old/n.ipynb, cell 3, line 3", "tf.placeholder", "restored") in rows
    assert any(row[0] == "old/n.ipynb, cell 3, line 1" and "a live kernel" in row[2]
               for row in rows)
    assert ("old/two.py:3", "tf.Session", "restored") in rows
    assert any(row[0] == "old/two.py:1" and "--python2 runs it" in row[-1] for row in rows)
    assert any(row[0] == "old/broken.py:1" and "not Python" in row[-1] for row in rows)
    assert lines[-1].startswith("5 files: ") and lines[-1].endswith(" 1 not installed")
    odd = tmp_path / "odd"
    odd.mkdir()
    (odd / "again").symlink_to(odd)
    (odd / "gone.py").symlink_to(odd / "none")
    (odd / "a\nb.py").write_text("import cPickle")
    os.mkfifo(str(odd / "waits.py"))
    (odd / "deep.py").write_text("import cPickle\nx = " + "-" * 9000 + "1\n")
    (odd / "sums.py").write_text("x = " + "+".join(["a.b"] * 20000))
    (odd / "other.py").write_bytes(b"x = '\xe9'")
    (odd / "old.ipynb").write_text(json.dumps({"worksheets": [{"cells": [
        {"cell_type": "code", "input": ["import cPickle"]}]}]}))
    (odd / "no.ipynb").write_text('{"cells": [{"cell_type": "code", "source": 5}]}')
    for path, why in ((os.devnull, "is not a file"), ("odd/gone", "does not exist"),
                      (".hidden", "no script or notebook")):
        (tmp_path / ".hidden").mkdir(exist_ok=True)
        done = tf1gan("check", "odd", path)
        assert done.returncode == 2 and why in done.stderr and len(done.stderr.splitlines()) == 1
    done = tf1gan("check", "odd")
    assert done.returncode == 1 and not done.stderr
    said = done.stdout.splitlines()
    assert len(said) == 7 and said[-1].startswith("6 files: 2 restored, 0 other seeds, 4 refused")
    for line, words in zip(said, ("odd/a\\nb.py:1 cPickle", "odd/deep.py:1 too deeply",
                                  "odd/no.ipynb:1 not a notebook",
                                  "odd/old.ipynb, cell 1, line 1 cPickle",
                                  "odd/other.py:1 not Python's source", "odd/sums.py:1 too deep")):
        assert all(word in line for word in words.split()), line
    done = tf1gan("check", "old/two.py", "--python2")
    assert done.returncode == 0 and "Python 2 " in done.stdout
    done = tf1gan("check", "none")
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1


@pytest.mark.slow
def test_check_follows_names_through_the_scripts_own_modules(tf1gan, tmp_path):
    files = {
        "utils.py": TF + "import numpy as np\n", "chain.py": "from utils import *\n",
        "one.py": "from two import *\n", "two.py": "from one import *\n" + TF,
        "listed.py": "__all__ = ['flow']\nimport tensorflow as flow\nimport tensorflow as tf\n",
        "within/__init__.py": "from .inner import *\n",
        "within/inner.py": "from ..utils import tf as flow\n",
        "broken.py": "def f(:\n", "a.py": "from utils import *\ntf.pack\n",
        "b.py": "from chain import *\ntf.pack\n", "c.py": "from one import *\ntf.pack\n",
        "d.py": "from listed import *\ntf.pack\nflow.pack\n",
        "e.py": "from within import *\nflow.pack\n",
        "f.py": "from utils import tf as t\nimport within.inner\nimport utils as u\n"
                "from within import inner\nt.pack, within.inner.flow.pack, u.tf.pack, "
                "inner.flow.pack\n",
        "g.py": "from broken import *\nfrom utils import none\nnone.pack\ntf.pack\n",
        "h/s.py": "from .. import utils\nutils.tf.pack\n"}
    for name, text in files.items():
        path = tmp_path / "own" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def found(path):
        return {line.split()[0] + (" x4" if "(4 times)" in line else "") for line in
                tf1gan("check", path).stdout.splitlines() if "tf.pack" in line}
    wanted = {"a.py:2", "b.py:2", "c.py:2", "d.py:3", "e.py:2", "f.py:5 x4", "h/s.py:2"}
    assert found("own") == {f"own/{where}" for where in wanted}
    assert found("own/b.py") == {"own/b.py:2"}


@pytest.mark.slow
def test_check_takes_the_version_that_is_asked_for(tf1gan, tmp_path):
    (tmp_path / "versions").mkdir()
    (tmp_path / "versions" / "old.py").write_text(TF + "tf.pack([1])\ntf.train.SummaryWriter\n"
                                     "tf.nn.sigmoid_cross_entropy_with_logits(a, b)\n")
    (tmp_path / "versions" / "metrics.py").write_text(TF + "tf.contrib.gan.eval.run_inception\n")
    (tmp_path / "versions" / "other.py").write_text("import scipy.io\nscipy.io.loadmat('a')\n")

    (tmp_path / "versions" / "either.py").write_text(
        TF + "try:\n    tf.nn.conv2d_transpose\nexcept AttributeError:\n    tf.nn.deconv2d\n"
        "try:\n    import urllib2\nexcept ImportError:\n    import tensorflow.nothing\n"
        "try:\n    tf.neither\nexcept AttributeError:\n    tf.nor\n")

    def refused(version):
        lines = tf1gan("check", "versions", "--tensorflow", version).stdout.splitlines()[:-1]
        rows = [[part.strip() for part in line.split("  ") if part.strip()] for line in lines]
        return {row[1]: row[-1] for row in rows if row[2].startswith("refused")}
    either = [name for name in refused("1.15") if name in (
        "tf.nn.deconv2d", "tf.nothing", "tf.neither", "tf.nor")]
    assert either == ["tf.neither", "tf.nor"]
    (tmp_path / "versions" / "either.py").unlink()
    without = refused("1.15")
    assert len(without) == 4 and set(refused("1.14")) < set(without)
    assert all("--tensorflow 1.14" in why if "contrib" in name else "--tensorflow 0.12" in why
               for name, why in without.items()), without
    assert list(refused("0.12")) == ["tf.contrib.gan.eval.run_inception"]


@pytest.mark.parametrize("command, said, left", [
    ("pip install -q tensorflow-gpu==1.14.0 six 'numpy<1.17'",
     "tensorflow-gpu==1.14.0 numpy<1.17", "pip install -q six"),
    ("sudo pip3 install tensorflow==1.15.0 --upgrade", "tensorflow==1.15.0", None),
    ("python3 -m pip install keras==2.2.4 -i https://none", "keras==2.2.4", None),
    ("pip install 'tensorflow >= 1.13, < 2.0' six", "tensorflow >= 1.13, < 2.0",
     "pip install six"),
    ("conda install tensorflow=1.15", "tensorflow=1.15", None),
    ("pip install http://none/tensorflow-1.5.0-cp36-cp36m-linux_x86_64.whl",
     "http://none/tensorflow-1.5.0-cp36-cp36m-linux_x86_64.whl", None),
    ("pip -q install h5py==2.10.0 'protobuf<=3.20' 'h5py>=3'", "h5py==2.10.0 protobuf<=3.20",
     "pip -q install 'h5py>=3'"),
    ("pip uninstall -y tensorflow", "tensorflow", None)])
def test_what_installs_tensorflow_1_is_left_out(command, said, left, monkeypatch, capfd):
    called = []
    monkeypatch.setattr(installs.subprocess, "call", lambda words: called.append(words) or 0)
    made = installs.instead(command)
    assert made.endswith(f"installs.py {command}")
    assert installs.run(shlex.split(command)) == 0
    assert f": {said}: " in capfd.readouterr().out
    assert called == ([shlex.split(left)] if left else [])


@pytest.mark.parametrize("command, parts", [
    ("pip install tensorflow==2.15", None), ("pip install six", None), ("ls", None),
    ("pip install tensorflow-datasets==1.3", None), ("pip install numpy", None),
    ("echo pip install tensorflow==1.15", None), ("pip install 'a", None),
    ("echo 'a && pip install tensorflow==1.15'", None), ("pip install scipy==1.11", None),
    ("cd a && pip install tensorflow==1.15 || echo no", ("cd a && ", " pip", " || echo no")),
    ("ls;pip install keras==2.2 2>&1 | tail -1", ("ls;", " pip", " 2>&1 | tail -1")),
    ("pip install tensorflow==$V", ("", " pip", "$V")),
    ("(pip -q install tensorflow==1.15)", ("(", " pip -q", ")")),
    ("A=1 B='x y' time pip install tf-nightly==1.15", ("A=1 B='x y' time ", " pip", "1.15")),
    ("if true; then pip install tensorflow<2; fi", ("if true; then ", " pip", "; fi")),
    ("echo time pip install tensorflow==1.15", None),
    ("{sys.executable} -m pip install -r old.txt", ("", " {sys", " old.txt"))])
def test_of_a_shells_line_only_what_may_install_it_goes_another_way(command, parts):
    made = installs.instead(command)
    if parts is None:
        assert made is None
    else:
        assert made.startswith(parts[0]) and made.endswith(parts[2])
        assert made.count("installs.py") == 1 and f"installs.py{parts[1]}" in made


def test_the_command_does_what_the_scripts_do(capsys):
    assert set(commands.COMMANDS) < set(commands.OF_THE_PACKAGE)
    with pytest.raises(SystemExit):
        commands.main(["--help"])
    said = capsys.readouterr().out
    for name in ("train", "sample", "evaluate", "report", "plot", "export", "inspect", "search",
                 "stress", "benchmark", "run", "check", "kernel"):
        assert f"\n  {name} " in said
        with pytest.raises(SystemExit):
            commands.main([name, "--help"])
        assert f"usage: tf1gan {name} " in capsys.readouterr().out


@pytest.mark.slow
def test_a_script_waits_for_none_of_the_models(tmp_path):
    """Nor for TensorFlow, before it imports it."""
    (tmp_path / "a.py").write_text(
        "import sys\nprint(sorted(name for name in sys.modules if name.startswith((\n"
        "    'tf1gan.models', 'tf1gan.machines', 'tf1gan.layers', 'tensorflow', 'tf_keras',\n"
        "    'PIL', 'matplotlib', 'fissix'))))")
    done = subprocess.run([sys.executable, "-m", "tf1gan", "run", str(tmp_path / "a.py")],
                          stdout=subprocess.PIPE, cwd=ROOT)
    assert done.returncode == 0 and done.stdout.decode().strip() == "[]"
