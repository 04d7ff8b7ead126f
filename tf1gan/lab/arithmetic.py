"""How much arithmetic an iteration is, and how much of it this machine can do."""

from tf1gan import models
from tf1gan.compat import tf
from tf1gan.lab import turns
from tf1gan.lab.document_networks import NETWORKS
from tf1gan.models import D_THEN_G, G_THEN_D, NOISE_SIZE, TOGETHER


def iteration_flop(name, batch_size=None):
    """Multiplications and additions of one iteration, of matrix products and convolutions.

    They are counted as the document has them, with those at a border that only meet zeros. A
    gradient costs one such product for the weights and one for the layer's input; the first
    layer's input needs none, but for D's when the gradient goes on to G.
    """
    model, networks = models.find(name), NETWORKS[name]
    with tf.Graph().as_default() as graph:
        images = networks.generator(tf.zeros([batch_size or model.defaults["batch_size"],
                                              NOISE_SIZE]))
        generator = _flop(graph)
        networks.discriminator(images)
        discriminator = _flop(graph)[len(generator):]
    g, g_first, d, d_first = (sum(generator), generator[0], sum(discriminator), discriminator[0])
    g_passes, d_passes = {TOGETHER: (1, 2), G_THEN_D: (2, 3), D_THEN_G: (2, 3)}[model.order]
    return (g_passes * g + 2 * g - g_first                  # forward, and back in G's update
            + d_passes * d + d + 2 * (2 * d - d_first))     # forward, back to G, and D's update


def _flop(graph):
    """That of each matrix product and convolution, in the order they were added."""
    counts = []
    for op in graph.get_operations():
        if op.type == "MatMul":
            counts.append(2 * op.outputs[0].shape.num_elements() * op.inputs[0].shape[1])
        elif op.type == "Conv2D":
            counts.append(2 * op.outputs[0].shape.num_elements()
                          * op.inputs[1].shape[:3].num_elements())
        elif op.type == "Conv2DBackpropInput":      # a transposed convolution
            kernel = op.inputs[1].shape
            counts.append(2 * op.inputs[2].shape.num_elements() * kernel[0] * kernel[1] * kernel[2])
    return [int(count) for count in counts]


def peak(bfloat16=False):
    """FLOP/s of a large matrix product on this machine, in float32 or bfloat16."""
    size, kind = 2048, tf.bfloat16 if bfloat16 else tf.float32
    with tf.Graph().as_default(), tf.Session() as session:
        one = tf.Variable(tf.cast(tf.random_uniform([size, size]), kind), use_resource=True)
        product = tf.reduce_sum(tf.matmul(one, one))    # which nothing can optimize away
        session.run(tf.global_variables_initializer())
        return 2.0 * size ** 3 / min(turns.times(session.make_callable(product), 10))
