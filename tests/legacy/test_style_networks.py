"""What StyleGAN and progressive GAN are made of, which 1.15.5 computes on a GPU alone.

Pictures with their channels first are held to the same with the channels last; a network that is
pickled with its own source is opened with --trust, and looked at without running any of it.
"""

import json
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
from helpers import ROOT

from tf1gan import restoring
from tf1gan.errors import UserError

HERE = os.path.dirname(os.path.abspath(__file__))
pytestmark = pytest.mark.slow

CHANNELS_FIRST = """
import numpy as np
import tensorflow as tf
rs = np.random.RandomState(3)
FIRST, LAST = "NCHW", "NHWC"

def along(layout, high, wide=None):
    return [1, 1, high, wide or high] if layout == FIRST else [1, high, wide or high, 1]

def parts(x, w, groups):
    return zip(tf.split(x, groups, 3), tf.split(w, groups, 3))

def conv(strides=1, padding="SAME", groups=1, rates=1):
    def make(x, w, layout):
        if layout == FIRST:
            around = [[0, 0], [0, 0], [1, 0], [3, 1]]
            return tf.nn.conv2d(x, w, strides=along(layout, strides), data_format=layout,
                                padding=around if padding == "EXPLICIT" else padding,
                                dilations=along(layout, rates))
        if rates > 1:           # by a kernel with zeros in it
            w = tf.stack([w, tf.zeros_like(w)], 1)
            w = tf.reshape(w, [6, 3, 4, 6])[:5]
            w = tf.reshape(tf.stack([w, tf.zeros_like(w)], 2), [5, 6, 4, 6])[:, :5]
        around = [[0, 0], [1, 0], [3, 1], [0, 0]] if padding == "EXPLICIT" else padding
        return tf.concat([tf.nn.conv2d(part, kernel, strides=along(layout, strides),
                                       padding=around)
                          for part, kernel in parts(x, w, groups)], 3)
    return make

def turned(groups=1):
    def make(x, w, layout):
        if layout == FIRST:
            return tf.nn.conv2d_transpose(x, w, [2, 3 * groups, 17, 15], strides=along(layout, 2),
                                          padding="VALID", data_format=layout)
        return tf.concat([tf.nn.conv2d_transpose(part, kernel, [2, 17, 15, 3],
                                                 strides=along(layout, 2), padding="VALID")
                          for part, kernel in parts(x, w, groups)], 3)
    return make

def pool(kind, size):
    return lambda x, layout: getattr(tf.nn, kind)(x, along(layout, size), along(layout, 2), "SAME",
                                                  data_format=layout)

CASES = dict(
    plain=(conv(), (3, 3, 4, 6)), strided=(conv(2, "VALID"), (3, 2, 4, 6)),
    around=(conv(2, "EXPLICIT"), (3, 3, 4, 6)), grouped=(conv(1, "SAME", 2), (3, 3, 2, 6)),
    grouped_strided=(conv(2, "SAME", 2), (3, 3, 2, 6)),
    grouped_around=(conv(2, "EXPLICIT", 2), (3, 2, 2, 6)), dilated=(conv(rates=2), (3, 3, 4, 6)),
    turned=(turned(), (3, 3, 3, 4)), turned_groups=(turned(2), (3, 3, 3, 4)),
    depthwise=(lambda x, w, layout: tf.nn.depthwise_conv2d(
        x, w, along(layout, 2), "SAME", data_format=layout), (3, 3, 4, 2)),
    max_pool=(pool("max_pool", 3), None), avg_pool=(pool("avg_pool", 2), None),
    to_depth=(lambda x, layout: tf.space_to_depth(x[:, :, :6, :6] if layout == FIRST else x[
        :, :6, :6], 2, data_format=layout), None))

def compared(name, make, first, x, variables):
    results = []
    for layout in (first, first.replace("C", "", 1) + "C"):
        last = layout != first
        order = [0] + list(range(2, len(layout))) + [1]
        y = make(tf.transpose(x, order) if last else x, *variables, layout)
        y = tf.transpose(y, [0, len(layout) - 1] + list(range(1, len(layout) - 1))) if last else y
        slopes = tf.gradients(tf.reduce_sum(tf.sin(y)), [x] + variables)
        # Of the second order, as a penalty on gradients has them.
        second = tf.gradients(sum(tf.reduce_sum(s ** 2) for s in slopes), [x] + variables)
        results.append([y] + slopes + [s for s in second if s is not None])
    return results

fed, wanted = {}, {}
with tf.device("/gpu:0"):
    for name, (make, shape) in CASES.items():
        unknown = name in ("grouped", "turned_groups")
        x = tf.placeholder(tf.float32, [None] * 4 if unknown else [None, 4, 8, 7])
        fed[x] = rs.randn(2, 4, 8, 7)
        variables = []
        if shape:
            w = tf.placeholder(tf.float32, shape[:3] + (None,) if unknown else shape)
            fed[w], variables = rs.randn(*shape), [w]
        wanted[name] = compared(name, make, FIRST, x, variables)
    x, w = (tf.constant(rs.randn(*shape).astype("f"))
            for shape in ((2, 3, 4, 4, 4), (2, 2, 2, 3, 2)))
    wanted["conv3d"] = compared("conv3d", lambda x, w, layout: tf.nn.conv3d(
        x, w, [1, 2, 2, 2, 1] if layout == "NDHWC" else [1, 1, 2, 2, 2], "SAME",
        data_format=layout), "NCDHW", x, [w])
# A configuration of the script's own, and what is fetched as it is.
config = tf.ConfigProto()
config.graph_options.place_pruned_graph = True
with tf.Session(config=config) as sess:
    for name, (first, last) in sess.run(wanted, fed).items():
        scale = max(np.abs(each).max() for each in last)
        error = max(np.abs(a - b).max() for a, b in zip(first, last))
        print(name, len(first) == len(last), [a.shape for a in first] == [b.shape for b in last],
              error < 2e-6 * scale or (error, scale))

with tf.Graph().as_default() as graph:
    x, w = tf.placeholder(tf.float32, [None, 4, 9, 8]), tf.placeholder(tf.float32, [3, 3, 4, 5])
    y = tf.nn.conv2d(x, w, [1, 1, 2, 2], "SAME", data_format=FIRST)
    print("one operation:", len(graph.get_operations()), y.name, y.shape)
    back = tf.nn.conv2d_transpose(y, w, [tf.shape(x)[0], 4, 9, 8], [1, 1, 2, 2], "SAME",
                                  data_format=FIRST)
    print("known:", back.shape)
    tf.gradients(y, [x, w])
    print("named:", [op.name for op in graph.get_operations() if "Backprop" in op.name])
"""

