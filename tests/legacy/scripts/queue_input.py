"""Input queues, a coordinator, tf.data's one-shot iterator, image resizing, a decayed rate."""
import numpy as np
import tensorflow as tf

tf.set_random_seed(9)
data = tf.constant(np.arange(24, dtype=np.float32).reshape(6, 2, 2, 1))
image = tf.train.slice_input_producer([data], shuffle=False)[0]
batch = tf.train.batch([image], 3)
resized = tf.image.resize_images(batch, [4, 4])
near = tf.image.resize_nearest_neighbor(batch, [3, 3])
after = tf.random_normal([2])
numbers = tf.data.Dataset.from_tensor_slices(np.arange(8)).repeat().batch(3)
following = numbers.make_one_shot_iterator().get_next()
w = tf.get_variable("w", [4, 4, 1], initializer=tf.ones_initializer())
global_step = tf.Variable(0, trainable=False)
rate = tf.train.exponential_decay(0.1, global_step, 2, 0.5, staircase=True)
loss = tf.reduce_mean(tf.squared_difference(resized * w, 1.0)) / 1000
step = tf.train.MomentumOptimizer(rate, 0.9).minimize(loss, global_step=global_step)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    coordinator = tf.train.Coordinator()
    threads = tf.train.start_queue_runners(sess=sess, coord=coordinator)
    for _ in range(10):
        sess.run([resized, near, following, rate])
        sess.run(step)
    sess.run(after)
    coordinator.request_stop()
    coordinator.join(threads)
