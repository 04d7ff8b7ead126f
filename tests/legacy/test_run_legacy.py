"""What run_legacy does with scripts: what they see, what they are refused, and how they end.

Each case is a script of a few lines, run as a user runs it, in a folder of its own.
"""

import gzip
import json
import os
import subprocess
import sys
from typing import NamedTuple

import numpy as np
import pytest
from helpers import ROOT, write_idx

HERE = os.path.dirname(os.path.abspath(__file__))
TF = "import tensorflow as tf\n"


class Case(NamedTuple):
    """Sources by file name, what stands before the script on the command line, how it ends."""
    files: dict
    flags: tuple = ()
    arguments: tuple = ()
    status: int = 0
    out: tuple = ()         # words on standard output
    err: tuple = ()         # words on standard error
    no_err: tuple = ()      # words that are not
    one_line: bool = False  # on standard error, and nothing else
    script: str = "gan.py"


def notebook(*cells, **options):
    return Case({"gan.ipynb": json.dumps({"cells": [
        {"cell_type": "code", "source": cell} for cell in cells]})}, script="gan.ipynb", **options)


def source(text, **options):
    return Case({"gan.py": text}, **options)


def refused(text, *words, **options):
    return source(text, status=2, err=words, one_line=True, **options)


LOOP = TF + """
w = tf.Variable([1.0, 2.0])
x = tf.placeholder(tf.float32)
loss = tf.reduce_sum((w - x) ** 2)
step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
doubled = w.assign(w * 1.0)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(100):
        sess.run(loss, {x: 1.0})
        sess.run([step, loss], {x: 1.0})
        print("step", i)
        %s
"""
WAITS = "import threading, time\nthreading.Thread(target=lambda: time.sleep(1000)).start()"
TRAINS = TF + """import threading, time
w = tf.Variable([1.0, 2.0])
step = tf.train.GradientDescentOptimizer(0.1).minimize(w * w)
sess = tf.Session(); sess.run(tf.global_variables_initializer())
"""
BY_PATH = """
import imp, importlib, importlib.util, runpy, sys
from importlib.machinery import SourceFileLoader
path = "pieces/part.py"
def of_a_spec():
    spec = importlib.util.spec_from_file_location("a", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.version
print(imp.load_source("b", path).version, sys.modules["b"].version, of_a_spec(),
      imp.load_module("c", *imp.find_module("part", ["pieces"])).version,
      SourceFileLoader("d", path).load_module().version, runpy.run_path(path)["version"],
      runpy.run_module("pieces.part", run_name="e")["name"])
print([importlib.util.find_spec(name) is not None for name in (
    "tensorflow", "tensorflow.contrib.slim", "tensorflow.train", "pieces.part", "none",
    "pieces.none")],
    importlib.import_module("tensorflow.train").__name__)
try:
    importlib.util.find_spec("none.at_all")
except ModuleNotFoundError as error:
    print(error)
"""
# What it prints is 1.14.0's (without nccl and map_fn, which stood elsewhere by then).
CONTRIB_OF_1_14 = """
import numpy as np, tensorflow as tf
from tensorflow.contrib.gan.python.eval.python import classifier_metrics as alias
from tensorflow.contrib import nccl
from tensorflow.python.ops import functional_ops
rs = np.random.RandomState(0)
a, b = [tf.constant(rs.randn(n, 4).astype("float32")) for n in (20, 24)]
e = tf.contrib.gan.eval
frozen = tf.Graph()
with frozen.as_default():
    x = tf.placeholder(tf.float32, [None, 6, 6, 3], name="Mul")
    tf.reshape(tf.reduce_sum(x, [1, 2]), [-1, 1, 1, 3], name="pool_3")
    tf.reduce_sum(x, [1, 2], name="logits")
frozen = frozen.as_graph_def()
ready = e.preprocess_image(tf.constant(rs.rand(4, 8, 8, 3).astype("float32") * 255), 6, 6)
def inception(images, output="logits:0"):
    return e.run_inception(images, frozen, image_size=6, output_tensor=output)
said = inception(ready, ["logits:0", "pool_3:0"])
made = [e.classifier_score_from_logits(a), e.frechet_classifier_distance_from_activations(a, b),
        e.mean_only_frechet_classifier_distance_from_activations(a, b),
        e.diagonal_only_frechet_classifier_distance_from_activations(a, b),
        e.kernel_classifier_distance_from_activations(a, b, max_block_size=7),
        e.kernel_classifier_distance_and_std_from_activations(a, b, max_block_size=7)[1],
        e.classifier_score(ready, inception, 2), tf.reduce_sum(ready), tf.reduce_sum(said[1])]
grid = e.image_grid(tf.reshape(tf.range(24), [6, 2, 2, 1]), (2, 3), (2, 2), 1)
rows = e.image_reshaper(tf.reshape(tf.range(12), [3, 2, 2, 1]), 2)
g, d = [tf.get_variable(name, initializer=0., trainable=False) for name in "gd"]
count = tf.train.get_or_create_global_step()
gan = tf.contrib.gan
ops = gan.GANTrainOps(g.assign_add(1. + d), d.assign_add(1. + g), count.assign_add(1))
for hooks in (gan.get_sequential_train_hooks, gan.get_joint_train_hooks):
    seen = []
    class Seen(tf.train.SessionRunHook):
        def end(self, session):
            seen.append(session.run(g if hooks is gan.get_sequential_train_hooks else count))
    print(gan.gan_train(ops, 'logs', hooks(gan.GANTrainSteps(2, 1)), hooks=[
        tf.train.StopAtStepHook(num_steps=2), Seen()]), seen)
with tf.Session() as sess:
    print(["%.4f" % value for value in sess.run(made)])
    print(sess.run(grid).ravel().tolist(), sess.run(rows).ravel().tolist())
print(tf.__version__, alias.run_inception is e.run_inception, nccl.all_sum.__name__, said[1].shape,
      functional_ops.map_fn is tf.map_fn)
"""
CONTRIB_OF_1_14_PRINTED = """\
2 [10.0]
4 [4]
['1.2807', '0.7454', '0.5962', '0.6367', '-0.0371', '0.5156', '1.6455', '-4.7737', '-4.7737']
[0, 1, 4, 5, 8, 9, 2, 3, 6, 7, 10, 11, 12, 13, 16, 17, 20, 21, 14, 15, 18, 19, 22, 23] \
[0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 0, 0, 10, 11, 0, 0]
1.14.0 True all_sum (4, 3) True
"""
PYTHON2 = """
import tensorflow as tf
import cPickle, urllib2
def main():
\tprint "half", 7 / 2, -7 / 2, 7 / 2.0, 7.0 // 2
        print >>open("log.txt", "w"), "written"
try:
    raise ValueError, "old"
except ValueError, error:
    print error
n = 9
n /= 2
sizes = {"a": 9}
sizes["a"] /= 2
print n, sizes["a"], map(lambda a: a + 1, [1, 2])[0], {1: 2}.keys()[0], 0777, 5L, `3`, 1 <> 2
print round(2.5), zip([1], [2])[0], isinstance(u"a", unicode), (tf.constant(7) / 2).op.type
import numpy as np
print np.array([7, 8]) / 2, np.float32(3) / 2
import itertools, sys
reload(sys)
sys.setdefaultencoding("utf8")
exec "half = 7 / 2"
names = {}
exec "half = 9 / 2" in names
print half, names["half"], eval(" 5 / 2 "), eval("a / 2", {"a": 3}), "from strings"
print sum(itertools.imap(abs, [-1])), sorted([1, 3], cmp=lambda a, b: b - a), sys.maxint > 0
try:
    eval("x = 1")
except SyntaxError:
    print "no expression"
main()
"""
NOTEBOOK = json.dumps({"cells": [
    {"cell_type": "code", "source": source} for source in (
        ["%matplotlib inline\n", "!pip install nothing\n", "import matplotlib.pyplot as plt\n",
         "from IPython import display"],
        ["%%time\n", "values = [1, 4]\n", "plt.plot(values)"],
        ["%%bash\n", "exit 3"],
        ["text = '''\n", "%not a magic\n", "'''\n", "print(text.strip(), 7\n", "  % 4)"],
        ["display.clear_output(wait=True)\n", "display.display('shown')\n", "plt.figure?\n",
         "len(values)"],
        ["undefined"])]})

