"""Placeholders of sparse tensors: the shapes that are known of them, what is fed, and seeds."""
import tensorflow as tf

tf.set_random_seed(1)
drawn = []
for shape in (None, [None, 6], [3, 6], [-1, 6], [None], tf.constant([2, 6], tf.int64)):
    x = tf.sparse_placeholder(tf.float32, shape, "x")
    y = tf.sparse.placeholder(tf.float32, shape)
    print(x.shape, y.get_shape(), x.dense_shape.name, x.indices.shape, tf.sparse_tensor_to_dense(x).shape)
    drawn.append(tf.random_uniform([2]))
of_keras = tf.keras.layers.Input((6,), sparse=True)
print(of_keras.shape, tf.keras.backend.placeholder((None, 6), sparse=True).shape)
drawn.append(tf.random_uniform([2]))
x = tf.sparse_placeholder(tf.float32, [None, 6])
fed = tf.sparse_placeholder(tf.float32, [1, 6])
dense = [tf.sparse_tensor_to_dense(each) for each in (x, fed)]
with tf.Session() as session:
    session.run(drawn)
    for columns in (6, 7):
        value = tf.SparseTensorValue([[0, 1]], [2.], [1, columns])
        print(session.run(dense, {x: value, fed: value}))