# A class that keeps the source of what it draws by, and the operations of its script's own.
NETWORK = """
import inspect, types
import tensorflow as tf
from sources import run_source

class Net:
    def __init__(self, module, scope):
        self._source, self._scope = inspect.getsource(module), scope
        self._make(module)
        tf.get_default_session().run([v.initializer for v in self.variables])

    def _make(self, module):
        with tf.variable_scope(self._scope, reuse=tf.AUTO_REUSE):
            self.noise = tf.placeholder(tf.float32, [None, 8])
            self.pictures = module.draw(self.noise)
        self.variables = tf.global_variables(self._scope + "/")

    def __getstate__(self):
        values = tf.get_default_session().run(self.variables)
        return dict(version=3, name=self._scope, build_module_src=self._source,
                    build_func_name="draw", variables=[
                        (v.op.name, value) for v, value in zip(self.variables, values)])

    def __setstate__(self, state):
        self._source, self._scope = state["build_module_src"], state["name"]
        module = types.ModuleType("opened")
        run_source(self._source, module)
        self._make(module)
        for variable, (_, value) in zip(self.variables, state["variables"]):
            variable.load(value)

    def run(self, noise):
        return tf.get_default_session().run(self.pictures, {self.noise: noise})
Network = type("Network", (Net,), {})
"""
SOURCES = """
def run_source(text, module):
    exec(text, module.__dict__)

def names():
    a = 1
    exec("b = a + 1")
    return locals()["b"] if "b" in locals() else 2
exec("c = names() + 1")
assert c == 3
"""
DRAWN = """
import numpy as np
import tensorflow as tf
from operations import blur
open("run.txt", "a").write(tf.VERSION + " %s\\n" % (np.float32(3) * 1.1).dtype)

def draw(noise):
    w = tf.get_variable("dense", [8, 4 * 16], initializer=tf.initializers.random_normal(seed=1))
    x = tf.reshape(tf.matmul(noise, w), [-1, 4, 4, 4])
    w = tf.get_variable("conv", [3, 3, 4, 3], initializer=tf.initializers.random_normal(seed=2))
    return tf.tanh(blur(tf.nn.conv2d(x, w, [1, 1, 1, 1], "SAME", data_format="NCHW")))
"""
OPERATIONS = """
import tensorflow as tf

def blur(x, impl="cuda"):
    return dict(ref=_blur_ref, cuda=_blur_cuda)[impl](x)

def _blur_ref(x):
    return (x + tf.roll(x, 1, 3)) / 2

def _blur_cuda(x):
    raise RuntimeError("NVCC returned an error")
"""
MAKES = """
import pickle
import numpy as np
import tensorflow as tf
import drawing, network
tf.InteractiveSession()
noise = np.random.RandomState(5).randn(4, 8)
with tf.device("/gpu:0"):
    net = network.Network(drawing, "G")
    loss = tf.reduce_mean((net.pictures - 0.5) ** 2)
    step = tf.train.AdamOptimizer(0.05, beta1=0.0).minimize(loss)
    print("bytes:", tf.contrib.memory_stats.MaxBytesInUse().eval())
from tensorflow.python.ops import nccl_ops
with tf.device("/gpu:1"):
    other = tf.constant([3.0])
print("sums:", [each.eval().tolist() for each in nccl_ops.all_sum([tf.constant([2.0]), other])])
tf.variables_initializer([v for v in tf.global_variables() if v not in net.variables]).run()
for _ in range(2):
    step.run({net.noise: noise})
np.save("pictures.npy", net.run(noise))
pickle.dump((net, {"more": net}), open("net.pkl", "wb"), protocol=pickle.HIGHEST_PROTOCOL)
pickle.dump({"images": noise, "labels": [1, 2]}, open("plain.pkl", "wb"))
print(len(pickle.load(open("plain.pkl", "rb"))["labels"]), "plain")
"""
OPENS = """
import pickle
import numpy as np
import tensorflow as tf
import network
tf.InteractiveSession()
print(len(pickle.load(open("../made/plain.pkl", "rb"))["labels"]), "plain")
with open("../made/net.pkl", "rb") as file:
    try:
        net, more = pickle.load(file, encoding="latin1")
    except Exception:
        print("taken")
print(more["more"] is net)
np.save("pictures.npy", net.run(np.random.RandomState(5).randn(4, 8)))
"""