CASES = {
    # What the script sees, and only the script.
    "the_old_api_is_the_scripts_alone": Case({
        "gan.py": TF + "import sys, helper, matplotlib.pyplot, tf_slim\n"
                       "print(tf.__version__, helper.version)\n"
                       "print(sys.modules['tensorflow'].__version__[:2], tf is helper.tf)\n"
                       "slim = sys.modules['tf_slim.layers.layers']\n"
                       "print(slim.__builtins__['__import__'] is __import__)\n"
                       "import numpy; print(hasattr(numpy, 'float'), 'float' in "
                       "dir(sys.modules['numpy']), 'IPython' in sys.modules)",
        "helper.py": TF + "version = tf.VERSION"},
        out=("1.15.5 1.15.5", "2. True", "False", "True False False")),
    "a_module_of_its_own_comes_first": Case({
        "gan.py": "import keras\nprint(keras.mine)", "keras.py": "mine = 5"},
        out=("5",)),
    "arguments_are_the_scripts": source(
        "import sys\nprint(sys.argv, __name__, __file__)", arguments=("--steps", "7", "-h"),
        out=("['gan.py', '--steps', '7', '-h'] __main__ gan.py",)),
    "flags_of_absl_may_be_defined_again": source(
        TF + "tf.app.flags.DEFINE_string('log_dir', 'a', '')\n"
             "tf.app.flags.DEFINE_integer('v', 3, '')\n"
             "def main(_): print(tf.app.flags.FLAGS.log_dir, tf.app.flags.FLAGS.v)\n"
             "if __name__ == '__main__': tf.app.run()", arguments=("--log_dir=b",), out=("b 3",)),
    # Each line of what is printed is 1.15.5's, which was given the same arguments.
    "flags_are_parsed_when_one_is_first_read": source(
        TF + "flags = tf.app.flags\nflags.DEFINE_integer('units', 3, 'how many')\n"
             "from tensorflow.python.platform import flags as same\n"
             "from absl import flags as absl\n"
             "F = tf.flags.FLAGS\n"
             "try: absl.FLAGS.units\nexcept absl.UnparsedFlagAccessError: print('not by absl')\n"
             "print(F.is_parsed(), F.units, F.is_parsed(), same.FLAGS.units, F['units'].value)\n"
             "flags.DEFINE_string(flag_name='late', default_value='l', docstring='')\n"
             "print(F.late, 'units' in F.__flags, F.flag_values_dict()['units'], F._parse_flags)\n",
        arguments=("--units", "4", "rest"), status=1, out=(
            "not by absl", "False 4 True 4 4"), err=("AttributeError: _parse_flags",)),
    "flags_parsed_by_hand": source(
        TF + "tf.flags.DEFINE_integer('units', 3, '')\nF = tf.flags.FLAGS\n"
             "print(F(['x', '--units=7', 'rest']), F.units)\n"
             "def main(argv): print(argv, F.units)\n"
             "tf.app.run(main, ['p', '--units=8', '--unknown=3', 'more'])",
        out=("['x', 'rest'] 7", "['p', '--unknown=3', 'more'] 8")),
    "an_unknown_flag_is_an_error_where_app_run_has_not_been": source(
        TF + "tf.flags.DEFINE_integer('units', 3, '')\nprint(tf.flags.FLAGS.units)",
        arguments=("--unit=4",), status=1, err=(
            "UnrecognizedFlagError: Unknown command line flag 'unit'. Did you mean: units ?",)),
    "help_lists_the_scripts_flags": source(
        TF + "tf.flags.DEFINE_integer('units', 3, 'how many')\ndef main(_): print('taken')\n"
             "tf.app.run()", arguments=("--help",), status=1, out=("gan.py:", "--units: how many")),
    "old_names_of_python": source(
        "import cPickle, Queue, StringIO, time, collections, imp, urllib2\n"
        "from fractions import gcd\nfrom collections import Iterable\n"
        "print(sum(xrange(4)), reduce(max, [1, 5]), gcd(4, 6), unicode('u'), time.clock() >= 0,\n"
        "      isinstance([], Iterable), StringIO.StringIO('a').read(), raw_input)", out=(
            "6 5 2 u True True a",)),
    "old_paths_of_keras": source(
        "from keras.models import Sequential\n"
        "from keras.layers.core import Dense, Activation, Flatten\n"
        "from keras.layers.convolutional import Convolution2D, UpSampling2D\n"
        "from keras.layers.advanced_activations import LeakyReLU\n"
        "from keras.optimizers import SGD\nfrom keras.utils import np_utils\n"
        "from keras import backend as K\nimport numpy as np\n"
        "K.set_image_dim_ordering('tf')\n"
        "m = Sequential()\nm.add(Dense(input_dim=4, output_dim=16, init='glorot_normal'))\n"
        "m.add(LeakyReLU(0.2))\n"
        "from keras.layers import Reshape, Input\nm.add(Reshape((4, 4, 1)))\n"
        "m.add(UpSampling2D(size=(2, 2)))\n"
        "m.add(Convolution2D(3, 5, 5, border_mode='same', subsample=(2, 2)))\nm.add(Flatten())\n"
        "m.add(Dense(2))\n"
        "m.compile(loss='mse', optimizer=SGD(lr=0.1, momentum=0.9, nesterov=True))\n"
        "m.fit(np.ones([4, 4]), np_utils.to_categorical([0, 1, 1, 0]), nb_epoch=1, verbose=0)\n"
        "from keras.models import Model\n"
        "i = Input((4,)); n = Model(input=i, output=m(i))\n"
        "print(n.predict(np.ones([1, 4])).shape)\n"
        "print([w.shape for w in m.get_weights()][0], m.output_shape)\n"
        # Its sign is not that of tf.keras's.
        "p = Sequential([Dense(2, input_dim=2)]); p.compile('sgd', loss='cosine_proximity')\n"
        "p.set_weights([np.eye(2), np.zeros(2)])\n"
        "from keras import losses\na = np.float32([[1, 0]])\n"
        "b = K.constant(a)\nprint(p.train_on_batch(a, a), K.eval(losses.cosine_proximity(b, b)))\n"
        "from keras import metrics\n"
        "p.compile('sgd', ['cosine'], metrics=[metrics.cosine, 'logcosh'])\n"
        "print(p.test_on_batch(a, a), p.metrics_names)\n"
        "print([K.eval(m.get('cosine')(b, b)) for m in (losses, metrics)])",
        out=("(1, 2)", "(4, 16) (None, 2)", "-1.0 [-1.]", "[-1.0, -1.0, 0.0] ['loss', "
             "'cosine_proximity', 'logcosh']", "[array([-1.], dtype=float32), array([-1.]")),
    "rates_beyond_one": source(
        TF + "x = tf.ones([2, 2])\nprint(tf.layers.dropout(x, 1.5, training=False).shape,\n"
        "      tf.contrib.layers.dropout(x, -0.5, is_training=False).shape,\n"
        "      tf.keras.layers.Dropout(2).rate)\n"
        "try:\n    tf.layers.dropout(x, 1.5, training=True)\n"
        "except ValueError:\n    print('an error')\n"
        "view = tf.contrib.graph_editor.sgv(x.op)\nprint(hasattr(view, 'nothing'))\n"
        "view.connected_inputs",
        out=("(2, 2) (2, 2) 2", "an error", "False"),
        status=2, err=("graph_editor.SubGraphView.connected_inputs is not restored",)),
    # What Keras 2.2.5 makes of Keras 1's arguments, on TensorFlow 1.15.5.
    "names_of_keras_1": source(
        "import numpy as np\nfrom keras import layers as L\nfrom keras.models import Sequential\n"
        "def shown(layer, *keys):\n"
        "    m = Sequential([layer]); s = m.input_shape[1:]\n"
        "    m.set_weights([np.cos(np.arange(w.size) + n + 1).reshape(w.shape) / 3\n"
        "                   for n, w in enumerate(m.get_weights())])\n"
        "    y = m.predict(np.sin(np.arange(2 * int(np.prod(s))).reshape((2,) + s)))\n"
        "    c = layer.get_config()\n"
        "    print(y.shape, '%.3f' % np.abs(y).sum(), *[c[key] for key in keys])\n"
        "old = dict(init='he_normal', W_regularizer='l2', b_regularizer='l1', bias=True,\n"
        "           W_constraint='nonneg')\n"
        "shown(L.Dense(output_dim=3, input_dim=4, b_constraint='nonneg', **old))\n"
        "shown(L.SimpleRNN(batch_input_shape=(None, 5, 3), output_dim=4, unroll=True), 'units')\n"
        "shown(L.LSTM(output_dim=4, input_dim=3, input_length=5, inner_init='uniform',\n"
        "      inner_activation='sigmoid', forget_bias_init='one', dropout_W=0.2, dropout_U=0.1,\n"
        "      consume_less='gpu', return_sequences=True), 'recurrent_activation', 'dropout',\n"
        "      'recurrent_dropout', 'unit_forget_bias')\n"
        "shown(L.Convolution1D(nb_filter=4, filter_length=3, subsample_length=2, input_dim=3,\n"
        "                      border_mode='same', input_length=6, **old), 'strides')\n"
        "shown(L.Convolution2D(4, 3, nb_col=2, input_shape=(6, 6, 2)), 'kernel_size')\n"
        "shown(L.Deconvolution2D(4, 3, 3, (None, 12, 12, 4), subsample=(2, 2),\n"
        "                        border_mode='same', input_shape=(6, 6, 2)))\n"
        "shown(L.SeparableConv2D(4, 3, 3, init='he_normal', input_shape=(6, 6, 2)))\n"
        "shown(L.Convolution3D(nb_filter=2, kernel_dim1=2, kernel_dim2=3, kernel_dim3=1,\n"
        "                      input_shape=(4, 4, 4, 1)))\n"
        "shown(L.ConvLSTM2D(nb_filter=2, nb_row=2, nb_col=2, border_mode='same',\n"
        "                   inner_activation='sigmoid', input_shape=(3, 4, 4, 1)))\n"
        "shown(L.LocallyConnected1D(nb_filter=2, filter_length=3, input_dim=2, input_length=6))\n"
        "shown(L.MaxPooling1D(pool_length=2, stride=1, border_mode='same', input_shape=(6, 2)))\n"
        "shown(L.GlobalMaxPooling2D(dim_ordering='th', input_shape=(2, 4, 4)), 'data_format')\n"
        "shown(L.UpSampling1D(length=3, input_shape=(2, 2)))\n"
        "shown(L.ZeroPadding2D({'top_pad': 1, 'left_pad': 2}, input_shape=(2, 2, 1)))\n"
        "shown(L.SpatialDropout2D(p=0.3, dim_ordering='th', input_shape=(2, 3, 3)), 'rate')\n"
        "shown(L.PReLU(init='ones', input_shape=(3,)))\n"
        "m = Sequential([L.Embedding(7, 3, init='zero', dropout=0.2, input_length=2),\n"
        "                L.Flatten(), L.BatchNormalization(mode=0), L.Dense(1)])\n"
        "def batches():\n"
        "    while True: yield np.array([[4, 1], [2, 3]]), np.array([[1.], [2.]])\n"
        "m.compile('sgd', 'mse')\n"
        "h = m.fit_generator(batches(), samples_per_epoch=3, nb_epoch=2, max_q_size=1,\n"
        "                    validation_data=batches(), nb_val_samples=2, nb_worker=0, verbose=0)\n"
        "print(h.epoch, m.predict_generator(batches(), val_samples=2, nb_worker=0).shape)\n",
        out=("(2, 3) 1.239", "(2, 4) 2.107 4", "(2, 5, 4) 2.080 sigmoid 0.2 0.1 True",
             "(2, 3, 4) 6.295 (2,)", "(2, 4, 5, 4) 31.583 (3, 2)", "(2, 12, 12, 4) 355.990",
             "(2, 4, 4, 4) 35.946", "(2, 3, 2, 4, 2) 22.455", "(2, 4, 4, 2) 3.992",
             "(2, 4, 2) 2.941", "(2, 6, 2) 16.403", "(2, 2) 3.940 channels_first",
             "(2, 6, 2) 13.632", "(2, 3, 4, 1) 4.544", "(2, 2, 3, 3) 22.434 0.3",
             "(2, 3) 2.313", "[0, 1] (4, 1)")),
    "stars_take_what_is_restored": source(
        "from tensorflow.keras.models import *\nfrom tensorflow.contrib.layers import *\n"
        "from keras.models import *\nfrom keras.layers import *\nfrom keras.optimizers import *\n"
        "from keras.utils import *\nfrom itertools import *\nfrom numpy import *\n"
        "m = Sequential([Dense(output_dim=2, input_dim=3)]); m.compile(Adam(lr=.1), 'mse')\n"
        "print(max(2, 5), round(2.5), pow(2, 3, 5), mat([[1, NaN]]).shape, list(izip([1], [2])),\n"
        "      fully_connected.__name__, to_categorical([1]), 'multi_gpu_model' in globals())",
        out=("5 2 3 (1, 2) [(1, 2)] fully_connected [[0. 1.]] False",)),
    "modules_within_keras": source(
        "import numpy as np\nfrom keras.layers.merge import _Merge\n"
        "from keras import backend as K\nfrom keras.utils import conv_utils\n"
        "from keras.layers import Dense, Input\nfrom keras.models import Model\n"
        "from keras.backend.common import normalize_data_format\n"
        "from keras.engine import saving, topology\n"
        "from tensorflow.python.keras.engine.input_spec import InputSpec\n"
        "from tensorflow.python.keras.utils import tf_utils\n"
        "class Between(_Merge):\n"
        "    def _merge_function(self, inputs):\n"
        "        return .25 * inputs[0] + .75 * inputs[1]\n"
        "a, b = Input((2,)), Input((2,))\n"
        "m = Model([a, b], Dense(1, name='d')(Between()([a, b])))\n"
        "m.set_weights([np.ones((2, 1)), np.zeros(1)])\n"
        "print(m.predict([np.ones((1, 2)), np.zeros((1, 2))]),\n"
        "      conv_utils.normalize_tuple(2, 2, 'a'), K.tf.reduce_sum(K.ones((2,))).shape,\n"
        "      len(topology.get_source_inputs(m.output)), InputSpec(ndim=2).ndim,\n"
        "      tf_utils.smart_cond(True, lambda: 'a', lambda: 'b'),\n"
        "      normalize_data_format('channels_first'))\n"
        "import h5py\n"
        "with h5py.File('w.h5', 'w') as f: saving.save_weights_to_hdf5_group(f, m.layers)\n"
        "m.set_weights([np.zeros((2, 1)), np.zeros(1)])\n"
        "with h5py.File('w.h5', 'r') as f:\n"
        "    topology.load_weights_from_hdf5_group_by_name(f, m.layers)\n"
        "print(m.get_weights()[0].ravel())\n"
        "import keras\ndef loss(y, z): return K.mean(y - z)\n"
        "m.compile('sgd', loss); m.save('m.h5'); keras.losses.loss = loss\n"
        "print(keras.models.load_model('m.h5', {'Between': Between}).loss.__name__)",
        out=("[[0.5]] (2, 2) () 2 2 a channels_first\n[1. 1.]\nloss",)),
    "layers_and_models_of_keras_are_instances": source(
        "import keras\nfrom keras.layers import Conv2D, Dense, Input\n"
        "from keras.models import Model, Sequential\n"
        "from keras.applications.mobilenet import MobileNet\n"
        "class Mine(Dense): pass\n"
        "m = MobileNet(weights=None, input_shape=(32, 32, 3))\n"
        "s = Sequential([Mine(2, input_shape=(3,)), Dense(1)])\n"
        "print(isinstance(m, Model), isinstance(s, Model), isinstance(m, Sequential),\n"
        "      sum(isinstance(layer, Conv2D) for layer in m.layers) > 14,\n"
        "      [isinstance(layer, Mine) for layer in s.layers], keras.Model is Model,\n"
        "      isinstance(keras.models.clone_model(s).layers[1], Dense), issubclass(Mine, Dense))",
        out=("True True False True [True, False] True True True",)),
    "a_scripts_own_warnings_are_said": source(
        TF + "print(tf.logging.get_verbosity() == tf.logging.WARN)\n"
             "tf.logging.warn('the %s', 'script')\ntf.logging.info('no')\n"
             "from tensorflow.python.platform import tf_logging\n"
             "tf_logging.set_verbosity(tf.logging.INFO)\ntf.logging.info('now')\n"
             "tf.logging.set_verbosity(tf.logging.ERROR)\ntf.logging.warning('not any more')\n"
             "print(tf.logging.get_verbosity())",
        out=("True\n40\n",), err=("the script", "now"), no_err=("no\n", "not any more")),
    "models_of_keras_are_written_whole": source(
        "import numpy as np\nfrom keras.layers import Dense, Input\n"
        "from keras.models import Model, clone_model, load_model, model_from_json\n"
        "i = Input((2,)); m = Model(input=i, output=Dense(1)(i)); m.compile('sgd', 'mse')\n"
        "m.save('m.h5'); again = load_model('m.h5'); x = np.ones((1, 2))\n"
        "print(again.predict(x) == m.predict(x), isinstance(again, Model), len(again.layers),\n"
        "      len(model_from_json(m.to_json()).layers), len(clone_model(m).layers))",
        out=("[[ True]] True 2 2 2",)),
    "arguments_are_at_their_places_of_then": source(
        TF + "s = tf.Session()\n"
             "print(s.run(tf.scatter_nd([[1]], [2], [3], 's')),\n"
             "      tf.nn.top_k([1., 2.], 1, True, 'k')[0].name,\n"
             "      s.run(tf.tensor_scatter_add([1, 1], [[0]], [2], 'a')),\n"
             "      s.run(tf.random_uniform_initializer(maxval=9, seed=3, dtype=tf.int32)([3])))",
        out=("[0 2 0] k:0 [3 1] [2 1 1]",)),
    "weights_are_loaded_by_name": source(
        TF + "tf.enable_eager_execution()\nK = tf.keras\n"
             "m = K.Sequential([K.layers.Dense(1, input_shape=(2,), name='a')])\n"
             "m.save_weights('w.h5')\n"
             "n = K.Sequential([K.layers.Dense(3, input_shape=(2,)),\n"
             "                  K.layers.Dense(3, name='b')])\n"
             "n.load_weights('w.h5', True)\nprint('by name')", out=("by name",)),
    "mnist_by_every_loader": source(
        TF + "from tensorflow.examples.tutorials.mnist import input_data\n"
             "a = input_data.read_data_sets('anywhere', one_hot=True, validation_size=100)\n"
             "b = tf.contrib.learn.datasets.load_dataset\n"
             "(x, _), _ = tf.keras.datasets.mnist.load_data()\n"
             "print(a.train.num_examples, a.train.labels.dtype, x.shape, x.dtype)",
        flags=("--mnist", "images"), out=("500 float64 (600, 28, 28) uint8",)),

    # What is printed is 1.15.5's.
    "regularizers_are_called_once": source(
        TF + "tf.set_random_seed(3)\nl2 = tf.contrib.layers.l2_regularizer\n"
             "with tf.variable_scope('a', regularizer=l2(.1)):\n"
             "    w = tf.get_variable('w', [3, 4], initializer=tf.ones_initializer())\n"
             "    tf.get_variable('b', [4], regularizer=tf.no_regularizer)\n"
             "    tf.get_variable('c', [4], regularizer=l2(0.))\n"
             "losses = tf.losses.get_regularization_losses()\n"
             "total = tf.losses.get_regularization_loss() + tf.add_n(losses)\n"
             "drawn = tf.random_uniform([])\n"
             "with tf.Session() as s:\n"
             "    s.run(w.initializer)\n"
             "    print([each.name for each in losses], '%.4f %.4f' % tuple(\n"
             "        s.run([total, drawn])))",
        out=("['a/w/Regularizer/l2_regularizer:0'] 1.2000 0.6030",)),
    "data_sets_that_take_a_variable": source(
        TF + "for is_resource in (False, True):\n"
             "    with tf.Graph().as_default(), tf.Session() as s:\n"
             "        tf.set_random_seed(3)\n"
             "        v = tf.get_variable('v', initializer=tf.constant(2, tf.int64),\n"
             "                            use_resource=is_resource)\n"
             "        d = tf.data.Dataset.range(6).shuffle(4, seed=4).repeat(2)\n"
             "        d = d.map(lambda x: x * v)\n        made = d.make_initializable_iterator()\n"
             "        element, drawn = made.get_next(), tf.random_uniform([])\n"
             "        s.run(v.initializer)\n        s.run(made.initializer)\n"
             "        print([int(s.run(element)) for _ in range(12)], '%.5f' % s.run(drawn))\n",
        out=(
            "[2, 4, 6, 8, 10, 0, 6, 8, 4, 0, 10, 2] 0.96281\n"
            "[2, 0, 6, 10, 4, 8, 2, 4, 6, 10, 0, 8] 0.40128\n",)),
    "data_sets_of_legacy_functions": source(
        TF + "d = tf.data.Dataset.range(4).map_with_legacy_function(lambda x: x + 1)\n"
             "e = d.shuffle(3, seed=1).repeat(2).make_one_shot_iterator().get_next()\n"
             "with tf.Session() as s: print([int(s.run(e)) for _ in range(8)])",
        out=("[1, 4, 2, 3, 2, 4, 3, 1]",)),
    "iterators_that_begin_again_keep_nothing": source(
        TF + "import numpy as np, tracemalloc\np = tf.placeholder(tf.float32, [None, 500])\n"
             "d = tf.data.Dataset.from_tensor_slices(p).shuffle(900, seed=1).repeat()\n"
             "i = d.make_initializable_iterator(); e = i.get_next(); x = np.ones([1000, 500])\n"
             "tracemalloc.start()\n"
             "with tf.Session() as s:\n"
             "    for _ in range(8):\n"
             "        s.run(i.initializer, {p: x}); s.run(e)\n"
             "print(tracemalloc.get_traced_memory()[0] < 5e6)", out=("True",)),

    # Counts are 1.15.5's.
    "options_of_data_sets_are_1_15s": source(
        TF + "D = tf.data.Dataset\n"
             "def made(*path):\n"
             "    with tf.Graph().as_default() as graph:\n"
             "        *owners, name, value = path\n"
             "        options = at = tf.data.Options()\n"
             "        for owner in owners: at = getattr(at, owner)\n"
             "        setattr(at, name, value)\n"
             "        d = D.range(9).map(lambda x: x + 1).with_options(options)\n"
             "        tf.set_random_seed(5)\n"
             "        d.make_initializable_iterator()\n"
             "        tf.random_uniform([])\n"
             "        print(value, [op for op in graph.get_operations()\n"
             "                      if op.type == 'RandomUniform'][0].get_attr('seed2'))\n"
             "o = 'experimental_optimization'\n"
             "made('experimental_slack', True)\n"
             "made('experimental_threading', 'private_threadpool_size', 2)\n"
             "made(o, 'autotune', False)\n"
             "made(o, 'apply_default_optimizations', False)\n"
             "made(o, 'map_vectorization', 'enabled', True)\n"
             "made('experimental_stats', 'prefix', 'a')\n"
             "try: made('experimental_numa_aware', True)\n"
             "except AttributeError as error: print(error)\n",
        out=("True 14\n2 16\nFalse 13\nFalse 12\nTrue 14\na 14\n"
             "Cannot set the property experimental_numa_aware on Options.",),
        no_err=("deprecated",)),
    "cheap_functions_of_data_sets_compute_where_they_are_read": source(
        TF + "D = tf.data.Dataset\n"
             "def shown(of, initialized=False):\n"
             "    with tf.Graph().as_default() as graph:\n"
             "        d = of(D.range(6))\n"
             "        if initialized:\n"
             "            it = tf.data.Iterator.from_structure(tf.int64, None)\n"
             "            first = it.make_initializer(d)\n"
             "        else: it = d.make_initializable_iterator(); first = it.initializer\n"
             "        x = it.get_next()\n"
             "        with tf.Session() as sess:\n"
             "            sess.run(first)\n"
             "            seen = sess.run(x).tolist()\n"
             "        ops = graph.get_operations()\n"
             "        print([not op.get_attr('use_inter_op_parallelism') for op in ops\n"
             "               if op.type == 'MapDataset'], seen,\n"
             "              len([op for op in ops if op.type == 'OptionsDataset']))\n"
             "def plain(d): return d.map(lambda x: x * 2).filter(lambda x: x > 0).batch(2)\n"
             "shown(plain)\n"
             "shown(plain, True)\n"
             "shown(lambda d: plain(d.shuffle(3, seed=1).repeat(2)))\n"
             "shown(lambda d: d.map(lambda x: tf.py_func(lambda x: x, [x], tf.int64)))\n"
             "shown(lambda d: d.map(lambda x: tf.reshape(tf.py_func(lambda x: x, [x], tf.int64), "
             "[])))\n"
             "shown(lambda d: d.batch(2).map(lambda x: x + 1))\n"
             "shown(lambda d: plain(d.map(lambda x: x + 1, num_parallel_calls=2)))\n"
             "shown(lambda d: plain(d).with_options(tf.data.Options()))\n"
             "shown(lambda d: d.map(lambda x: x + tf.zeros([2 ** 16], tf.int64)).map(\n"
             "    lambda x: x[:1]))\n",
        out=("[True] [2, 4] 1\n[True] [2, 4] 1\n[True] [6, 4] 1\n[False] 0 0\n[False] 0 0\n"
             "[False] [1, 2] 0\n[False] [2, 4] 0\n[False] [2, 4] 1\n[False, False] [0] 0\n",)),
    "a_second_shuffle_is_said_where_its_passes_differ": source(
        TF + "D = tf.data.Dataset\n"
             "def began(name, d):\n"
             "    with tf.Graph().as_default(): d().make_initializable_iterator(); print(name)\n"
             "def once(): return D.range(6).shuffle(3, seed=1)\n"
             "began('fused', lambda: once().map(lambda x: x).shuffle(3, seed=2).repeat())\n"
             "began('one pass', lambda: once().shuffle(3, seed=2))\n"
             "began('unseeded', lambda: D.range(6).shuffle(3).shuffle(3, seed=2).batch(2)\n"
             "      .repeat())\n"
             "began('fixed', lambda: D.range(6).shuffle(3, seed=1, reshuffle_each_iteration=False\n"
             "    ).shuffle(3, seed=2).batch(2).repeat())\n"
             "once().map(lambda x: x).shuffle(3).batch(2).repeat().make_initializable_iterator()\n",
        out=("fused\none pass\nunseeded\nfixed\n",),
        err=("line 12: from its second pass on, a data set that is repeated and shuffled twice",)),
    "without_a_gpu_it_is_not_built_for_one": source(
        TF + "from tensorflow.python.platform import test\n"
             "from tensorflow.python import graph_util, math_ops\n"
             "assert tf.python.graph_util.convert_variables_to_constants and math_ops.add\n"
             "print(tf.test.is_built_with_cuda(), test.is_built_with_cuda(),\n"
             "      tf.test.is_built_with_gpu_support(), tf.compat.v1.test.is_built_with_cuda(),\n"
             "      tf.test.is_gpu_available(), repr(tf.test.gpu_device_name()))",
        out=("False False False False False ''",)),
    # Which modules are the script's own.
    "folders_of_pythonpath_are_the_scripts": Case({
        "gan.py": "import importlib, sys\nimport parts.layer, namespace.deep.layer, installed\n"
                  "sys.path.append('above')\nimport over\n"
                  "print(parts.layer.version, namespace.deep.layer.version, over.version,\n"
                  "      importlib.import_module('parts.layer').version,\n"
                  "      importlib.import_module('.layer', 'parts').flatten.__name__)\n"
                  "print(installed.version[:2])",
        "above/over.py": TF + "version = tf.VERSION"},
        out=("1.15.5 1.15.5 1.15.5 1.15.5 flatten\n2.\n",)),
    "a_class_is_no_module": source(
        "import importlib\nimport tensorflow.train, numpy\n"
        "from tensorflow.core.framework import graph_pb2\n"
        "for name in ('tensorflow.train.AdamOptimizer', 'tensorflow.train.Saver.save',\n"
        "             'tensorflow.float32', 'tensorflow.contrib.layers.flatten', 'numpy.float',\n"
        "             'tensorflow.python.ops.math_ops.add', 'tensorflow.nothing'):\n"
        "    for way in (importlib.import_module, __import__):\n"
        "        try: way(name); print('taken')\n"
        "        except ImportError as error: print(error)\n"
        "print(importlib.import_module('tensorflow.train').Saver.__name__)",
        out=("No module named 'tensorflow.train.AdamOptimizer'",
             "No module named 'tensorflow.train.Saver'", "No module named 'tensorflow.float32'",
             "No module named 'tensorflow.contrib.layers.flatten'", "'numpy.float'",
             "No module named 'tensorflow.python.ops.math_ops.add'; "
             "'tensorflow.python.ops.math_ops' is not a package",
             "No module named 'tensorflow.nothing'\nSaver")),

    # Refusals.
    "contrib_gan": source(TF + "\nx = 1\ntfgan = tf.contrib.gan", status=1, err=(
        '"gan.py", line 4', "has no attribute 'gan'", "run_legacy: 1.14 had it", "TF-GAN")),
    "contrib_imported": refused("from tensorflow.contrib import nearest_neighbor", "gan.py, line 1",
                                "tf.contrib.nearest_neighbor"),
    "contrib_imported_by_its_path": refused(
        "try:\n    import tensorflow.contrib.text\nexcept ImportError: pass", "gan.py, line 2",
        "tf.contrib.text"),
    "contrib_has_what_it_imports": source(
        TF + "parts = 'all_reduce hooks session_bundle tensorrt text'.split()\n"
             "print([hasattr(tf.contrib, name) for name in parts])\n"
             "from tensorflow.contrib import hooks\nimport tensorflow.contrib.session_bundle\n"
             "print([hasattr(tf.contrib, name) for name in parts])",
        out=(str([False] * 5), str([False, True, True, False, False]))),
    "contrib_attribute_that_an_import_makes": source(
        TF + "tf.contrib.text", status=1, err=(
            "AttributeError: module 'tensorflow.contrib' has no attribute 'text'",
            "1.15.5's has it only after `import tensorflow.contrib.text`")),
    "contrib_module_of_a_file": refused(
        "from tensorflow.contrib.learn.python.learn.estimators import tensor_signature",
        "gan.py, line 1", "tf.contrib.learn.python.learn.estimators.tensor_signature is not "
        "restored: an Estimator compares"),
    "contrib_module_that_says_where_it_is": refused(
        "try:\n    from tensorflow.contrib.learn.python.learn.estimators import kmeans\n"
        "except ImportError: pass", "gan.py, line 2", "tf.contrib.factorization.KMeansClustering"),
    "contrib_modules_of_files": source(
        "import tensorflow as tf\n"
        "from tensorflow.contrib.layers.python.layers import embedding_ops, encoders\n"
        "from tensorflow.contrib.learn.python.learn import evaluable, trainable\n"
        "from tensorflow.contrib.learn.python.learn.learn_io import graph_io, numpy_io, pandas_io\n"
        "from tensorflow.contrib.learn.python.learn.estimators import _sklearn\n"
        "from tensorflow.contrib.learn.python.learn.session_run_hook import SessionRunHook\n"
        "from tensorflow.contrib.distributions.python.ops import mvn_diag\n"
        "from tensorflow.contrib.distributions.python.ops.bijectors import affine\n"
        "from tensorflow.contrib.framework.python.framework.checkpoint_utils import load_variable\n"
        "l, d = tf.contrib.learn, tf.contrib.distributions\n"
        "print(encoders.bow_encoder is tf.contrib.layers.bow_encoder, embedding_ops."
        "safe_embedding_lookup_sparse is tf.contrib.layers.safe_embedding_lookup_sparse,\n"
        "      trainable.Trainable is l.Trainable, evaluable.Evaluable is l.Evaluable,\n"
        "      graph_io.read_batch_examples is l.read_batch_examples,\n"
        "      callable(numpy_io.numpy_input_fn), callable(pandas_io.extract_pandas_data),\n"
        "      _sklearn.NotFittedError is l.NotFittedError, affine.Affine is d.bijectors.Affine,\n"
        "      mvn_diag.MultivariateNormalDiag is d.MultivariateNormalDiag,\n"
        "      load_variable is tf.contrib.framework.load_variable,\n"
        "      SessionRunHook is tf.train.SessionRunHook)",
        out=(" ".join(["True"] * 12),)),
    "contrib_is_made_when_it_is_asked_for": source(
        TF + "import sys\ndef made():\n    return sorted(name.split('.')[-1] for name in "
             "sys.modules if name.startswith('tf1gan.legacy.restored.contrib.'))\n"
             "print(made(), tf.contrib.opt.NadamOptimizer.__name__, 'opt' in made(), "
             "'rnn' in made())", out=("[] NadamOptimizer True False",)),
    "a_vocabulary_is_read_without_running_it": refused(
        "from tensorflow.contrib import learn\nopen('v', 'wb').write("
        "b'cos\\nsystem\\n(S\\'touch taken\\'\\ntR.')\n"
        "learn.preprocessing.VocabularyProcessor.restore('v')",
        "v is no vocabulary that VocabularyProcessor saved", "os.system"),
    "a_vocabulary_has_a_function_of_the_script": source(
        "import numpy as np\nfrom tensorflow.contrib import learn\n"
        "def words(texts):\n    return (text.split(' ') for text in texts)\n"
        "P = learn.preprocessing.VocabularyProcessor\n"
        "made = P(np.max([2, 3]), tokenizer_fn=words).fit(['a-b c', 'c d e'])\nmade.save('v')\n"
        "print(b'_core' in open('v', 'rb').read(), *P.restore('v').transform(['c a-b x y', 'd']))",
        out=("False [2 1 0] [3 0 0]",)),
    "learn_feeds_labels_in_a_column": source(
        TF + "import numpy as np\n"
        "from tensorflow.contrib.learn.python.learn.learn_io import data_feeder\n"
        "x, y = np.arange(4.).reshape(4, 1), np.array([[1], [0], [1], [2]])\n"
        "def fed(feeder):\n"
        "    feeder.input_builder()\n    feed = feeder.get_feed_dict_fn()\n    try:\n"
        "        while True: print(*[v.tolist() for v in feed().values()])\n"
        "    except StopIteration: print('end')\n"
        "fed(data_feeder.setup_train_data_feeder(x, y, None, 3, shuffle=False, epochs=1))\n"
        "fed(data_feeder.setup_train_data_feeder(iter(x), iter(y[:3]), 3, 2))\n"
        "print([part.shape for part in data_feeder.setup_predict_data_feeder(iter(x), 3)])",
        out=("[[0.0], [1.0], [2.0]] [1, 0, 1]\n[[3.0]] [2]\nend\n"
             "[[0.0], [1.0]] [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]\nend\n[(3, 1), (1, 1)]",)),
    "keras_models_of_contrib_are_those_of_experimental": source(
        TF + "import os\nK, saved = tf.keras, tf.contrib.saved_model\n"
        "model = K.Sequential([K.layers.Dense(1, input_shape=(2,))])\n"
        "print(saved.save_keras_model(model, 'saved'), os.listdir('saved/assets'))\n"
        "again = saved.load_keras_model('saved')\n"
        "print((again.get_weights()[0] == model.get_weights()[0]).all())",
        out=("None ['saved_model.json']\nTrue",)),
    "learn_estimators": refused("import tensorflow.contrib.learn as learn\nlearn.SVM('id')",
                                "gan.py, line 2", "tf.contrib.learn.SVM"),
    "learn_monitors": refused(TF + "tf.contrib.learn.monitors.ExportMonitor(5, 'exports')",
                              "gan.py, line 2", "tf.contrib.learn.monitors.ExportMonitor"),
    "learn_data": refused(TF + "tf.contrib.learn.datasets.load_iris()", "gan.py, line 2",
                          "tf.contrib.learn.datasets.load_iris()", "load_iris(PATH)"),
    "contrib_has_no_more_than_then": source(
        TF + "\nseq2seq = tf.contrib.seq2seq\n"
             "one = tf.ones([2, 1, 1], tf.int32)\n"
             "tree = seq2seq.gather_tree(one, 0 * one, [2], 1)\n"
             "print(len(tf.get_collection('while_context')), tf.get_default_graph()"
             ".get_all_collection_keys(), tf.Session().run(tree).ravel())\n"
             "try:\n    tf.contrib.image.rotate(tf.ones([4, 4]), .1, 'CUBIC')\n"
             "except ValueError as error:\n    print(error)\n"
             "from tensorflow.contrib.opt.python.training import sign_decay\n"
             "print(sign_decay.get_linear_decay_fn(9)(tf.constant(1)).dtype.name)\n"
             "tf.contrib.opt.get_linear_decay_fn",
        status=1, out=("0 [] [1 1]", "Invalid interpolation CUBIC", "float32"),
        err=("line 13", "has no attribute 'get_linear_decay_fn'"), one_line=False),
    "dropout_of_eager_training": source(
        TF + "\ntf.enable_eager_execution()\nL = tf.keras.layers\n"
             "m = tf.keras.Sequential([L.Dropout(.5, input_shape=(2,)), L.Dense(1)])\n"
             "m.compile('sgd', 'mse')\nm.train_on_batch(tf.ones([2, 2]), tf.ones([2, 1]))",
        err=("gan.py, line 7: dropout in a model that trains eagerly draws other numbers",)),
    "trees_of_estimators": refused(TF + "tf.estimator.BoostedTreesClassifier", "gan.py, line 2",
                                   "tf.estimator.BoostedTreesClassifier"),
    "strategies_of_estimators": refused(
        TF + "tf.estimator.RunConfig(train_distribute=tf.distribute.MirroredStrategy())",
        "gan.py, line 2", "train_distribute"),
    "positional_cross_entropy": refused(
        TF + "a = tf.zeros([3])\ndef loss():\n    "
             "return tf.nn.sigmoid_cross_entropy_with_logits(a, tf.ones_like(a))\n"
             "try:\n    loss()\nexcept Exception:\n    print('taken')",
        "gan.py, line 4", "by name"),
    "positional_sparse": refused(
        TF + "tf.nn.sparse_softmax_cross_entropy_with_logits(tf.zeros([1, 3]), [1])",
        "gan.py, line 2"),
    "a_line_that_autograph_has_rewritten": refused(
        TF + "@tf.function\ndef f(x):\n    def inner(z):\n        for i in tf.range(3):\n"
             "            z = z + tf.nn.sigmoid_cross_entropy_with_logits(z, z)\n"
             "        return z\n    if tf.reduce_sum(x) > 0:\n        x = inner(x)\n    return x\n"
             "f(tf.ones([2]))", "gan.py, line 6"),
    "python_2_without_its_flag": refused("x = 1\nprint 'epoch', x", "gan.py, line 2", "--python2"),
    "python_2_after_a_colon": refused("for x in [1]: print x", "line 1", "--python2"),
    "python_2_takes_parameters_apart": refused(
        "x = 1\ndef save(images, (height, width), path='a'):\n    pass", "line 2", "--python2"),
    "python_2_takes_a_lambdas_apart": refused("x = map(lambda (a, b): a, [])", "--python2"),
    "no_python_at_all": source("def save(image, height: pass", status=1,
                               err=("SyntaxError",)),
    "python_2_in_a_module": Case({"gan.py": "import helper", "helper.py": "print 'a'"}, status=2,
                                 err=("helper.py, line 1", "--python2"), one_line=True),
    "no_mnist": refused("from tensorflow.examples.tutorials.mnist import input_data\n"
                        "input_data.read_data_sets('x')", "--mnist", flags=("--mnist", "empty")),
    "a_magic_that_runs_code": Case(
        {"gan.ipynb": json.dumps({"cells": [{"cell_type": "code", "source": ["%run other.py"]}]})},
        script="gan.ipynb", status=2, err=("gan.ipynb, cell 1, line 1", "%run"), one_line=True),
    "no_notebook": Case({"gan.ipynb": "[]"}, script="gan.ipynb", status=2,
                        err=("gan.ipynb is not a notebook",), one_line=True),

    "utf_16": Case({"gan.py": "x = 1".encode("utf-16")}, status=2, one_line=True,
                   err=("gan.py is not Python's source",)),
    "null_bytes_in_a_module": Case({"gan.py": "import helper", "helper.py": b"x = 1\0"}, status=2,
                                   one_line=True, err=("helper.py is not Python's source",)),

    # Ends.
    "a_full_disk_is_said": source("import errno\nraise OSError(errno.ENOSPC, 'No space left on '"
                                  "'device', 'a.ckpt')", status=1, err=("the disk is full",)),
    "a_picture_that_cannot_be_written": Case({
        "gan.py": "import matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()\nplt.plot([2])\n"
                  "plt.show()", "gan-figures": "a file"}, status=2, one_line=True,
        err=("run_legacy.py: cannot write gan-figures/0001.png",)),
    "errors_are_the_scripts": source(
        TF + "def build():\n    return tf.pack([1])\nbuild()", status=1,
        err=('File "gan.py", line 4, in <module>', 'File "gan.py", line 3, in build',
             "run_legacy: tf.pack is of TensorFlow 0.x, and 1.15 has not got it: "
             "--tensorflow 0.12 gives it")),
    "names_of_0_12_name_their_flag": source(
        TF + "a = tf.ones([2, 2])\n"
             "for line in ('tf.train.SummaryWriter', 'tf.split(1, 2, a)', 'tf.concat(1, [a, a])',\n"
             "             'tf.concat(concat_dim=1, values=[a, a])', 'tf.nn.seq2seq'):\n"
             "    try: eval(line)\n    except Exception as error: last = error\n"
             "    else: print('taken')\n"
             "import tensorflow.python.ops.seq2seq", status=1, no_err=("taken",), err=(
                 "tf.python.ops.seq2seq is of TensorFlow 0.x", "--tensorflow 0.12 gives it")),
    "an_address_that_is_gone": source(
        "import os\nfrom six.moves import urllib\nif not os.path.exists('data/words.zip'):\n"
        "    urllib.request.urlretrieve('http://localhost:9/a/words.zip?b=1', 'data/words.zip')",
        status=1, err=("URLError", "run_legacy: the script wants data/words.zip from "
                       "http://localhost:9/a/words.zip?b=1,", "save it as data/words.zip")),
    "an_address_that_is_gone_and_no_file": source(
        "import urllib2\nurllib2.urlopen(urllib2.Request('http://localhost:9/a/words.zip'))",
        status=1, err=("run_legacy: the script wants words.zip from", "give the script its path")),
    "an_address_that_is_gone_by_keras": source(
        TF + "tf.keras.utils.get_file('words.zip', 'http://localhost:9/a/words.zip',\n"
             "                        cache_dir='cache')",
        status=1, err=("datasets/words.zip from http://localhost:9/a/words.zip,",)),
    "a_call_of_0_12_names_its_flag": source(
        TF + "tf.split(1, 2, tf.ones([2, 2]))", status=1,
        err=("it may be meant as tf.split(axis, n, value)", "--tensorflow 0.12 takes it")),

    # Other versions' names, where they are asked for.
    "names_and_orders_of_0_12": source(
        TF + "from tensorflow.python.ops import rnn, rnn_cell, seq2seq\n"
             "a = tf.constant([[1., 2.], [3., 4.]])\np = tf.pack([a, tf.neg(a)])\n"
             "tf.scalar_summary('loss', tf.reduce_mean(a)); tf.histogram_summary('h', a)\n"
             "tf.image_summary('i', tf.reshape(a, [1, 2, 2, 1]), max_images=1)\n"
             "outputs, _ = tf.nn.rnn(tf.nn.rnn_cell.GRUCell(3), [a, a], dtype=tf.float32)\n"
             "rnn.rnn(rnn_cell.BasicLSTMCell(3), [a], dtype=tf.float32)\n"
             "merged = tf.merge_all_summaries()\n"
             "with tf.Session() as sess:\n"
             "    sess.run(tf.initialize_all_variables())\n"
             "    for made in (tf.concat(1, [a, a]), tf.split(1, 2, a)[1],\n"
             "                 tf.mul(a, tf.sub(a, 1.)), tf.reverse(a, [False, True]),\n"
             "                 tf.unpack(p)[1], tf.select(a > 2, a, -a),\n"
             "                 tf.batch_matmul(p, p, adj_y=True)[0],\n"
             "                 tf.nn.sigmoid_cross_entropy_with_logits(a, tf.ones_like(a)),\n"
             "                 tf.nn.sparse_softmax_cross_entropy_with_logits(a, [0, 1]),\n"
             "                 tf.nn.softmax_cross_entropy_with_logits(a, [[1., 0.], [0., 1.]])):\n"
             "        print(sess.run(made).astype('float64').round(4).tolist())\n"
             "    writer = tf.train.SummaryWriter('log', sess.graph)\n"
             "    print([v.tag for v in tf.Summary.FromString(sess.run(merged)).value])\n"
             "print(tf.__version__, tf.image.resize_images(tf.ones([1, 4, 4, 1]), 2, 3).shape,\n"
             "      len(outputs), seq2seq.sequence_loss is tf.nn.seq2seq.sequence_loss,\n"
             "      tf.contrib.layers.fully_connected(a, 3).shape, tf.nn.rnn_cell.EmbeddingWrapper"
             ".__name__)\n",
        flags=("--tensorflow", "0.12"), out=(
            "[[1.0, 2.0, 1.0, 2.0], [3.0, 4.0, 3.0, 4.0]]\n[[2.0], [4.0]]\n"
            "[[0.0, 2.0], [6.0, 12.0]]\n[[2.0, 1.0], [4.0, 3.0]]\n[[-1.0, -2.0], [-3.0, -4.0]]\n"
            "[[-1.0, -2.0], [3.0, 4.0]]\n[[5.0, 11.0], [11.0, 25.0]]\n"
            "[[0.3133, 0.1269], [0.0486, 0.0181]]\n[1.3133, 0.3133]\n[1.3133, 0.3133]\n"
            "['loss', 'h', 'i/image']\n", "0.12.1 (1, 2, 3, 1) 2 True (2, 3) EmbeddingWrapper")),
    "contrib_of_1_14": source(CONTRIB_OF_1_14, flags=("--tensorflow", "1.14"), out=(
        CONTRIB_OF_1_14_PRINTED,)),
    "names_of_scipy_1_1": source(
        "import scipy, scipy.misc, numpy as np\nfrom scipy.ndimage import imread\n"
        "from scipy.linalg import triu\nfrom scipy import array, sqrt, randn\n"
        "scipy.misc.imsave('a.png', np.eye(4))\n"
        "print(imread('a.png').shape, imread('a.png', flatten=True).dtype, triu(array([[1, 2],\n"
        "      [3, 4]])).tolist(), sqrt(-4), scipy.float_ is np.float64, scipy.pi == np.pi,\n"
        "      randn(2).shape)",
        out=("(4, 4) float32 [[1, 2], [0, 4]] 2j True True (2,)",)),
    "names_of_numpy_1": source(
        "import numpy as np\nfrom numpy.lib import pad\n"
        "print(np.lib.pad is np.pad, np.core.float_ is np.float64,\n"
        "      np.lib.index_tricks.c_ is np.c_, np.lib.arraysetops.unique is np.unique,\n"
        "      np.nbytes[np.float32],\n"
        "      np.sctypes['float'][1], np.loads(b'I1\\n.'), np.sctype2char(np.float32),\n"
        "      np.issubsctype(np.float32, np.floating), issubclass(np.AxisError, ValueError),\n"
        "      np.warnings.__name__, np.lib.stride_tricks.as_strided.__name__)",
        out=("True True True True 4 <class 'numpy.float32'> 1 f True True warnings as_strided",)),
    "a_missing_package_is_named": source("import tflearn", status=1, err=(
        "ModuleNotFoundError", "pip install --no-deps tflearn==0.5.0")),
    "python2_is_no_remedy_where_it_is_given": source(
        "print [1, 2][2 / 2]\nprint range(1.5)", flags=("--python2",), status=1, out=("2",),
        err=("TypeError",), no_err=("--python2",)),
    "a_nodes_traceback_is_the_scripts": source(
        TF + "def make(x):\n    return tf.reshape(x, [3])\nx = tf.placeholder(tf.float32)\n"
             "tf.Session().run(make(x), {x: [1.0, 2.0]})", status=1, err=(
                 "Original stack trace for 'Reshape':\n  File \"gan.py\", line 5, in <module>\n"
                 "  File \"gan.py\", line 3, in make",), no_err=("run_legacy.py\"", "console.py")),
    "a_module_that_1_15_has_not_got_either": source(
        "import tensorflow.nothing", status=1,
        err=("tensorflow.nothing is not restored, or was never there",)),
    "a_part_that_contrib_of_1_15_has_not_got_either": source(
        TF + "for line in ('import tensorflow.contrib.nope', "
             "'from tensorflow.contrib import nope'):\n"
             "    try:\n        exec(line)\n    except ImportError as error:\n"
             "        print(error)\nprint(hasattr(tf.contrib, 'nope'))\n"
             "print([hasattr(tf.contrib.crf, name) for name in dir(tf.contrib.crf)].count(False))",
        out=("No module named 'tensorflow.contrib.nope'\ncannot import name 'nope'", "False\n0\n")),
    "sys_exit_is_the_scripts": source("import sys\nsys.exit(5)", status=5),
    "steps": source(LOOP % "", flags=("--steps", "3"), out=("step 2",), err=(
        "stopped after 3 updates", "gan.py, line 12")),
    "steps_count_assignments": source(LOOP % "sess.run(doubled)", flags=("--steps", "4"),
                                      out=("step 1",), err=("stopped after 4",)),
    "steps_of_every_kind_of_session": source(
        TF + "w = tf.get_variable('w', initializer=1.0)\nx = tf.placeholder(tf.float32, [])\n"
             "count = tf.train.get_or_create_global_step()\n"
             "sgd = tf.train.GradientDescentOptimizer(0.1)\n"
             "up, fed = sgd.minimize(w * w, count), sgd.minimize(w * x)\n"
             "s = tf.Session()\ns.run(tf.global_variables_initializer())\n"
             "s.run({1: up, 'b': [w]})\nrecord = tf.RunMetadata()\n"
             "s.run(up, None, tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE), record)\n"
             "print('traced', len(record.step_stats.dev_stats))\n"
             "s.make_callable([fed, w], [x])(1.0)\ns.make_callable(up)()\ns.make_callable(w)()\n"
             "s.make_callable([up, w], accept_options=True)(options=tf.RunOptions())\n"
             "changed = w.assign_add(x)\nh = s.partial_run_setup([changed], [x])\n"
             "s.partial_run(h, changed, {x: 1.0})\nprint('six')\n"
             "hooks = [tf.train.StopAtStepHook(9), tf.train.LoggingTensorHook({'w': w}, 1),\n"
             "         tf.train.FinalOpsHook(w)]\n"
             "hooks[-1].end = lambda s: print('ends', tf.train.latest_checkpoint('a'))\n"
             "with tf.train.MonitoredTrainingSession(checkpoint_dir='a', hooks=hooks) as m:\n"
             "    while not m.should_stop(): print('step', m.run([up, count]) and 1)",
        flags=("--steps", "10"), out=("traced 1", "six\n" + 4 * "step 1\n" + "ends a"),
        err=("stopped after 10 updates", "gan.py, line 25")),
    "steps_of_keras": source(
        TF + "import numpy as np\n"
             "m = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(2,))])\n"
             "m.compile('sgd', 'mse')\n"
             "for i in range(4):\n"
             "    m.predict(np.ones((1, 2)))\n"
             "    m.train_on_batch(np.ones((1, 2)), np.ones((1, 1)))\n    print('step', i)",
        flags=("--steps", "2"), out=("step 1",), err=("stopped after 2 updates",)),
    "steps_unwind_with_blocks": source(
        LOOP.replace("with tf.Session() as sess:\n", "try:\n    sess = tf.Session()\n") % ""
        + "\nexcept Exception:\n    print('taken')\nfinally:\n    print('at the end')",
        flags=("--steps", "1"), out=("at the end",)),
    "python_2": source(PYTHON2, flags=("--python2",), out=(
        "half 3 -4 3.5 3.0", "old", "4 4 2 1 511 5 3 True", "3.0 (1, 2) True FloorDiv",
        "[3 4] 1.5", "3 4 2 1 from strings", "1 [3, 1] True", "no expression")),
    "true_division_where_it_is_asked_for": source(
        "from __future__ import division\nprint 7 / 2", flags=("--python2",), out=("3.5",)),
    "a_notebook": Case({"gan.ipynb": NOTEBOOK}, script="gan.ipynb", status=1, out=(
        "%not a magic 3", "shown", "\n2\n"), err=(
            "cell 1, line 2: not run: !pip install nothing", "cell 3: %%bash is not run",
            'File "gan.ipynb, cell 6", line 1', "NameError")),
    "a_notebooks_cells_are_read_as_ipython_reads_them": notebook(
        "%matplotlib inline\nfrom __future__ import print_function\nx = 1",
        "y = x\nfrom __future__ import division\nfor i in range(2):\n    x = x / 2  # fast?\nx",
        "x;", "x == 7;  # quiet?", "display('shown')", "%%time\nx + 1", "%timeit -n 1 -r 1 x + 2",
        TF + "tf.flags.DEFINE_integer('units', 3, '')\ntf.flags.FLAGS.units",
        "import sys\nsys.exit(4)", "print('taken')", status=4, one_line=True,
        out=("0.25\nshown\n1.25\n3\n",),
        err=("cell 9 ends the notebook: the cells after it are not run",)),
    "cells_that_were_copied_from_a_prompt": notebook(
        ">>> x = 1\n>>> for i in range(2):\n...     x += i\n...\n>>> x", "In [3]: y = x\n"
        "   ...: y + 1", "\n>>> y + 2", "\"\"\"\n>>> y\"\"\"", out=("2\n3\n4\n'\\n", "y'\n")),
    "what_is_timed_is_not_assigned": notebook(
        "x, y = 1, 4", "%timeit -n 3 x = 2", "%%timeit -n 3 -q x = 3\ny = x\nprint('timed', y)",
        "if x:\n    %timeit for x in range(7): y = x\n    %timeit x = 5; print('in a block', x)\n"
        "[x, y]", "%time x = 6\nx", "%%capture out\nprint('shown')", "%timeit 1 / 0",
        out=("timed 3\nin a block 5\n[1, 4]\n6\nshown\n",), status=1,
        err=("cell 6: what the cell prints is printed, and no variable gets it: %%capture out",
             'cell 7", line 1', "ZeroDivisionError")),
    "a_variable_set_by_a_command": notebook(
        "x = 1\nfiles = !ls", status=2, one_line=True,
        err=("gan.ipynb, cell 1, line 2: !ls is not run, and a variable is set",)),
    "cells_that_change_folder_and_write_files": notebook(
        "import os\nos.mkdir('sub')\n%cd sub\nprint(os.path.basename(os.getcwd()))", "cd -",
        "%%writefile own.py\nimport numpy as np\nTOTAL = np.uint8(200) + 100\n",
        "%%file -a own.py\nMORE = 7", "import own\nown.TOTAL, own.MORE", "matplotlib inline",
        "cd none", "time print('timed')", "ls", "ls = 5", "ls", "pip install none", "cd = ls - 1",
        "get_ipython().magic('cd sub')\nos.path.basename(os.getcwd())",
        "from google.colab import drive\ndrive.mount('/content/drive')",
        out=("sub\nsub\n", "Writing own.py\nAppending to own.py\n(300, 7)\n",
             "No such file or directory: 'none'", "timed\n5\n", "'sub'\n"),
        err=("cell 9, line 1: not run: %ls", "cell 12, line 1: not run: %pip install none",
             "no drive at /content/drive")),
    "a_cell_of_python_2_asks_for_true_division_for_all_after_it": notebook(
        "print 7 / 2\n", "from __future__ import division\nprint 7 / 2", "print 9 / 2",
        flags=("--python2",), out=("3\n3.5\n4.5\n",)),
    "a_notebook_ends_though_a_thread_waits": notebook(
        TF + "import threading, atexit\nout = tf.FIFOQueue(2, tf.float32).dequeue()\n"
        "sess = tf.Session()\natexit.register(lambda: print('atexit'))",
        "threading.Thread(target=lambda: sess.run(out)).start()\nprint('end')",
        "log = open('log.txt', 'w'); log.write('kept\\n')\nimport gzip\n"
        "packed = gzip.open('log.gz', 'wt'); packed.write('kept, too')\n"
        "writer = tf.summary.FileWriter('events')\nwriter.add_summary(tf.Summary(value=["
        "tf.Summary.Value(tag='a', simple_value=1.)]), 1)\n"
        "record = tf.python_io.TFRecordWriter('records'); record.write(b'kept')",
        out=("end\natexit\n",), no_err=("Traceback",),
        err=("ended with the program: 1 thread (gan.ipynb, cell 2, line 1)",)),
    "a_notebook_waits_for_a_thread_that_ends": notebook(
        "import threading, time\nfrom concurrent.futures import ThreadPoolExecutor\n"
        "pool = ThreadPoolExecutor(1); pool.submit(print, 'pooled').result()\n"
        "def work():\n    time.sleep(1.5)\n    print('worked')\n"
        "threading.Thread(target=work).start()", "print('end')",
        out=("end\nworked\n",), no_err=("ended with",)),
    "a_notebook_that_exits_ends_though_a_thread_waits": notebook(
        WAITS, TF +
        "def main(_):\n    print('in main')\n    return 3\ntf.app.run(main, argv=['x'])",
        status=3, out=("in main",), err=("cell 1, line 2", "ended with the program")),
    "a_notebook_that_is_refused_ends_though_a_thread_waits": notebook(
        WAITS, TF + "tf.contrib.quantize", "print('taken')", status=2,
        err=("cell 2, line 2: tf.contrib.quantize", "ended with the program")),
    "a_notebook_that_fails_ends_though_a_thread_waits": notebook(
        WAITS, "1 / 0", "print('taken')", status=1,
        err=("ZeroDivisionError", "ended with the program")),
    "steps_end_a_program_whose_threads_train": source(
        TRAINS + "def work():\n    while True:\n        sess.run(step)\n"
        "for i in range(2):\n    threading.Thread(target=work).start()\n"
        "try:\n    time.sleep(1000)\nfinally:\n    print('finally')\nprint('taken')",
        flags=("--steps", "3"), err=("stopped after 3 updates (--steps); the last was that of "
                                     "gan.py, line 8",), one_line=True),
    "steps_end_threads_that_outlive_the_main_code": source(
        TRAINS + "def work():\n    time.sleep(.5)\n    while True:\n        sess.run(step)\n"
        "for i in range(2):\n    threading.Thread(target=work).start()\nprint('main')",
        flags=("--steps", "3"), out=("main",), one_line=True, err=("stopped after 3 updates",)),
    "steps_end_a_program_that_takes_every_exception": source(
        TRAINS + "log = open('log.txt', 'w'); log.write('kept')\nimport matplotlib.pyplot as plt\n"
        "plt.ion(); plt.plot([1, 2]); plt.pause(.1)\nwhile True:\n    try:\n"
        "        sess.run(step)\n    except:\n        time.sleep(.01)",
        flags=("--steps", "3"), one_line=True, err=("stopped after 3 updates",)),
    "modules_by_their_path": Case(
        {"gan.py": BY_PATH, "pieces/part.py": TF + "version, name = tf.VERSION, __name__"},
        out=(" ".join(["1.15.5"] * 6) + " e\n[True, True, True, True, False, False] "
             "tensorflow.train\nNo module named 'none'",)),
    "what_runs_after_the_last_line_prints_as_then": source(
        "import atexit, threading, time\nimport numpy as np\n"
        "atexit.register(lambda: print('at the exit', [np.float32(2)]))\n"
        "def work():\n    time.sleep(.5)\n    print([np.float32(1.5)])\n"
        "threading.Thread(target=work).start()", out=("[1.5]\nat the exit [2.0]\n",)),
    "a_notebooks_lines_in_a_script": Case(
        {"gan.py": "%matplotlib inline\nx = 3\nx"}, flags=("--notebook",), out=("3",)),
    "pictures": source(
        "import matplotlib\nmatplotlib.use('TkAgg')\nimport matplotlib.pyplot as plt\n"
        "fig, ax = plt.subplots()\nplt.hold(True)\nfig.canvas.set_window_title('a')\n"
        "ax.hist([1, 2], normed=True)\nplt.show()\nplt.ion()\nf = plt.figure()\n"
        "for i in range(3):\n    plt.plot([i, 2])\n    plt.pause(9)\n"
        "plt.imshow([[1]], cmap=plt.cm.get_cmap('gray'))\nf.show()\nplt.waitforbuttonpress()\n"
        "from matplotlib import mlab\nprint('%.6f %.6f' % (mlab.normpdf(1., 0., 2.), "
        "mlab.bivariate_normal(1., 2., 1.5, .5, .2, 1., .3)))", out=("0.176033 0.030036",)),
    # What is drawn after it is 1.15.5's.
    "linspace_is_one_operation_as_then": source(
        TF + "tf.set_random_seed(1)\nx = tf.linspace(0.0, 1.0, 3)\n"
        "y = tf.lin_space(-3., 7., 1000)\n"
        "z = tf.linspace(tf.constant(1., tf.float64), 2., 7, name='a')\n"
        "w = tf.linspace(5., 1., 1)\nr = tf.random_uniform([2])\n"
        "assert x.op.type == 'LinSpace' and tf.gradients(y, [x]) == [None]\n"
        "with tf.Session() as sess: print('%.6f %.6f' % tuple(sess.run(r)))",
        out=("0.532950 0.243605",)),
    "images_of_scipy": source(
        "import scipy.misc\nimport numpy as np\nfrom scipy.misc import imsave, imread, imresize\n"
        "a = np.linspace(-1, 1, 16).reshape(4, 4)\nimsave('a.png', a)\nb = imread('a.png')\n"
        "print(b.dtype, b[0, 0], b[-1, -1], imresize(b, [2, 2]).tolist())\n"
        "scipy.misc.toimage(a, cmin=-2, cmax=2).save('b.png'); print(imread('b.png')[0].tolist())\n"
        "imsave('c.jpg', np.zeros([2, 3, 3])); print(imread('c.jpg', mode='L').shape)",
        out=("uint8 0 255", "[64, 72, 81, 89]", "(2, 3)")),
    "files_are_looked_for_as_then": source(
        TF + "open('images/a.txt', 'w').close()\nw = tf.Variable(1.0)\nsaver = tf.train.Saver()\n"
             "from tensorflow.python.lib.io import file_io\n"
             "for call in (lambda: saver.restore(tf.Session(), 'none/x'),\n"
             "             lambda: saver.restore(tf.Session(), 'images/x'),\n"
             "             lambda: tf.train.checkpoint_exists('none/x'),\n"
             "             lambda: tf.train.NewCheckpointReader('none/x'),\n"
             "             lambda: tf.train.list_variables('none/x'),\n"
             "             lambda: tf.gfile.Glob('none/*'), lambda: tf.io.gfile.glob('none/a'),\n"
             "             lambda: file_io.get_matching_files('none/*'),\n"
             "             lambda: tf.gfile.Glob('images/a.txt/b'),\n"
             "             lambda: tf.gfile.DeleteRecursively('images/a.txt'),\n"
             "             lambda: tf.gfile.Glob(['images/a*', 'images/b*']),\n"
             "             lambda: tf.gfile.Glob('i?ages'), lambda: tf.gfile.Glob('images/'),\n"
             "             lambda: tf.gfile.DeleteRecursively('empty')):\n"
             "    try: print(call())\n    except Exception as error: print(type(error).__name__)",
        out=("NotFoundError\nValueError\nNotFoundError\nInvalidArgumentError\n"
             "InvalidArgumentError\nNotFoundError\nNotFoundError\nNotFoundError\n"
             "FailedPreconditionError\nFailedPreconditionError\n['images/a.txt']\n['./images']\n"
             "[]\nNone\n",)),
    "a_generator_that_has_changed_is_said": source(
        TF + "x = tf.random_gamma([2], 1.0, seed=1)\ny = tf.random_gamma([2], 2.0, seed=2)",
        err=("gan.py, line 2", "tf.random_gamma"), one_line=True),
    "an_order_that_has_changed_is_said": source(
        TF + "data = tf.data.Dataset.range(9).shuffle(9, seed=1)\ndata.batch(2).repeat()\n"
             "tf.data.Dataset.range(9).shuffle(9).repeat()\ndata.repeat(2)\n"
             "of_pairs = tf.data.Dataset.range(9).map(lambda x: tf.sparse.eye(2)).shuffle(9, 1)\n"
             "of_pairs.repeat(2)",
        err=("gan.py, line 7", "a data set's shuffle right before its repeat"), one_line=True),
    "what_is_drawn_after_a_bijector_by_a_matrix_is_said": source(
        TF + "tf.set_random_seed(1)\n"
             "tf.contrib.distributions.bijectors.Affine([1.0, 2.0], scale_diag=[1.0, 2.0])\n"
             "tf.random_normal([2])",
        err=("gan.py", "bijectors.Affine makes another number"), one_line=True),
    "what_is_drawn_after_an_unknown_count_is_said": source(
        TF + "from tensorflow.contrib import layers\n"
             "a = lambda: tf.TensorArray(tf.float32, 1).write(0, tf.ones([1, 1])).concat()\n"
             "b = lambda: (tf.Variable(1.0), tf.train.Saver(None, False, True))\n"
             "c = lambda: layers.scale_gradient(tf.ones([2]), 0.5)\n"
             "d = lambda: layers.batch_norm(tf.ones([4, 3]), batch_weights=tf.ones([4]))\n"
             "e = lambda: tf.train.SyncReplicasOptimizer(tf.train.GradientDescentOptimizer(1.0),\n"
             "    1).apply_gradients([(tf.ones([]), tf.Variable(1.0))], tf.Variable(0))\n"
             "f = lambda: (tf.Variable(1.0), tf.train.Saver())\n"
             "for call in (a, b, c, d, e, f):\n"
             "    with tf.Graph().as_default():\n        tf.set_random_seed(1)\n        call()\n"
             "        tf.random_normal([2])",
        err=tuple(f"gan.py, line {line}: {name} makes another number" for line, name in enumerate((
            "tf.TensorArray.concat", "tf.train.Saver(sharded=True)",
            "tf.contrib.layers.scale_gradient", "tf.nn.weighted_moments"), 3))
        + ("line 8: tf.train.SyncReplicasOptimizer makes",)),
    "what_is_drawn_after_a_loop's_gradient_is_said_once": source(
        TF + "tf.set_random_seed(1)\nw = tf.Variable(1.0)\nx = tf.random_normal([2])\n"
             "step = tf.train.AdamOptimizer().minimize(w * 2.0)\nx = tf.random_normal([2])\n"
             "loss = tf.while_loop(lambda v: v < 9.0, lambda v: tf.maximum(v * w, w), [w])\n"
             "tf.train.AdamOptimizer().minimize(loss)\nx = tf.random_normal([2])\n"
             "y = tf.random_normal([2])\ntf.einsum('ij,jk->ik', tf.ones([2, 3]), tf.ones([3, 2]))\n"
             "z = tf.layers.dense(tf.ones([2, 3]), 2)",
        err=("gan.py, line 8: a gradient of Maximum in a loop", "what gan.py, line 9 draws",
             "other numbers than 1.15's"), one_line=True),
}


