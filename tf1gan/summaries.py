"""What TensorBoard shows of a run."""

import os

from tf1gan import console, files, records
from tf1gan.compat import tf
from tf1gan.errors import WriteError, reason

EVENTS = "events.out.tfevents."     # how the names of TensorBoard's files begin
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

    Raises:
      WriteError: there is no room for it.
    """
    folder = os.path.abspath(folder)        # "://" would be another file system's
    try:
        for name in sorted(os.listdir(folder)):
            path = os.path.join(folder, name)
            if name.startswith(EVENTS) and step:
                _truncate(path, step, pictures)
            elif name.startswith(EVENTS):
                os.unlink(path)
        # The file's name has the second in it, and a run can go on within one.
        writer = tf.summary.FileWriter(folder, filename_suffix=".%d" % step)
        if step:
            writer.add_session_log(tf.SessionLog(status=tf.SessionLog.START), step + 1)
        writer.flush()
    except (tf.errors.OpError, OSError) as error:
        raise WriteError("cannot write TensorBoard's events in %s (%s)" % (folder, reason(error)))
    return writer


def _truncate(path, step, pictures):
    """Drops the events after a step, and a torn last record.

    Where there is damage in the midst of it, what can be read is kept and the whole file, too,
    under a name that TensorBoard does not read.
    """
    with open(path, "rb") as file:
        content = file.read()
    found, damaged = records.split(path, content)
    kept = [record for record in found
            if _is_kept(records.event_of(record), step, pictures)]
    if damaged:
        aside = _aside(path)
        with files.atomic(aside) as file:
            file.write(content)
        console.say("%s is damaged: what can be read of it is kept, and the file as it was is %s."
                    % (path, aside))
    if sum(map(len, kept)) < len(content):
        with files.atomic(path) as file:
            file.writelines(kept)


def _aside(path):
    """The first free name for a damaged event file: damaged-1.TIME..."""
    folder, name = os.path.split(path)
    number = 1
    while True:
        aside = os.path.join(folder, "damaged-%d.%s" % (number, name[len(EVENTS):]))
        if not os.path.lexists(aside):
            return aside
        number += 1


def _is_kept(event, step, pictures):
    return not (event.step > step
                or any(value.tag == _TABLE for value in event.summary.value)
                or event.step == step and not pictures and _is_picture(event))


def _is_picture(event):
    return any(value.HasField("image") or value.HasField("histo")
               for value in event.summary.value)
