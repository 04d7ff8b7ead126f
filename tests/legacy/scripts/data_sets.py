"""A conditional GAN on tf.data: iterators of two kinds, MonitoredTrainingSession, a hook."""
import numpy as np
import tensorflow as tf

tf.logging.set_verbosity(tf.logging.ERROR)
tf.set_random_seed(99)
rs = np.random.RandomState(6)
images, labels = (rs.rand(30, 16) * 255).astype(np.uint8), rs.randint(0, 3, 30)


def prep(i, l):
    i = tf.cast(i, tf.float32) / 127.5 - 1.
    return i, tf.one_hot(l, 3)


ds = tf.data.Dataset.from_tensor_slices((images, labels)).map(prep, num_parallel_calls=2)
ds = ds.apply(tf.contrib.data.batch_and_drop_remainder(6)) if False else ds.batch(6, drop_remainder=True)
ds = ds.repeat().prefetch(1)
x, y = ds.make_one_shot_iterator().get_next()
zd = tf.data.Dataset.from_tensors(0).map(lambda _: tf.random_uniform([6, 4], -1, 1, seed=3)).repeat()
z = zd.make_one_shot_iterator().get_next()
small = tf.data.Dataset.zip((tf.data.Dataset.range(5), tf.data.Dataset.range(5, 10)))
small = small.filter(lambda a, b: tf.not_equal(a, 2)).shuffle(5, seed=8).batch(2)
it = tf.data.Iterator.from_structure(small.output_types, small.output_shapes)
pair, start = it.get_next(), it.make_initializer(small)


def mlp(t, y, n, scope, out=None):
    with tf.variable_scope(scope, reuse=tf.AUTO_REUSE, initializer=tf.glorot_uniform_initializer()):
        t = tf.concat([t, y], -1)
        w = tf.get_variable("w", [t.shape[1].value, 12], regularizer=lambda w: 1e-4 * tf.nn.l2_loss(w))
        t = tf.nn.relu(tf.nn.xw_plus_b(t, w, tf.get_variable("b", 12, initializer=tf.zeros_initializer)))
        t = tf.concat([t, y], -1)
        t = tf.matmul(t, tf.get_variable("v", [t.shape[1], n], initializer=tf.orthogonal_initializer(0.7)))
        return out(t) if out else t


g = mlp(z, y, 16, "G", tf.tanh)
dr, df = mlp(x, y, 1, "D"), mlp(g, y, 1, "D")
ld = tf.losses.hinge_loss(tf.ones_like(dr), dr) + tf.losses.hinge_loss(tf.zeros_like(df), df)
lg = -tf.reduce_mean(df)
gs = tf.train.get_or_create_global_step()
sc = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, "D")
sg = tf.trainable_variables("G")
td = tf.train.GradientDescentOptimizer(0.05).minimize(ld + tf.losses.get_regularization_loss("D"), var_list=sc)
tg = tf.train.AdagradOptimizer(0.05).minimize(lg, gs, sg)
train = tf.group(td, tg)
limit = tf.constant(20)


class Hook(tf.train.SessionRunHook):
    def begin(self):
        self.n = 0

    def before_run(self, run_context):
        return tf.train.SessionRunArgs([limit])     # gs would be read beside its step

    def after_run(self, run_context, run_values):
        self.n += 1
        if self.n == run_values.results[0]:
            run_context.request_stop()


h = Hook()
with tf.train.MonitoredTrainingSession(hooks=[h], checkpoint_dir=None) as s:
    while not s.should_stop():
        s.run(train)
print(h.n)
with tf.train.SingularMonitoredSession() as s:
    s.run([x, y, z])
    s.run([ld, lg])
with tf.Session() as s:
    s.run(tf.global_variables_initializer())
    for i in range(20):
        s.run(td)
        s.run(tg)
        s.run([ld, lg, gs])
    for e in range(2):
        s.run(start)
        try:
            while True:
                s.run(pair)
        except tf.errors.OutOfRangeError:
            pass