# What PYTHONPATH names: a package, one without __init__.py, and what pip has put there.
ON_THE_PATH = {
    "parts/__init__.py": "",
    "parts/layer.py": TF + "from tensorflow.contrib.layers import flatten\nversion = tf.VERSION",
    "namespace/deep/layer.py": TF + "version = tf.VERSION",
    "installed.py": TF + "version = tf.__version__",
    "installed-1.0.dist-info/RECORD": "installed.py,,\ninstalled-1.0.dist-info/RECORD,,\n",
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory, forked):
    """name -> folder in which the case has run."""
    top = tmp_path_factory.mktemp("scripts")
    on_the_path = top / "on the path"
    for path, text in ON_THE_PATH.items():
        (on_the_path / path).parent.mkdir(parents=True, exist_ok=True)
        (on_the_path / path).write_text(text)
    jobs = []
    for name, case in CASES.items():
        folder = top / name
        (folder / "images").mkdir(parents=True)
        (folder / "empty").mkdir()
        write_idx(folder / "images")
        for path, text in case.files.items():
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_bytes(text if isinstance(text, bytes) else text.encode())
        jobs.append([str(folder), list(case.flags) + [case.script] + list(case.arguments)])
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join([ROOT, str(on_the_path)]),
                       KERAS_HOME=str(top), HOME=str(top),
                       PIP_NO_INDEX="1", https_proxy="http://localhost:9")
    for name in ("MPLBACKEND", "DISPLAY", "WAYLAND_DISPLAY"):
        environment.pop(name, None)
    subprocess.run([forked, os.path.join(HERE, "forked_runs.py")], input=json.dumps(jobs),
                   universal_newlines=True, env=environment, check=True, timeout=500)
    return top


