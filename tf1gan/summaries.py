"""What TensorBoard shows of a run."""

import contextlib
import os

import numpy as np

from tf1gan import console, files
from tf1gan.compat import tf
from tf1gan.errors import WriteError

MEASURES = ("frechet", "score", "covered", "kl")    # of an evaluation.Quality
MEASURED, D_REAL, D_FAKE = "measured/", "outputs/D_real", "outputs/D_fake"
LEARNING = "samples/learning"
_LOSSES, _SPEED = ("loss/generator", "loss/discriminator"), "speed/iterations_per_second"
TIMED = (_SPEED,)                   # what differs between two runs of the same seed

# TensorBoard orders tags by their names, and compares runs by the first five: the losses, then
# what is measured of the samples.
DESCRIPTIONS = {
    "loss/generator": "What G minimizes, in this iteration. It is low if D takes G's images for "
                      "real ones.",
    "loss/discriminator": "What D minimizes, in this iteration. Near 0, D is sure of every "
                          "image, and G hardly learns anything.",
    "measured/frechet": "Frechet distance of samples from the test images, by a classifier's "
                       "features. 0 is best.",
    "measured/score": "From 1 to 10. It is high if the classifier is sure of each sample and all "
                      "ten digits are equally frequent.",
    "measured/covered": "Digits that make up at least 1 % of the samples. 10 is best.",
    "measured/kl": "How far the digits' shares are from equal ones, in nats. 0 is best.",
    "monitor/diversity": "The variance among generated images, as a share of that among real "
                         "ones. Near 1 is good; near 0 all images are the same.",
    "monitor/contrast": "How much the pixels within a generated image vary. Near 0, it is all of "
                        "one shade.",
    D_REAL: "D's mean output on real images. With a loss of probabilities, 1 means that D is sure "
            "that they are real, and 0.5 that it is undecided.",
    D_FAKE: "D's mean output on generated images. With a loss of probabilities, 0 means that D is "
            "sure that they are generated, and 0.5 that it is undecided.",
    _SPEED: "Since the last point.",
}
_NO_EMBEDDINGS = "no_embeddings"
_TABLE = "hyperparameters"
_ABOUT = (_TABLE, "custom_scalars__config__", "_hparams_/session_start_info",
          "_hparams_/session_end_info")
_CHARTS = (("losses of G and D", "^loss/"),
           ("D's outputs on real and generated images", "^outputs/"),
           ("samples' diversity and contrast", "^monitor/"))


def weight_histograms(graph):
    """An op that gives a histogram of every weight. Run it between iterations."""
    return tf.summary.merge([
        tf.summary.histogram("weights/" + variable.op.name, variable)
        for variable in graph.generator_variables + graph.discriminator_variables])


def output_histograms(graph):
    """An op that gives histograms of D's outputs on the batch that is fed."""
    return tf.summary.merge([
        tf.summary.histogram(tag + "_histogram", outputs)
        for tag, outputs in zip((D_REAL, D_FAKE), graph.d_outputs)])


def all_finite():
    """A boolean tensor: whether no variable of the default graph is NaN or infinite."""
    return tf.reduce_all([tf.reduce_all(tf.is_finite(variable))
                          for variable in tf.global_variables() if variable.dtype.is_floating])


def of_iteration(seen, rate):
    """A Summary of the last iteration of a Seen, and of the iterations per second."""
    values = [float(each[-1]) for each in seen]
    return _scalars(dict(zip(_LOSSES + (D_REAL, D_FAKE, _SPEED), values + [rate])))


def of_look(sight):
    """A Summary of a monitor.Sight."""
    return _scalars({"monitor/diversity": sight.diversity, "monitor/contrast": sight.contrast})


def of_evaluation(quality):
    """A Summary of an evaluation.Quality."""
    return _scalars({MEASURED + name: getattr(quality, name) for name in MEASURES})


