"""A recurrent GAN: cells, dynamic_rnn, static_rnn, lookups with sparse gradients; Keras's names."""
import numpy as np
import tensorflow as tf

tf.set_random_seed(5)
B, T, V, H = 4, 5, 7, 6
tok = tf.placeholder(tf.int32, [B, T])
w0 = tf.Variable(tf.random_normal([V, H], stddev=0.1), name="emb")
emb = tf.nn.embedding_lookup(w0, tok)
z = tf.placeholder(tf.float32, [B, T, 3])
ini = tf.random_uniform_initializer(-0.1, 0.1, seed=3)
with tf.variable_scope("G", initializer=ini):
    cell = tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.GRUCell(H),
                                        tf.nn.rnn_cell.BasicLSTMCell(H, forget_bias=0.5)])
    out, st = tf.nn.dynamic_rnn(cell, z, dtype=tf.float32)
    g = tf.layers.dense(out, H, kernel_initializer=ini)


def D(x, reuse=None):
    with tf.variable_scope("D", reuse=reuse, initializer=ini):
        fw = tf.nn.rnn_cell.LSTMCell(H, use_peepholes=True)
        bw = tf.nn.rnn_cell.BasicRNNCell(H)
        (a, b), _ = tf.nn.bidirectional_dynamic_rnn(
            fw, bw, x, sequence_length=[5, 3, 2, 4], dtype=tf.float32)
        h = tf.concat([a, b], 2)[:, -1]
        cell = tf.nn.rnn_cell.DropoutWrapper(tf.nn.rnn_cell.GRUCell(H), 1.0)
        o, _ = tf.nn.static_rnn(cell, tf.unstack(x, axis=1), dtype=tf.float32)
        return tf.layers.dense(tf.concat([h, o[-1]], 1), 1)


r, f = D(emb), D(g, True)
ld = tf.reduce_mean(tf.nn.softplus(-r) + tf.nn.softplus(f))
lg = tf.reduce_mean(tf.nn.softplus(-f))
tv = tf.trainable_variables()
dv = [v for v in tv if not v.name.startswith("G")]
gvv = [v for v in tv if v.name.startswith("G")]
opt = tf.train.AdamOptimizer(1e-2)
ds = opt.minimize(ld, var_list=dv)
gs = tf.train.RMSPropOptimizer(1e-3).minimize(lg, var_list=gvv)
L = tf.keras.layers
for layer in (L.LSTM(2), L.Bidirectional(L.GRU(2)), L.RNN([L.LSTMCell(2), L.GRUCell(2)])):
    layer(z)
L.ConvLSTM2D(2, 2)(tf.zeros([1, 2, 3, 3, 1]))
rs = np.random.RandomState(3)
with tf.Session() as s:
    s.run(tf.global_variables_initializer())
    for i in range(20):
        fd = {tok: rs.randint(0, V, [B, T]), z: rs.randn(B, T, 3)}
        s.run(ds, fd)
        s.run(gs, fd)
        s.run([ld, lg], fd)
    s.run([w0, st[0]], fd)
