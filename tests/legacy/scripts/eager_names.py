"""Names of tf.contrib.eager's networks and of the variables in them; tensors as keys."""
import tensorflow as tf
tf.enable_eager_execution()
tf.set_random_seed(5)
tfe = tf.contrib.eager


class Net(tfe.Network):
    def __init__(self, name=None):
        super(Net, self).__init__(name=name)
        self.a = self.track_layer(tf.layers.Dense(3))
        self.b = self.track_layer(tf.layers.Dense(2, use_bias=False))
        self.c = self.track_layer(tf.layers.Dense(2, name="out"))

    def call(self, x):
        return self.c(self.b(tf.nn.relu(self.a(x))))


class Two(tfe.Network):
    def __init__(self, name=None):
        super(Two, self).__init__(name=name)
        self.z = self.track_layer(Net())
        self.y = self.track_layer(tf.layers.Dense(2))
        self.x = self.track_layer(Net(name="k"))

    def call(self, x):
        return self.x(self.y(self.z(x)))


def shown(make):
    try:
        made = make()
        print(made(tf.ones([2, 4])).numpy())
        names = [made.name] + [variable.name for variable in made.variables]
        # Numbers are compared, so a name is written as one.
        print(names, [sum(map(ord, name)) for name in names])
    except ValueError:
        print("refused", 1)


for each in (lambda: Net("net"), lambda: Net("net"), Net, Net, Two, Two, lambda: Net("a/b")):
    shown(each)
with tf.variable_scope("s"):
    shown(Net)
    shown(lambda: Net("net"))
    shown(lambda: Net("u"))

one, two, other = tf.constant(1), tf.constant(2), tf.constant(1)
variable = tfe.Variable(1.)
print(len({one, two, other, one, variable}), {one: 3, two: 4, variable: 5}[two],
      int(one in [two, one]), int(one in [two, other]), int(one == other), [two, one].index(one),
      int(hash(one) == id(one)), len(set(tf.unstack(tf.constant([1, 1])))))