@pytest.mark.parametrize("name", list(CASES))
def test_a_script_ends_as_it_should(name, runs):
    case, folder = CASES[name], runs / name
    out, err = (folder / "out.txt").read_text(), (folder / "err.txt").read_text()
    assert int((folder / "status").read_text()) == case.status, err + out
    for word in case.out:
        assert word in out, out + err
    for word in case.err:
        assert word in err, err
    for word in case.no_err:
        assert word not in err, err
    lines = [line for line in err.splitlines() if "not MNIST" not in line
             and "Skipping" not in line and "Downloading" not in line
             # TensorFlow's own, before 2.21.
             and "absl::InitializeLog" not in line and "mlir_graph_optimization_pass" not in line]
    if case.one_line:
        assert len(lines) == 1 and "Traceback" not in err, err
    assert "tf1gan/legacy" not in err
    assert ("taken" not in out) and not any(folder.glob("**/__pycache__"))


def test_what_was_being_written_is_whole_where_a_thread_waits(runs):
    folder = runs / "a_notebook_ends_though_a_thread_waits"
    assert (folder / "log.txt").read_text() == "kept\n"
    assert gzip.open(str(folder / "log.gz")).read() == b"kept, too"
    assert b"kept" in (folder / "records").read_bytes()
    [events] = (folder / "events").iterdir()
    assert b"\n\x01a" in events.read_bytes()
    folder = runs / "steps_end_a_program_that_takes_every_exception"
    assert (folder / "log.txt").read_text() == "kept"
    assert (folder / "gan-figures" / "0001.png").exists()


