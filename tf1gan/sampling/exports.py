"""A generator for programs that have no tf1gan: a SavedModel, and its weights as arrays."""

import json
import os

import numpy as np

from tf1gan import console, files, runs
from tf1gan.compat import tf
from tf1gan.errors import UserError, WriteError, reason
from tf1gan.images import SIDE
from tf1gan.models import NOISE_SIZE
from tf1gan.sampling import Sampler

# SavedModel's place for what TensorFlow does not read.
ABOUT = os.path.join("assets.extra", "tf1gan.json")


def export(path, out=None, npz=None, model=None, best=False):
    """Writes a run's or a checkpoint's generator as a SavedModel, its weights, or both.

    The SavedModel's one signature, `serving_default`, takes `noise`, float32 [n, 100], and gives
    `images`, float32 [n, 28, 28] in [0, 1], for any n. Its graph holds the weights as constants:
    plain operations on no particular device.

    Args:
      path, model, best: as for Sampler.
      out: a folder that is not there yet, or an empty one; None writes no SavedModel.
      npz: an npz file to write: the weights by their documents' names, and `about`, a text in
        JSON; None writes none.

    Raises:
      UserError: what Sampler raises; a place that cannot be written to; or, with `out`, a
        checkpoint whose generator is normalized by its batch.
    """
    check_request(out, npz)
    with Sampler(path, model, best=best) as sampler:
        if out and sampler.batch_statistics:
            raise UserError(
                f"{sampler.checkpoint} has no moving statistics, so its digits depend on the "
                "batch in which they are drawn: sample it with scripts/sample.py, or export its "
                "weights with --npz FILE.npz and without --out")
        weights = sampler.weights()
        about = describe(sampler, weights)
        if out:
            _write_saved_model(out, sampler, about)
        if npz:
            with files.atomic(npz) as file:
                np.savez(file, about=np.array(json.dumps(about, indent=2)), **weights)
    if npz:
        console.say(f"Weights of {sampler.checkpoint}: {npz}", *console.columns(
            [(name, " x ".join(map(str, array.shape)), about["axes"][name])
             for name, array in weights.items()]))
    if out:
        console.say(f"SavedModel of {sampler.checkpoint}: {out}",
                    f"  noise   float32 [n, {NOISE_SIZE}], {about['noise']}",
                    "  images  float32 [n, 28, 28] in [0, 1]")


def check_request(out, npz):
    """Refuses what `export` cannot do, before there is work."""
    if not out and not npz:
        raise UserError("nothing to write: give --out FOLDER, --npz FILE.npz, or both")
    if npz:
        files.check_writable(npz)
    if out:
        try:
            os.path.abspath(out).encode("utf-8")
        except UnicodeEncodeError:
            raise UserError("--out is not UTF-8, which TensorFlow's file names must be: "
                            f"{ascii(out)}") from None
        files.check_new_folder(out)


def describe(sampler, weights):
    """What a user of the weights must know, as a dict for JSON."""
    model = sampler.model
    low, high = model.image_range
    return {
        "model": model.name, "document": model.document,
        "checkpoint": os.path.basename(sampler.checkpoint),
        "hyperparameters": sampler.settings.asked,
        "noise": {"uniform": "uniform in [-1, 1]", "normal": "normal"}[model.noise],
        "images": f"{low:g} is black and {high:g} white in the generator's, what is beyond "
                  "is cut off; the SavedModel's are in [0, 1]",
        "axes": {name: axes(name, array.ndim) for name, array in weights.items()},
        "versions": runs.versions()}


def axes(name, rank):
    """What the axes of a variable are, in words."""
    if rank == 4:
        # A transposed convolution's kernel has the channels of its result first.
        channels = "inputs, outputs" if "/conv2d/" in name else "outputs, inputs"
        return "rows, columns, " + channels
    return "inputs, outputs" if rank == 2 else "outputs"


def _write_saved_model(folder, sampler, about):
    """Writes what takes noise and gives images in [0, 1]."""
    definition, noise, images = sampler.frozen()
    low, high = sampler.model.image_range
    try:
        with files.atomic_folder(folder) as temporary, tf.Graph().as_default():
            z = tf.placeholder(tf.float32, [None, NOISE_SIZE], name="noise")
            x, = tf.import_graph_def(definition, {noise: z}, [images], name="")
            x = tf.clip_by_value((x - low) / (high - low), 0.0, 1.0)
            x = tf.reshape(x, [-1, SIDE, SIDE], name="images")
            builder = tf.saved_model.Builder(temporary)
            with tf.Session() as session:
                builder.add_meta_graph_and_variables(
                    session, [tf.saved_model.tag_constants.SERVING],
                    {"serving_default": tf.saved_model.predict_signature_def(
                        {"noise": z}, {"images": x})}, strip_default_attrs=True)
                builder.save()
            os.makedirs(os.path.dirname(os.path.join(temporary, ABOUT)))
            with open(os.path.join(temporary, ABOUT), "w", encoding="utf-8") as file:
                file.write(json.dumps(about, indent=2) + "\n")
    except tf.errors.OpError as error:
        raise WriteError(f"cannot write {folder}: {reason(error)}") from error
