"""Loads SavedModels in a process that has no tf1gan.

    python foreign.py NOISE.npy OUT.npz FOLDER...

OUT.npz has, by the last two parts of a folder's name, the images of all of the noise and, with
"/first" behind it, those of its first row alone.

An operation has one thread, as in the tests: with two, convolutions round otherwise.
"""

import os
import sys

sys.modules["tf1gan"] = None        # any import of it fails
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402


def images(folder, noises):
    """The images of each noise, by the way that this TensorFlow has."""
    if tf.__version__.startswith("1."):
        one = tf.ConfigProto(intra_op_parallelism_threads=1)
        with tf.Graph().as_default(), tf.Session(config=one) as session:
            meta = tf.saved_model.loader.load(session, ["serve"], folder)
            signature = meta.signature_def["serving_default"]
            return [session.run(signature.outputs["images"].name,
                                {signature.inputs["noise"].name: noise}) for noise in noises]
    call = tf.saved_model.load(folder).signatures["serving_default"]
    return [call(noise=tf.constant(noise))["images"].numpy() for noise in noises]


if __name__ == "__main__":
    if not tf.__version__.startswith("1."):
        tf.config.threading.set_intra_op_parallelism_threads(1)
    noise = np.load(sys.argv[1])
    found = {}
    for folder in sys.argv[3:]:
        every, first, none = images(folder, [noise, noise[:1], noise[:0]])
        assert none.shape == (0, 28, 28), none.shape
        name = "/".join(folder.split(os.sep)[-2:])
        found[name], found[name + "/first"] = every, first
    np.savez(sys.argv[2], **found)