def test_pictures_are_numbered_and_whole(runs):
    from matplotlib.image import imread
    written = sorted(path.name for path in (runs / "pictures" / "gan-figures").iterdir())
    assert written == ["0001.png", "0002.png"]
    for name in written:
        assert np.ptp(imread(str(runs / "pictures" / "gan-figures" / name))) > 0.5
    assert [path.name for path in (runs / "a_notebook" / "gan-figures").iterdir()] == ["0001.png"]


@pytest.mark.parametrize("arguments, words", [
    (["none.py"], "none.py"),
    (["--steps", "0", "x.py"], "--steps"),
    (["--steps", "many", "x.py"], "--steps"),
    (["--mnist", "/dev/null", "x.py"], "--mnist"),
    (["--step", "3", "x.py"], "--step"),
    ([], "required: SCRIPT (--help"),
    (["."], "is not a file"),
])
def test_a_mistake_is_one_line_before_anything_loads(script, tmp_path, arguments, words):
    (tmp_path / "x.py").write_text("print('run')")
    done = script("run_legacy.py", *arguments)
    assert done.returncode == 2 and words in done.stderr and len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_a_script_by_a_link_finds_what_stands_beside_it(script, tmp_path):
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "gan.py").write_text("import helper\nprint(helper.x, __file__)")
    (tmp_path / "project" / "helper.py").write_text("x = 5")
    (tmp_path / "link.py").symlink_to(tmp_path / "project" / "gan.py")
    done = script("run_legacy.py", "link.py")
    assert done.returncode == 0 and done.stdout == "5 link.py\n", done.stderr


