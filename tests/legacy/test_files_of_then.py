"""What scripts of TensorFlow 1 read and print: graphs, pickles, models of Keras, NumPy's numbers.

Each case is a script, run as a user runs it, in a folder of its own. What it is to print is what
1.15.5 prints, with NumPy 1.18 and Keras 2.2.4.
"""

import json
import os
import subprocess
import tarfile
import zipfile

import pytest
from helpers import ROOT

HERE = os.path.dirname(os.path.abspath(__file__))
OLD_MODELS = os.path.join(ROOT, "tests", "old_models")
TF = "import numpy as np\nimport tensorflow as tf\n"

# As Python 2's cPickle and NumPy 1 write {"data": array of uint8, "labels": [6, 9]}, a batch of
# CIFAR-10 but for its size; in protocols 2 and 0.
BATCH = (b"\x80\x02}q\x01(U\x04dataq\x02cnumpy.core.multiarray\n_reconstruct\nq\x03cnumpy\n"
         b"ndarray\nq\x04K\x00\x85U\x01b\x87Rq\x05(K\x01K\x02K\x03\x86cnumpy\ndtype\nq\x06U\x02u1K\x00"
         b"K\x01\x87Rq\x07(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89U\x06\x01\xc8\x03"
         b"\x04\x05\xfftbU\x06labelsq\x08]q\t(K\x06K\teu.")
BATCH_AS_TEXT = (
    b"(dp1\nS'data'\np2\ncnumpy.core.multiarray\n_reconstruct\np3\n(cnumpy\nndarray\np4\n(I0\ntS'b'"
    b"\ntRp5\n(I1\n(I2\nI3\ntcnumpy\ndtype\np6\n(S'u1'\nI0\nI1\ntRp7\n(I3\nS'|'\nNNNI-1\nI-1\nI0\n"
    b"tbI00\nS'\\x01\\xc8\\x03\\x04\\x05\\xff'\ntbsS'labels'\np8\n(lp9\nI6\naI9\nas.")

