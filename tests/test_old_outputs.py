"""Which of an old graph's tensors are taken for its outputs, where nobody says which."""

import numpy as np
import pytest

from tf1gan.compat import tf
from tf1gan.converting import ends, inspection, sources
from tf1gan.errors import UserError

pytestmark = pytest.mark.skipif(tf.__version__.startswith("1."), reason="needs TensorFlow 2")


def penalized(last, noise=lambda x: x):
    """A GAN whose critic also sees what lies at random between pictures and drawn ones."""
    def critic(x):
        return noise(tf.matmul(x, critic_weights))
    z = tf.placeholder(tf.float32, [None, 3], name="z")
    x = tf.placeholder(tf.float32, [None, 784], name="x")
    weights = tf.get_variable("w", [3, 784], use_resource=False)
    critic_weights = tf.get_variable("c", [784, 1], use_resource=False)
    drawn = last(tf.matmul(z, weights))
    share = tf.random_uniform([8, 1], name="share")
    between = share * x + (1 - share) * drawn
    slope = tf.reshape(critic(between) * tf.norm(critic_weights), [-1, 1], name="between")
    tf.reduce_mean(critic(x) - critic(drawn), name="loss")
    return slope


def written(tmp_path, build, *arguments):
    path = str(tmp_path / "g.pb")
    with tf.Graph().as_default() as graph:
        build(*arguments)
        with open(path, "wb") as file:
            file.write(graph.as_graph_def().SerializeToString())
    return path


def test_pictures_are_clear_and_not_a_critic_of_what_lies_at_random_between_two(tmp_path):
    path = written(tmp_path, penalized, lambda h: tf.sigmoid(h, name="pictures"))
    found = ends.find(sources.opened(path))
    assert [each.name for each in found.outputs.values()] == ["pictures:0"]
    assert [each.name for each in found.inputs.values()] == ["z:0"]
    found = ends.find(sources.opened(path), "z,x,share/RandomUniform:0")     # no draw any more
    assert [each.name for each in found.outputs.values()] == ["between:0"]


def test_candidates_are_listed_where_all_but_the_drawn_one_are_unclear(tmp_path):
    def build():
        penalized(tf.sigmoid)
        tf.tanh(tf.placeholder(tf.float32, [None, 784], name="q") * 2., name="another")
        tf.reduce_mean(tf.get_default_graph().get_tensor_by_name("another:0"))
    path = written(tmp_path, build)
    with pytest.raises(UserError, match=r"another:0 .*between:0 depends on random numbers"):
        ends.find(sources.opened(path))
    assert "--outputs" in inspection.inspect(path)[-1]


@pytest.mark.parametrize("asked, wanted", [("", "noisy:0"), ("x,is_training:0=False", "noisy:0")])
def test_what_is_drawn_in_training_only_is_clear(asked, wanted, tmp_path):
    def build():
        x = tf.placeholder(tf.float32, [None, 784], name="x")
        h = tf.sigmoid(tf.nn.dropout(x, keep_prob=np.float32(.5)))
        no, yes = tf.raw_ops.Switch(
            data=h, pred=tf.placeholder(tf.bool, [], name="is_training"))
        h = tf.raw_ops.Merge(inputs=[no, yes * tf.random_uniform(tf.shape(yes))])[0]
        tf.identity(h, name="noisy")
    found = ends.find(sources.opened(written(tmp_path, build)), asked)
    assert [each.name for each in found.outputs.values()] == [wanted]
