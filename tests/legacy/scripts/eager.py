"""Eager execution with tf.contrib.eager: no session, numbers are printed."""
import numpy as np
import tensorflow as tf
tf.enable_eager_execution()
tfe = tf.contrib.eager

tf.set_random_seed(6)
model = tf.keras.Sequential([tf.keras.layers.Dense(8, input_shape=(5,)),
                             tf.keras.layers.BatchNormalization(),
                             tf.keras.layers.LeakyReLU(),
                             tf.keras.layers.Dense(1)])
for i, variable in enumerate(model.variables):      # no initializer of Keras is seeded alike
    variable.assign(tf.cast(tf.reshape(tf.range(tf.size(variable)), variable.shape), tf.float32)
                    / 40.0 - 0.3 + 0.01 * i)
optimizer = tf.train.AdamOptimizer(1e-2)
scale = tfe.Variable(2.0)


def train_step(images):
    with tf.GradientTape() as tape:
        out = model(images, training=True) * scale
        loss = tf.losses.sigmoid_cross_entropy(tf.ones_like(out), out)
    gradients = tape.gradient(loss, model.trainable_variables + [scale])
    optimizer.apply_gradients(zip(gradients, model.trainable_variables + [scale]))
    return loss


train_step = tfe.defun(train_step)
rs = np.random.RandomState(0)
data = tf.data.Dataset.from_tensor_slices(rs.rand(40, 5).astype("float32")).batch(4)
for images in data:
    print("%.7f" % train_step(images).numpy())

mean, right = tfe.metrics.Mean("loss"), tfe.metrics.Accuracy()
for value, weight in ((3.0, 1.0), ([5.0, 8.0], [2.0, 0.0])):
    mean(value, weights=weight)
    right(tf.constant([1, 2, 3]), tf.constant([1, 2, int(value == 3.0)]))
shares = [tfe.metrics.BinaryAccuracy(0.65), tfe.metrics.SparseAccuracy(),
          tfe.metrics.CategoricalAccuracy()]
shares[0](tf.constant([1.0, 0.0, 1.0]), tf.constant([0.7, 0.66, 0.9]))
shares[1](tf.constant([1, 0]), tf.constant([[0.2, 0.8], [0.3, 0.7]]), weights=[1.0, 3.0])
shares[2](tf.constant([[0, 1], [1, 0]]), tf.constant([[0.2, 0.8], [0.3, 0.7]]))
print([float(metric.result()) for metric in [mean, right] + shares], len(mean.variables))
mean.init_variables()
mean(4.0)
print(float(mean.result()))
saver = tfe.Saver([scale])
kept = saver.save("scale", global_step=3)
scale.assign(9.0)
saver.restore(kept)
print("%.5f" % scale.numpy(), kept.endswith("-3"))
print(tf.random_normal([3]).numpy().shape, tf.executing_eagerly(), model.variables[0].shape)