PRINTS = TF + """
import threading
with tf.Session() as s:
    one, two = s.run([tf.constant(1.5), tf.constant(2)])
    print([one, two], (one,), {"loss": [one, {"n": two}]}, f"{one!r} {two}", "%r" % one, repr(two))
    print(s.run([tf.constant(.1), tf.constant(True)]), [np.float64(.1), np.str_("a"), np.pi])
print([np.array([(1, 2.)], [("x", "i4"), ("y", "f4")])], [np.arange(3.)])
np.set_printoptions(precision=2, legacy=False)
print([one], np.array([.123456]), np.get_printoptions()["legacy"])
thread = threading.Thread(target=lambda: print([two], np.array([.123456])))
thread.start()
thread.join()
with np.printoptions(legacy="1.13"):
    print(np.array(5.), repr(np.array([1., 2.])))
print([one], repr(np.array([1., 2.])))
np.set_string_function(lambda array: "an array")
print([np.array([one])])
np.set_string_function(None)
print([np.array([one])])
"""
PRINTED = """[1.5, 2] (1.5,) {'loss': [1.5, {'n': 2}]} 1.5 2 1.5 2
[0.1, True] [0.1, 'a', 3.141592653589793]
[array([(1, 2.)], dtype=[('x', '<i4'), ('y', '<f4')])] [array([0., 1., 2.])]
[1.5] [0.12] False
[2] [0.12]
5.0 array([ 1.,  2.])
[1.5] array([1., 2.])
[an array]
[array([1.5], dtype=float32)]
"""
PICKLES = """
import %s as pickle
class Mine(pickle.Unpickler):
    def find_class(self, module, name):
        return super().find_class(module, name)
batch = Mine(open("batch", "rb"), encoding="latin1").load()
print(batch["data"].tolist(), batch["labels"])
print(pickle.load(open("batch", "rb"), encoding="bytes")[b"data"].dtype)
"""
PICKLES_OF_PYTHON_2 = """
import cPickle, pickle, StringIO
print cPickle.load(open("text"))["data"].tolist(), pickle.load(open("batch", "rb"))["labels"]
file = open("more", "w")
cPickle.dump({"a": [1]}, file)
pickle.dump("b", file)
file.close()
file = open("more")
print pickle.load(file), cPickle.load(file), pickle.Unpickler(open("text")).load()["labels"]
print pickle.loads(open("text").read())["labels"]
kept = StringIO.StringIO()
pickle.dump([2], kept)
kept.seek(0)
print pickle.load(kept)
print pickle.loads(open("batch").read())["data"].tolist()
open("more", "w").write(pickle.dumps({"a": 1}))
print cPickle.load(open("more", "rU"))
file = open("more", "w", 0)
file.write("head\\r\\n")
pickle.dump(u"\\xe9", file, 2)
file.write("tail\\n")
print len(open("more").read()), repr(open("more").readline())
file = open("more")
print repr(file.readline()), pickle.load(file) == u"\\xe9", repr(file.readline())
"""
NUMBERS = TF + """
data = tf.data.Dataset.range(6)
values = []
for kind in (np.int64, np.int32, np.uint8, np.float32, np.float64):
    two = kind(2)
    tf.set_random_seed(two)
    values += [
        data.prefetch(two).batch(np.int64(two)).make_one_shot_iterator().get_next(),
        tf.argmax([[1., 3.], [5., 2.]], two - 1), tf.random_uniform([2], seed=two),
        tf.zeros([1, two if kind is not np.uint8 else 2]), tf.shape(tf.placeholder_with_default(
            [[1., 2.]], [None, two])), tf.layers.conv2d(tf.ones([1, 4, 4, 1]), two, [two, two])]
    values.append(tf.random_normal([2], seed=1))
    if kind is not np.float32 and kind is not np.float64:
        values.append(tf.keras.layers.RepeatVector(two)(tf.ones([1, 2])))
tf.set_random_seed(2)
values += [tf.random_normal([2], seed=1), tf.random_uniform([2], seed=2)]
with tf.Session() as s:
    s.run(tf.global_variables_initializer())
    found = s.run(values)
print([value.shape for value in found[:8]], found[0], found[1])
print(all((value == found[-2]).all() for value in found[6::8][:3]),
      all((value == found[-1]).all() for value in found[2::8][:1]))
"""
KERAS = TF + """
import json
from keras.backend.tensorflow_backend import set_session
import keras.backend.tensorflow_backend as KTF
import keras
set_session(tf.Session(config=tf.ConfigProto(gpu_options=tf.GPUOptions(allow_growth=True))))
print(type(KTF.get_session()).__name__, keras.backend.tensorflow_backend._get_available_gpus())
print(tf.VERSION, tf.keras.__version__)
from keras.optimizers import adam
from keras.constraints import maxnorm
from keras.models import model_from_json, model_from_yaml
for name, text in sorted(json.load(open("keras_1.json")).items()):
    model = model_from_json(text)
    print(name, [type(layer).__name__ for layer in model.layers][1:4],
          [w.shape for w in model.get_weights()][-5:], model.output_shape)
again = model_from_yaml(model.to_yaml())
print([layer.name for layer in again.layers] == [layer.name for layer in model.layers])
print(tf.keras.models.model_from_yaml('''class_name: Sequential
config:
- class_name: Dense
  config: {units: 2, batch_input_shape: !!python/tuple [null, 3]}
''').output_shape)
try:
    model_from_yaml("!!python/object/apply:os.system [touch executed]")
except Exception as error:
    print(type(error).__name__)
try:
    import keras.backend.theano_backend
except ImportError as error:
    print(error)
"""
EXPORTED = TF + """
m = tf.keras.Sequential([tf.keras.layers.Dense(3, input_shape=(2,)),
                         tf.keras.layers.BatchNormalization(), tf.keras.layers.Dropout(.5)])
m.compile("adam", "mse")
m.fit(np.ones([4, 2]), np.ones([4, 3]), verbose=0)
x = np.random.rand(2, 2)
wanted = m.predict(x)
print('"keras_version": "2.2.4-tf"' in m.to_json())
tf.keras.experimental.export_saved_model(m, "saved")
print(np.abs(tf.keras.experimental.load_from_saved_model("saved").predict(x) - wanted).max() == 0)
with tf.Graph().as_default(), tf.Session() as s:
    signature = tf.saved_model.loader.load(s, ["serve"], "saved").signature_def["serving_default"]
    found = s.run(signature.outputs["dropout"].name, {signature.inputs["dense_input"].name: x})
    print(np.abs(found - wanted).max() < 1e-6)
K = tf.keras.layers
for count in range(2):          # names depend on what was made before; two weights share one
    inner = tf.keras.Sequential([K.Dense(3, input_shape=(3,), name="a"), K.BatchNormalization()])
    outer = tf.keras.Input((2,))
    first = K.Dense(3, name="a")(outer)
    m = tf.keras.Model(outer, inner(inner(first)))
    wanted = m.predict(x)
    tf.keras.experimental.export_saved_model(m, "saved%d" % count)
    again = tf.keras.experimental.load_from_saved_model("saved%d" % count).predict(x)
    found = tf.contrib.predictor.from_saved_model("saved%d" % count)({m.input_names[0]: x})
    print("both", [np.abs(part - wanted).max() < 1e-6 for part in [again] + list(found.values())])
"""
PICTURES = """
import numpy as np
import matplotlib
import matplotlib.pyplot as plt
from mpl_toolkits.mplot3d import Axes3D
axes = plt.figure().gca(projection="3d")
axes.w_xaxis.set_pane_color((1, 1, 1, 1))
print(axes.name, plt.gca() is axes, plt.gca(projection="3d") is axes, plt.figure().gca().name)
plt.grid(b=True)
plt.style.use("seaborn-whitegrid")
matplotlib.cm.register_cmap("mine", matplotlib.cm.cmap_d["jet"])
plt.colorbar(plt.cm.ScalarMappable(cmap="mine"))
plt.savefig("a.jpg", quality=90, frameon=False)
plt.boxplot([[1, 2]], labels=["a"])
plt.stem([1], [2], use_line_collection=True)
for tick in plt.gca().xaxis.get_major_ticks():
    tick.label.set_fontsize(5)
figure, (left, right) = plt.subplots(1, 2)
left.get_shared_x_axes().join(left, right)
figure.canvas.draw()
print(left.is_first_col(), right.get_geometry(), len(figure.canvas.tostring_rgb()) % 3,
      len(plt.contour(np.ones([3, 3]) + np.arange(3)).collections) > 0)
"""
CASES = {
    # name: (source, flags, status, words on standard output, words on standard error)
    "prints": (PRINTS, [], 0, [PRINTED], []),
    "pickles": (PICKLES % "pickle", [], 0, ["[[1, 200, 3], [4, 5, 255]] [6, 9]\nuint8"], []),
    "pickles_by_cpickle": (PICKLES % "cPickle", [], 0, ["[6, 9]\nuint8"], []),
    "pickles_of_python_2": (PICKLES_OF_PYTHON_2, ["--python2"], 0, [
        "[[1, 200, 3], [4, 5, 255]] [6, 9]\n{'a': [1]} b [6, 9]\n[6, 9]\n[2]\n"
        "[[1, 200, 3], [4, 5, 255]]\n{'a': 1}\n22 'head\\r\\n'\n'head\\r\\n' True 'tail\\n'"],
        []),
    "numbers": (NUMBERS, [], 0, [
        "[(2,), (2,), (2,), (1, 2), (2,), (1, 3, 3, 2), (2,), (1, 2, 2)] [0 1] [1 0]\nTrue True"],
        []),
    "keras": (KERAS, [], 0, [
        "Session []\n1.15.5 2.2.4-tf\n",
        "conv ['Conv2D', 'Conv2D', 'Add'] [(2,), (3, 3, 2, 1), (1, 1, 2, 2), (2,)] (None, 2)"
        .replace("[(2,)", "[(3, 3, 2, 4), (2,)"),
        "rnn ['Embedding', 'LSTM', 'GRU'] [(5, 8), (2, 8), (8,), (7, 1), (1,)] (None, 1)",
        "seq ['BatchNormalization', 'Dropout', 'Reshape'] [(8,), (8,), (3, 3, 2, 3), (3,), (3, 2)]",
        "True\n(None, 2)\nConstructorError\nNo module named 'keras.backend.theano_backend'"], []),
    "exported": (EXPORTED, [], 0, ["True\nTrue\nTrue\n" + 2 * "both [True, True]\n"], []),
    "pictures": (PICTURES, [], 0, ["3d True True rectilinear\nTrue (1, 2, 2) 0 True"], []),
    "several_gpus": ("from keras.utils import multi_gpu_model", [], 2, [],
                     ["gan.py, line 1: keras.utils.multi_gpu_model"]),
    "an_operation_that_has_left": (TF + "node = tf.GraphDef().node.add\ngraph = tf.GraphDef()\n"
                                   "graph.node.add(name='a', op='TensorForestTreeSize')\n"
                                   "tf.import_graph_def(graph)", [], 2, [],
                                   ["gan.py, line 6: the graph has the operation TensorForest"]),
    "no_such_module_of_keras": ("import keras.nothing", [], 1, [], [
        "No module named 'keras.nothing'", "run_legacy: keras.nothing is not restored, or was"]),
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory, forked):
    """name -> (status, standard output, standard error, folder)."""
    top = tmp_path_factory.mktemp("scripts")
    jobs = [[str(top / "graphs"), [os.path.join(HERE, "graphs", "read.py"), "."]]]
    jobs.append([str(top / "old_models"), [os.path.join(OLD_MODELS, "read.py"), "."]])
    for name in ("graphs", "old_models"):
        (top / name).mkdir()
    with tarfile.open(os.path.join(OLD_MODELS, "files.tar.xz")) as archive:
        safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        archive.extractall(str(top / "old_models"), **safely)
    with zipfile.ZipFile(os.path.join(HERE, "graphs", "of_1_15.zip")) as archive:
        archive.extractall(str(top / "graphs"))
    for name, (text, flags, *_) in CASES.items():
        (top / name).mkdir()
        (top / name / "gan.py").write_text(text)
        (top / name / "batch").write_bytes(BATCH)
        (top / name / "text").write_bytes(BATCH_AS_TEXT)
        with open(os.path.join(HERE, "keras_1.json")) as file:
            (top / name / "keras_1.json").write_text(file.read())
        jobs.append([str(top / name), flags + ["gan.py"]])
    environment = dict(os.environ, PYTHONPATH=ROOT, HOME=str(top), KERAS_HOME=str(top))
    for name in ("MPLBACKEND", "DISPLAY", "WAYLAND_DISPLAY"):
        environment.pop(name, None)
    subprocess.run([forked, os.path.join(HERE, "forked_runs.py")], input=json.dumps(jobs),
                   universal_newlines=True, env=environment, check=True, timeout=500)
    return {name: tuple((top / name / part).read_text() for part in (
        "status", "out.txt", "err.txt")) + (top / name,)
        for name in list(CASES) + ["graphs", "old_models"]}


@pytest.mark.parametrize("name", list(CASES))
def test_a_script_sees_what_it_saw(name, runs):
    _, _, status, words, complaints = CASES[name]
    found, out, err, folder = runs[name]
    assert int(found) == status, err + out
    for word in words:
        assert word in out, out + err
    for word in complaints:
        assert word in err, err
    assert status != 2 or len(err.splitlines()) == 1
    assert not (folder / "executed").exists()


def test_graphs_of_1_15_are_read_and_compute_what_they_computed(runs):
    """graphs/make.py writes more of them, on 1.15.5; graphs/read.py compares."""
    status, out, err, _ = runs["graphs"]
    assert int(status) == 0, err
    assert len(out.splitlines()) == 11 and out.count(" agrees") == 11, out


def test_old_models_are_read_by_a_script_and_compute_what_they_computed(runs):
    """old_models/read.py has their names; contrib's operations and channels that come first."""
    status, out, err, _ = runs["old_models"]
    assert int(status) == 0, err
    assert len(out.splitlines()) == 9 and out.count(" agrees") == 9, out
    assert "channels come first (NCHW)" in err
