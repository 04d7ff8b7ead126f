"""TensorFlow's own modules: optimizers of one's own, a frozen graph, a checkpoint's reader."""
import array
import threading
import numpy as np
import tensorflow as tf
from tensorflow.python import pywrap_tensorflow
from tensorflow.python.client import device_lib
from tensorflow.python.framework import dtypes, graph_util, ops
from tensorflow.python.keras.layers.core import Dense
from tensorflow.python.layers import core
from tensorflow.python.ops import array_ops, control_flow_ops, init_ops, math_ops, random_ops
from tensorflow.python.ops import state_ops, variable_scope as vs
from tensorflow.python.ops.control_flow_ops import cond
from tensorflow.python.ops.variables import RefVariable
from tensorflow.python.training import moving_averages, optimizer, training_ops
from tensorflow.python.training.checkpoint_management import latest_checkpoint
from tensorflow.python.util import nest


class OMD(optimizer.Optimizer):
    """Optimistic mirror descent."""
    def __init__(self, lr=0.05, use_locking=False, name="OMD"):
        super(OMD, self).__init__(use_locking, name)
        self._lr_t = ops.convert_to_tensor(lr, name="lr")

    def _apply_dense(self, grad, var):
        last = self._zeros_slot(var, "last", self._name)
        lr = math_ops.cast(self._lr_t, var.dtype.base_dtype)
        up = state_ops.assign_sub(var, 2 * lr * grad - lr * last)
        with ops.control_dependencies([up]):
            keep = last.assign(grad, use_locking=self._use_locking)
        return control_flow_ops.group(up, keep)


class Plain(optimizer.Optimizer):
    def _apply_dense(self, grad, var):
        return training_ops.apply_gradient_descent(var, ops.convert_to_tensor(0.05), grad).op


tf.set_random_seed(10)
x = tf.placeholder(dtypes.float32, [None, 6], name="x")
assert isinstance(x, ops.Tensor) and nest.is_sequence([1]) and not nest.is_sequence(x)
assert Dense is tf.keras.layers.Dense
flag = array_ops.placeholder_with_default(True, [])


def D(t, reuse=None):
    with vs.variable_scope("D", reuse=reuse):
        h = core.dense(t, 5, activation=math_ops.tanh,
                       kernel_initializer=init_ops.truncated_normal_initializer(stddev=.5))
        h = array_ops.stack([h, -h], 1)
        scale = vs.get_variable("s", [], initializer=init_ops.ones_initializer())
        return scale * math_ops.reduce_mean(h[:, 0] * 2, 1, keepdims=True)


with vs.variable_scope("G"):
    z = random_ops.random_normal([4, 3])
    g = core.Dense(6, name="out")(z)
    b = RefVariable([0.5], name="b")
    g = cond(flag, lambda: g + b, lambda: g)
r, f = D(x), D(g, True)
ld = math_ops.reduce_mean((r - 1.) ** 2) + math_ops.reduce_mean(f ** 2)
lg = math_ops.reduce_mean((f - 1.) ** 2)
dv, gv = [[v for v in tf.trainable_variables() if v.name.startswith(s)] for s in "DG"]
do, go = OMD().minimize(ld, var_list=dv), Plain(False, "Plain").minimize(lg, var_list=gv)
mean = tf.Variable(0., trainable=False, name="mean")
avg = moving_averages.assign_moving_average(mean, ld, 0.9, zero_debias=False)
rs = np.random.RandomState(1)
got = []
t = threading.Thread(target=lambda: got.extend(
    rs.rand(4, 6).astype(np.float32).tostring() for _ in range(20)))
t.start()
t.join()
print(t.isAlive(), len(device_lib.list_local_devices()) > 0, array.array("B", [1]).tostring())
with tf.Session() as s:
    s.run(tf.global_variables_initializer())
    for raw in got:
        fd = {x: np.frombuffer(raw, np.float32).reshape(4, 6)}
        s.run(do, fd)
        s.run(go, fd)
        s.run([ld, lg, avg], fd)
    path = tf.train.Saver().save(s, "./m", global_step=3)
    frozen = graph_util.convert_variables_to_constants(s, s.graph.as_graph_def(), [r.op.name])
    want = s.run(r, fd)
reader = pywrap_tensorflow.NewCheckpointReader(latest_checkpoint("."))
print(sorted(reader.get_variable_to_shape_map())[:3], reader.get_tensor("D/s").shape)
with tf.Graph().as_default() as graph:
    tf.import_graph_def(frozen, name="f")
    with tf.Session() as s:
        print(s.run("f/" + r.name, {"f/x:0": fd[x]}).ptp() == want.ptp())
