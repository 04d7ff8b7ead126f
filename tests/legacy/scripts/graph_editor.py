"""tf.contrib.graph_editor: an unrolled step, activations computed again, edits of a graph."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib import graph_editor as ge
from tensorflow.contrib.graph_editor import graph_replace

tf.set_random_seed(3)
rs = np.random.RandomState(0)
x = tf.placeholder(tf.float32, [4, 3], name="x")
w = tf.get_variable("w", [3, 3], initializer=tf.random_normal_initializer(seed=1))
v = tf.get_variable("v", [3, 1], initializer=tf.random_normal_initializer(seed=2))
h = x
for layer in range(3):
    h = tf.nn.tanh(tf.matmul(h, w), name="h%d" % layer)
loss = tf.reduce_mean(tf.square(tf.matmul(h, v)))

# The loss after a step of w.
after = graph_replace(loss, {w.value(): w.value() - 0.1 * tf.gradients(loss, w)[0]})
meta = tf.gradients(after, v)[0]
one, two = graph_replace([loss, h], {x: 2.0 * x}, dst_scope="doubled")
draw = tf.random_normal([2])

# h0 and h1 are computed again for the gradient, from x.
graph = tf.get_default_graph()
kept = graph.get_tensor_by_name("h0:0")
forward = ge.get_forward_walk_ops([kept.op], inclusive=False)
backward = ge.get_backward_walk_ops([loss.op], stop_at_ts=[kept])
between = [op for op in forward if op in set(backward)]
cut = tf.stop_gradient(kept)
view, info = ge.copy_with_input_replacements(ge.sgv(between), {})
changed = ge.reroute_ts([cut], [kept], can_modify=list(info._transformed_ops.values()))
again = info.transformed(loss)
of_kept = tf.gradients(again, [cut, w])
late = info._transformed_ops[between[0]]
ge.add_control_inputs(late, [draw.op])
print(changed, len(view.ops), sorted(op.name for op in between)[:4],
      sorted(op.name for op in view.ops)[:4], [op.name for op in late.control_inputs])
print(sorted(t.name for t in ge.filter_ts_from_regex(between, "h1")),
      len(ge.filter_ts(between, True)), sorted(op.name for op in ge.select_ops("^h[12]$", graph=graph)),
      one.name, two.name, ge.sgv(between).inputs[0].name, info.original(again).name)
print(sorted(op.name for op in ge.get_walks_intersection_ops(kept.op, h.op)))
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(3):
        feed = {x: rs.randn(4, 3)}
        sess.run([loss, after, meta, one, two, again, draw], feed)
        sess.run(of_kept, feed)
        sess.run(w.assign_sub(0.1 * tf.gradients(loss, w)[0]), feed)