def test_help_and_mistakes_do_not_load_tensorflow_or_the_runner():
    code = ("import sys; from tf1gan.cli import commands\n"
            "try: commands.run_legacy(['--help'], 'x')\n"
            "except SystemExit: pass\n"
            "assert not {'tensorflow', 'tf1gan.legacy', 'matplotlib'} & set(sys.modules)")
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE,
                   env=dict(os.environ, PYTHONPATH=ROOT))


def test_the_rest_does_not_know_of_the_runner_which_takes_little_of_it():
    package = os.path.join(ROOT, "tf1gan")
    taken = set()
    for folder, _, names in os.walk(package):
        for name in names:
            if name.endswith(".py"):
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    lines = [line.strip() for line in file if "import" in line]
                if os.path.join(folder, "").startswith(os.path.join(package, "legacy", "")):
                    taken |= {line for line in lines if line.startswith("from tf1gan")
                              and "tf1gan.legacy" not in line}
                elif folder not in (os.path.join(package, "cli"), os.path.join(
                        package, "converting")) and not (
                            folder == package and name == "__init__.py"):   # the extension
                    assert not any("legacy" in line and "tf1gan" in line for line in lines), name
    assert {line.split(" import")[0].split()[1] + " " + line.split("import ")[1]
            for line in taken} <= {
        "tf1gan data", "tf1gan.data formats", "tf1gan.errors UserError",
        "tf1gan.errors UserError, WriteError", "tf1gan.errors WriteError", "tf1gan.compat tf",
        "tf1gan console", "tf1gan process", "tf1gan console, process",
        "tf1gan.images CLASSES, PIXELS", "tf1gan.files atomic"}