@pytest.fixture(scope="module")
def runs(tmp_path_factory, forked):
    """Folders of runs: of pictures with channels first, and of a network made and opened again."""
    top = tmp_path_factory.mktemp("style")
    for name in ("first", "made", "refused", "trusted"):
        (top / name).mkdir()
    for name, text in dict(network=NETWORK, drawing=DRAWN, operations=OPERATIONS, makes=MAKES,
                           sources=SOURCES,
                           opens=OPENS, first=CHANNELS_FIRST).items():
        (top / "made" / (name + ".py")).write_text(text)
    jobs = [[str(top / folder), arguments] for folder, arguments in (
        ("first", ["../made/first.py"]), ("made", ["makes.py"]),
        ("refused", ["../made/opens.py"]), ("trusted", ["--trust", "../made/opens.py"]))]
    subprocess.run([forked, os.path.join(HERE, "forked_runs.py")], input=json.dumps(jobs),
                   universal_newlines=True, check=True, timeout=500,
                   env=dict(os.environ, PYTHONPATH=ROOT))
    return top


def ended(folder):
    return [(folder / name).read_text() for name in ("status", "out.txt", "err.txt")]


def said(errors):
    return [line for line in errors.splitlines() if line.startswith("run_legacy: ")]


def test_channels_first_gives_what_channels_last_gives_and_so_do_its_gradients(runs):
    status, out, err = ended(runs / "first")
    assert status == "0", err
    lines = out.splitlines()
    assert len(lines) == 17 and all(line.endswith(" True True True") for line in lines[:14]), out
    assert lines[14:] == [
        "one operation: 3 Conv2D:0 (?, 5, 5, 4)", "known: (?, 4, 9, 8)",
        "named: ['gradients/Conv2D_grad/Conv2DBackpropInput', "
        "'gradients/Conv2D_grad/Conv2DBackpropFilter']"]


