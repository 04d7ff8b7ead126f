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
print(tf.random_normal([3]).numpy().shape, tf.executing_eagerly(), model.variables[0].shape)