def _scalars(values):
    """A Summary of numbers by tag, with what TensorBoard says of each tag."""
    return tf.Summary(value=[
        _tensor(tag, "scalars", np.float32(value), DESCRIPTIONS.get(tag))
        for tag, value in values.items()])


def text(tag, words):
    """A Summary of a text in Markdown."""
    return tf.Summary(value=[_tensor(tag, "text", words)])


def in_markdown(value):
    """A value as Markdown shows it: no link, no picture and no end of a table's cell."""
    return "".join(f"&#{ord(each)};" if each in "\\`*_[]<>&|#!~" else each
                   for each in console.plain(value))


def _tensor(tag, plugin, value, description=None):
    return tf.Summary.Value(tag=tag, tensor=tf.make_tensor_proto(value), metadata=(
        tf.SummaryMetadata(summary_description=description, plugin_data=(
            tf.SummaryMetadata.PluginData(plugin_name=plugin)))))


def image(tag, png, pixels):
    """A Summary of one picture: `png` its file's bytes, `pixels` the [height, width] array."""
    height, width = pixels.shape
    return tf.Summary(value=[tf.Summary.Value(tag=tag, image=tf.Summary.Image(
        height=height, width=width, colorspace=1, encoded_image_string=png))])


def about(rows, compared):
    """Summaries of what a run is: for its text, for comparing runs, and its charts.

    Args:
      rows: (name, value) of its hyperparameters and the like.
      compared: a dict of those in which runs are compared.
    """
    lines = ["| what | value |", "|---|---|"] + [
        f"| {name} | {in_markdown(value)} |" for name, value in rows]
    # TensorBoard's own modules load TensorFlow, and not as quietly as compat does.
    from tensorboard.plugins.custom_scalar import layout_pb2, summary as custom_scalar
    from tensorboard.plugins.hparams import summary as hparams
    layout = layout_pb2.Layout(category=[layout_pb2.Category(title="training", chart=[
        layout_pb2.Chart(title=title, multiline=layout_pb2.MultilineChartContent(tag=[tags]))
        for title, tags in _CHARTS])])
    return [text(_TABLE, "\n".join(lines)), custom_scalar.pb(layout),
            hparams.session_start_pb({
                name: console.plain(value) if isinstance(value, str) else value
                for name, value in compared.items()})]


def ended():
    """A Summary that says that a run has reached its end."""
    from tensorboard.plugins.hparams import api_pb2, summary as hparams
    return hparams.session_end_pb(api_pb2.STATUS_SUCCESS)


def hide_from_projector(folder):
    """Gives TensorBoard's Projector a checkpoint that has nothing for it.

    Of itself it takes the run's, and every matrix of weights in it for an embedding. No run
    stops because this cannot be written.
    """
    from google.protobuf import text_format
    from tensorboard.plugins.projector import projector_config_pb2
    path = os.path.join(os.path.abspath(folder), _NO_EMBEDDINGS)
    with contextlib.suppress(tf.errors.OpError, OSError, WriteError):
        with tf.Graph().as_default(), tf.Session() as session:
            session.run(tf.Variable(0, name="none").initializer)
            tf.train.Saver().save(session, path, write_meta_graph=False, write_state=False)
        with files.atomic(os.path.join(folder, "projector_config.pbtxt")) as file:
            file.write(text_format.MessageToString(projector_config_pb2.ProjectorConfig(
                model_checkpoint_path=path)).encode())


def belongs(event, step, pictures):
    """Whether an event is one of a run that goes on from a step.

    What a run is does not: one that continues says so anew.

    Args:
      event: a tf.Event.
      step: where the run stands.
      pictures: whether an epoch's pictures and histograms belong to that very step. They also end a
        run whose length is no whole number of epochs, and a longer run would lack those.
    """
    return not (any(value.tag in _ABOUT for value in event.summary.value)
                or event.step == step and not pictures and _is_picture(event))


def _is_picture(event):
    return any(value.HasField("image") and value.tag != LEARNING or value.HasField("histo")
               for value in event.summary.value)