def test_a_line_each_says_once_that_1_15_5_does_neither_without_a_gpu(runs):
    lines = said(ended(runs / "first")[2])
    assert len(lines) == 2, lines
    assert "there is no GPU here" in lines[0] and "allow_soft_placement" in lines[0]
    assert "channels come first (NCHW)" in lines[1] and "1.15.5 does neither" in lines[1]


def test_what_is_of_gpus_alone_is_computed_otherwise(runs):
    status, out, err = ended(runs / "made")
    assert status == "0", err
    assert out.splitlines() == ["bytes: 0", "sums: [[5.0], [5.0]]", "2 plain"]
    assert sum("blur is computed by its reference version" in line for line in said(err)) == 1
    assert len(said(err)) == 4, err         # the GPU, the channels, its memory


def test_a_pickle_that_holds_code_is_refused_in_a_line_that_says_what_trust_means(runs):
    status, out, err = ended(runs / "refused")
    assert status == "2" and out == "2 plain\n", err
    [line] = [line for line in err.splitlines() if not line.startswith("run_legacy: ")]
    for word in ("sources.py, line 3: ", "../made/net.pkl holds code", "--trust",
                 "all that you may do"):
        assert word in line
    assert not (runs / "refused" / "run.txt").exists()


def test_with_trust_its_code_sees_tensorflow_1_and_draws_the_same_pictures(runs):
    status, out, err = ended(runs / "trusted")
    assert status == "0", err
    assert out == "2 plain\nTrue\n"
    assert (runs / "trusted" / "run.txt").read_text() == "1.15.5 float64\n"
    drawn, again = (np.load(str(runs / name / "pictures.npy")) for name in ("made", "trusted"))
    assert drawn.shape == (4, 3, 4, 4) and drawn.std() > 0.1
    np.testing.assert_allclose(again, drawn, rtol=0, atol=1e-6)


def test_inspect_reads_names_and_shapes_and_runs_nothing(runs, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    lines = restoring.inspect(str(runs / "made" / "net.pkl"))
    assert "a pickle of networks (1)" in lines[0] and "--trust" in lines[0]
    assert lines[1].startswith("network G, made by draw, lines of source: 11, ")
    assert [line.split() for line in lines[2:]] == [
        "G/dense 8 x 64".split(), "G/conv 3 x 3 x 4 x 3".split()]
    assert os.listdir(str(tmp_path)) == [] and "network" not in sys.modules


class Network:
    """A class of that name whose pickles try to do something."""

    def __init__(self, state):
        self.state = state

    def __getstate__(self):
        return self.state

    def __reduce__(self):
        return Network, ({},), self.state


class Runs:
    """Pickled, it calls os.mkdir with a path."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (self.path,)


def test_hostile_pickles_of_networks_are_a_line_and_nothing_of_them_is_run(tmp_path):
    path, made = str(tmp_path / "net.pkl"), str(tmp_path / "made")
    state = dict(name="\x1b[31mG", variables=[("a\n", Runs(made)), ("b", np.ones((2, 3)))],
                 build_module_src=Runs(made), build_func_name=Runs(made), components=Runs(made))
    whole = pickle.dumps((Network(state), Runs(made)), protocol=4)
    for content, words in (
            (whole, "\\x1b[31mG, numbers: 6"),
            (pickle.dumps(Network(dict(variables=7)), protocol=4), "cannot be read"),
            (pickle.dumps(Network(dict(variables=[np.array([Runs(made)])])), protocol=4),
             "cannot be read"),
            (whole[:-30], "cannot be read"),
            # Lists within lists, and bytes that are said to be 2 ** 40.
            (whole[:-1] + b"(" * 100000 + b"l" * 100000 + b".", "is a pickle"),
            (whole[:-1] + b"\x8e" + (2 ** 40).to_bytes(8, "little") + b"x.", "cannot be read")):
        with open(path, "wb") as file:
            file.write(content)
        try:
            lines = restoring.inspect(path)
        except UserError as error:
            lines = [str(error)]
        assert any(words in line for line in lines), lines
        assert not os.path.exists(made) and not any("\x1b" in line for line in lines)
