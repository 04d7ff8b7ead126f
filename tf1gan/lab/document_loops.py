"""The documents' training loops in plain TensorFlow, for the benchmark to compare with.

Losses and runs are those of each document's listing. Eager execution is a graph here.
"""

import numpy as np

from tf1gan.compat import tf
from tf1gan.lab.document_networks import NETWORKS, NOISE_SIZE, PIXELS


def _cross_entropy(logits_real, logits_fake, smooth):
    """(G's loss, D's loss) of documents 000 and 003."""
    def mean(logits, labels, factor=1.0):
        return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(
            logits=logits, labels=labels(logits)) * factor)
    return (mean(logits_fake, tf.ones_like, 1 - smooth),
            mean(logits_real, tf.ones_like, 1 - smooth) + mean(logits_fake, tf.zeros_like))


def _logarithms(logits_real, logits_fake):
    """Those of documents 002 and 004."""
    real, fake = tf.nn.sigmoid(logits_real), tf.nn.sigmoid(logits_fake)
    return -tf.reduce_mean(tf.log(fake)), -tf.reduce_mean(tf.log(real) + tf.log(1. - fake))


# Their documents make both updates in one run.
ONE_RUN = ("xavier_gan", "eager_dcgan")


def build(name, apart=False):
    """Adds a document's graph to the default one, by its model's name.

    Returns a function (session, images float32 [batch, 784] in the document's range) that does one
    iteration as the document's loop does; or, `apart`, for those of ONE_RUN, by a run of each
    update, as the other documents do.
    """
    generator, discriminator = NETWORKS[name]
    x = tf.placeholder(tf.float32, [None, PIXELS])
    z = tf.placeholder(tf.float32, [None, NOISE_SIZE])
    fake = generator(z)
    if name == "keras_gan":
        return _document_001(x, z, fake, generator, discriminator)
    logits_real, logits_fake = discriminator(x), discriminator(fake)
    g_loss, d_loss = (
        _logarithms(logits_real, logits_fake) if name in ("xavier_gan", "plain_dcgan")
        else _cross_entropy(logits_real, logits_fake, 0.0 if name == "eager_dcgan" else 0.1))
    rate, beta1 = {"gan": (0.001, 0.4), "dcgan": (0.001, 0.4), "xavier_gan": (0.0002, 0.9),
                   "eager_dcgan": (0.0001, 0.9), "plain_dcgan": (0.0001, 0.9)}[name]
    g, d = [tf.train.AdamOptimizer(rate, beta1).minimize(
        loss, var_list=tf.trainable_variables(scope))
        for loss, scope in ((g_loss, "generator"), (d_loss, "discriminator"))]
    # What each run fetches, and whether it is fed images.
    runs = {"gan": [(g, False), (d, True), (g_loss, False), (d_loss, True)],
            "dcgan": [(g, False), (d, True)],
            "xavier_gan": [([g, d, g_loss, d_loss], True)],
            "eager_dcgan": [([g, d], True)],
            "plain_dcgan": [([d, d_loss], True), ([g, g_loss], False)]}[name]
    if apart:
        runs = [([g, g_loss], False), ([d, d_loss], True)]
    draw = _normal if name == "eager_dcgan" and not apart else _uniform

    def iterate(session, images):
        noise = draw(images)
        for number, (fetches, fed_images) in enumerate(runs):
            if number and name == "plain_dcgan":        # whose G has noise of its own
                noise = draw(images)
            session.run(fetches, {x: images, z: noise} if fed_images else {z: noise})
    return iterate


def _uniform(images):
    return np.random.uniform(-1, 1, (len(images), NOISE_SIZE))


def _normal(images):
    return np.random.normal(size=(len(images), NOISE_SIZE))


def _document_001(x, z, fake, generator, discriminator):
    by_moving_statistics = generator(z, training=False)
    labels = tf.placeholder(tf.float32, [None, 1])
    logits, logits_fake = discriminator(x), discriminator(fake)
    d_loss, g_loss = [tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(
        logits=of, labels=as_label)) for of, as_label in
        ((logits, labels), (logits_fake, tf.ones_like(logits_fake)))]
    train_d, train_g = [tf.train.MomentumOptimizer(0.001, 0.9, use_nesterov=True).minimize(
        loss, var_list=tf.trainable_variables(scope))
        for loss, scope in ((d_loss, "discriminator"), (g_loss, "generator"))]

    def iterate(session, images):
        generated = session.run(by_moving_statistics, {z: _uniform(images)})
        both = np.concatenate([images, generated])
        real = np.repeat([[1.0], [0.0]], len(images), axis=0)
        session.run([train_d, d_loss], {x: both, labels: real})
        session.run([train_g, g_loss], {z: _uniform(images)})
    return iterate
