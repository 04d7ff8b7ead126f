"""What is drawn by the graph's seed after functions of images, and after gradients."""
import tensorflow as tf

tf.set_random_seed(7)
drawn = []


def draw():
    drawn.append(tf.random_normal([2]))


image = tf.placeholder_with_default(tf.ones([16, 16, 3]), [16, 16, 3])
top = tf.cast(tf.random_uniform([], 0, 4, seed=3), tf.int32)
drawn.append(tf.image.crop_to_bounding_box(image, top, 0, 12, 12)[0, 0])
draw()
unknown = tf.placeholder_with_default(tf.ones([16, 16, 3]), None)
drawn.append(tf.image.random_flip_left_right(unknown)[0, 0])
draw()
partly = tf.placeholder_with_default(tf.ones([16, 16, 3]), [None, None, 3])
drawn.append(tf.random_crop(tf.image.resize_images(partly, [20, 20]), [16, 16, 3])[0, 0])
drawn.append(tf.image.random_brightness(tf.image.rot90(partly), .3)[0, 0])
drawn.append(tf.image.per_image_standardization(tf.cast(partly * 9, tf.uint8))[0, 0])
drawn.append(tf.image.resize_image_with_crop_or_pad(partly, 8, 24)[0, 5])
draw()

x = tf.placeholder_with_default(tf.ones([4, 6]), [None, 6])
out = tf.layers.dense(tf.maximum(tf.layers.dense(x, 5), 0.), 1)
slope = tf.gradients(out, [x])[0]
norms = tf.sqrt(tf.reduce_sum(tf.square(slope), 1))
step = tf.train.AdamOptimizer(.1, beta1=.5).minimize(tf.reduce_mean((norms - 1.) ** 2))
draw()
data = tf.data.Dataset.from_tensor_slices(tf.ones([4, 9, 9, 3])).map(
    lambda one: tf.random_crop(tf.image.random_flip_left_right(one) * tf.random_uniform([]),
                               [4, 4, 3])).batch(2).make_one_shot_iterator().get_next()
draw()
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    for _ in range(3):
        for value in session.run(drawn):
            print(value)
        session.run(step)
    print(session.run(tf.trainable_variables()[0])[0], session.run(data)[:, 0, 0])
