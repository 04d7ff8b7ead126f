"""A network of tf.contrib.eager, trained by implicit gradients."""
import numpy as np
import tensorflow as tf
tf.enable_eager_execution()
tfe = tf.contrib.eager
tf.set_random_seed(6)


class Small(tfe.Network):
    def __init__(self):
        super(Small, self).__init__()
        self.hidden = self.track_layer(tf.layers.Dense(6, activation=tf.nn.tanh))
        self.out = self.track_layer(tf.layers.Dense(2))

    def call(self, inputs):
        return self.out(self.hidden(inputs))


small = Small()
rs = np.random.RandomState(0)
images, labels = rs.rand(8, 5).astype(np.float32), np.arange(8) % 2


def loss_of(network, inputs, targets):
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(
        logits=network(inputs), labels=targets))


optimizer = tf.train.AdamOptimizer(0.01)
gradients = tfe.implicit_gradients(loss_of)
for _ in range(5):
    optimizer.apply_gradients(gradients(small, images, labels))
    print("%.7f" % loss_of(small, images, labels).numpy())
print([variable.shape.as_list() for variable in small.variables], len(small.layers))
print(small.get_layer(index=1) is small.out)
try:
    small.track_layer(3)
except TypeError as error:
    print(error)
