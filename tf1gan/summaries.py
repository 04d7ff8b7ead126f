"""What TensorBoard shows of a run."""

import glob
import os
import tempfile

from tf1gan import files
from tf1gan.compat import tf

_TABLE = "hyperparameters"


def weight_histograms(graph):
    """An op that gives a histogram of every weight. Run it between iterations."""
    return tf.summary.merge([
        tf.summary.histogram("weights/" + variable.op.name, variable)
        for variable in graph.generator_variables + graph.discriminator_variables])


def output_histograms(graph):
    """An op that gives histograms of D's outputs on the batch that is fed."""
    return tf.summary.merge([tf.summary.histogram("D_real", graph.probe[0]),
                             tf.summary.histogram("D_fake", graph.probe[1])])


def all_finite():
    """A boolean tensor: whether no variable of the default graph is NaN or infinite."""
    return tf.reduce_all([tf.reduce_all(tf.is_finite(variable))
                          for variable in tf.global_variables() if variable.dtype.is_floating])


def scalars(**values):
    """A Summary of numbers by tag."""
    return tf.Summary(value=[tf.Summary.Value(tag=tag, simple_value=value)
                             for tag, value in values.items()])


def image(tag, png, pixels):
    """A Summary of one picture: `png` its file's bytes, `pixels` the [height, width] array."""
    height, width = pixels.shape
    return tf.Summary(value=[tf.Summary.Value(tag=tag, image=tf.Summary.Image(
        height=height, width=width, colorspace=1, encoded_image_string=png))])


def table(rows):
    """An op that gives a text: (name, value) rows as a table."""
    lines = ["| | |", "|---|---|"] + ["| %s | %s |" % row for row in rows]
    return tf.summary.text(_TABLE, tf.constant("\n".join(lines)))


def open_writer(folder, step, pictures):
    """An event file to go on from a step, after dropping what was written after it.

    The table of hyperparameters is dropped, too: a run that continues writes its own.

    No point is then there twice, whoever reads the files; a TensorBoard that is watching is
    told to forget the same.

    Args:
      folder: the run's.
      step: where the run stands; 0 begins anew.
      pictures: whether pictures and histograms belong to that very step. They also end a
        run whose length is no whole number of epochs, and a longer run would lack those.
    """
    for path in sorted(glob.glob(os.path.join(glob.escape(folder), "events.out.tfevents.*"))):
        if step:
            _truncate(path, step, pictures)
        else:
            os.unlink(path)
    # The file's name has the second in it, and a run can go on within one.
    writer = tf.summary.FileWriter(folder, filename_suffix=".%d" % step)
    if step:
        writer.add_session_log(tf.SessionLog(status=tf.SessionLog.START), step + 1)
    return writer


def _truncate(path, step, pictures):
    """Drops the events after a step, and a torn last record."""
    kept, dropped = [], False
    try:
        for event in tf.train.summary_iterator(path):
            if event.step > step or _is_table(event) or (
                    event.step == step and not pictures and _is_picture(event)):
                dropped = True
            else:
                kept.append(event.SerializeToString())
    except tf.errors.DataLossError:     # the process died while it wrote
        dropped = True
    if dropped:
        _rewrite(path, kept)


def _is_picture(event):
    return any(value.HasField("image") or value.HasField("histo")
               for value in event.summary.value)


def _is_table(event):
    return any(value.tag == _TABLE for value in event.summary.value)


def _rewrite(path, records):
    descriptor, temporary = tempfile.mkstemp(prefix=files.TEMPORARY, dir=os.path.dirname(path))
    os.close(descriptor)
    try:
        with tf.io.TFRecordWriter(temporary) as writer:
            for record in records:
                writer.write(record)
        os.replace(temporary, path)
    finally:
        if os.path.exists(temporary):
            os.unlink(temporary)
