"""A model of TensorFlow 1 -> a SavedModel that TensorFlow 2 loads, tried before it has its name."""

import os
import shlex

import numpy as np

from tf1gan import console, files
from tf1gan.compat import check_tensorflow_2, tf
from tf1gan.converting import (
    arrays,
    ends,
    flags,
    graphs,
    network,
    normalization,
    onnx,
    original,
    phases,
    saved_model,
    sources,
    values,
    weights,
)
from tf1gan.errors import UserError, WriteError, reason
from tf1gan.legacy.graphs import kernels, old_operations

SIGNATURE = "serving_default"
_SHOWN = 12         # inputs or outputs that are told


def check_request(path, keras_weights, check, out, npz, checkpoint, onnx_file):
    """Refuses what is not there and what cannot be written, before there is work."""
    sources.check_source(path, keras_weights)
    if check and not os.path.isfile(check):
        raise UserError(f"--check {check} is no file of arrays (npz): name one")
    if not (out or npz or checkpoint or onnx_file):
        raise UserError("nothing to write: give --out FOLDER, --npz FILE.npz, --checkpoint FOLDER "
                        "or --onnx FILE.onnx")
    for folder in filter(None, (out, checkpoint)):
        files.check_new_folder(folder)
    for file in filter(None, (npz, onnx_file)):
        files.check_writable(file)
        for source in filter(None, (path, keras_weights, check)):
            files.check_kept(source, file)
    written = [os.path.realpath(each) for each in (out, npz, checkpoint, onnx_file) if each]
    if len(set(written)) < len(written):
        raise UserError("two of --out, --npz, --checkpoint and --onnx name the same place: give "
                        "each its own")
    if onnx_file:
        onnx.check()


def convert(path, out=None, inputs="", outputs="", signature=None, tags=None, keras_weights=None,
            batch_statistics=False, check=None, npz=None, checkpoint=None, onnx_file=None):
    """Converts a model of TensorFlow 1, and says what was done.

    Args:
      path, tags, keras_weights: as for sources.opened, `keras_weights` being its `weights`.
      out: a folder that is not there yet, or an empty one, for the SavedModel; None writes none.
      inputs, outputs, signature: as for ends.find.
      batch_statistics: batch normalization uses those of the batch.
      check: an npz file of inputs on which the result is compared; None makes some up.
      npz: a file for the variables by their names; None writes none.
      checkpoint: a folder for a checkpoint of objects; None writes none. Where `path` is such a
        checkpoint, what is written is one of names, as TensorFlow 1 has them.
      onnx_file: a file for the network in ONNX; None writes none.

    Raises:
      UserError: something cannot be converted, or differs from the original; nothing is left.
    """
    check_request(path, keras_weights, check, out, npz, checkpoint, onnx_file)
    check_tensorflow_2("converting")
    if not out and not onnx_file:
        for flag, value in (("--inputs", inputs), ("--outputs", outputs), ("--check", check),
                            ("--signature", signature), ("--batch-statistics", batch_statistics)):
            if value:
                raise UserError(f"{flag} is for --out and --onnx: give one of them, or leave it "
                                "out")
    if not out and not onnx_file and not sources.has_graph(path):
        arrays.write(path, npz, checkpoint)         # weights alone
        return
    source = sources.opened(path, tags, keras_weights)
    console.say(f"{source.path}: {source.words}"
                + (f", written by {source.version}" if source.version else ""))
    if npz or checkpoint:
        arrays.write_of_source(source, npz, checkpoint)
    if not out and not onnx_file:
        return
    source, rows = mended(source)
    found = ends.find(source, inputs, outputs, signature, batch_statistics)
    cut = network.cut(source, found, batch_statistics)
    refuse_what_has_no_kernel(source, cut)
    console.say(*_in_words(source, cut, rows))
    _write(source, cut, out, onnx_file, check)


def mended(source):
    """(The source with its graph as TensorFlow of today reads it, what was done to it).

    Raises:
      UserError: no TensorFlow wrote the graph like that.
    """
    wrong = kernels.misfit(source.graph_def)
    if wrong:
        raise UserError(f"{source.path} has a damaged graph: {wrong}")
    try:
        mended_graph, rows = old_operations.mended(source.graph_def, everything=True)
    except Exception as error:      # of what an operation that is gone was never given
        raise UserError(f"{source.path} has a damaged graph: an operation that is gone since is "
                        f"not what it was ({reason(error)})") from error
    mended_graph, names = flags.as_placeholders(mended_graph)
    rows = rows + [f"the variable {name} is taken for a phase" for name in names]
    meta = tf.MetaGraphDef(graph_def=mended_graph)
    for field, value in source.meta.ListFields():
        if field.name != "graph_def":
            getattr(meta, field.name).MergeFrom(value)
    return source._replace(meta=meta), rows


def refuse_what_has_no_kernel(source, cut):
    """Raises UserError where the network has operations that cannot be computed here."""
    lacking = kernels.lacking(cut.graph_def)
    if lacking:
        said = "; ".join(f"{name} ({why})" for name, why in sorted(lacking.items())[:5])
        raise UserError(f"{source.path} cannot be computed by TensorFlow of today on a CPU: {said}")


def _write(source, cut, out, onnx_file, check):
    network.refuse_draws(cut)
    held = weights.held(source, cut)
    never = _never_updated(cut, held)
    if never:
        console.say(f"  moving statistics that no training has changed, means of 0 and variances "
                    f"of 1: {never} (--batch-statistics uses those of the batch)")
    given, (expected, again) = _tried(source, cut, held, [values.read(check, cut)] if check
                                      else values.attempts(cut))
    for name in expected:
        saved_model.difference(name, expected[name], saved_model.as_digits(again[name]))
    if out:
        try:
            with files.atomic_folder(out) as folder:
                saved_model.write(folder, cut, held, SIGNATURE)
                apart = saved_model.compare(folder, expected, given, SIGNATURE)
        except tf.errors.OpError as error:
            raise WriteError(f"cannot write {out}: {reason(error)}") from error
        console.say(f"SavedModel: {out}, loaded without tf1gan and compared with the original on "
                    f"the same inputs: the largest difference is {apart:.1g}",
                    f"  {example(out, cut.ends)}")
    if onnx_file:
        with files.atomic(onnx_file) as file:
            content = onnx.made(cut, held)
            apart = onnx.compare(content, expected, given)
            file.write(content)
        console.say(f"ONNX: {onnx_file}" + (
            f", compared with the original: the largest difference is {apart:.1g}"
            if apart is not None else ", not compared: onnxruntime is not installed"))


def _never_updated(cut, held):
    """Some of the moving variances that are still exactly 1, in words; "" where there is none."""
    names = [name for name in normalization.variances(cut.graph_def)
             if name in held.variables and np.all(held.variables[name] == 1)]
    return network.few(names)


def _tried(source, cut, held, attempts):
    """(Inputs, outputs twice) of the first of some inputs that the original takes."""
    first = None
    for given in attempts:
        try:
            return given, original.run_twice(source, cut, held, given)
        except UserError as error:
            first = first or error
    raise first


def example(folder, found):
    """A line of Python that calls the result."""
    takes = ", ".join(f"{name}=..." for name in found.inputs)
    return (f"tf.saved_model.load({folder!r}).signatures[{SIGNATURE!r}]({takes})"
            f"[{next(iter(found.outputs))!r}]")


def _in_words(source, cut, rows):
    """What is fed, fixed, computed and left out, as lines."""
    found, shapes = cut.ends, {}
    try:
        both = [graphs.tensor(name) for name in cut.outputs.values()]
        shapes = dict(zip(cut.outputs, graphs.shapes_of(cut.graph_def, both)))
    except Exception:               # for the writer to say
        pass
    kinds = {node.name: node for node in cut.graph_def.node}
    lines = []
    for name, each in list(found.inputs.items())[:_SHOWN]:
        node = kinds.get(network.INPUT + name)
        what = ends.in_words(graphs.type_of(node.attr["dtype"].type), tf.TensorShape(
            node.attr["shape"].shape).as_list() if not node.attr["shape"].shape.unknown_rank
            else None) if node is not None else ""
        lines.append(f"  input   {name} = {each.name}  {what}".rstrip())
    for name, value in list(cut.feeds.items())[:_SHOWN]:
        lines.append(f"  fixed   {name} = {value}")
    for name, each in list(found.outputs.items())[:_SHOWN]:
        lines.append(f"  output  {name} = {each.name}  "
                     f"{ends.in_words(*shapes.get(name, (None, None)))}".rstrip())
    if found.guessed:
        lines.append("  guessed: " + "; ".join(found.guessed[:_SHOWN]))
    arguments = {network.INPUT + name: name for name in found.inputs}
    for name in phases.choosing(cut.graph_def, [
            graphs.tensor(each).node for each in cut.outputs.values()], arguments):
        lines.append(f"  the argument {arguments[name]} may still choose between training and use: "
                     "call it with the value for use, or fix that (--inputs "
                     f"...,{found.inputs[arguments[name]].name}=VALUE)")
    return lines + [f"  {note}" for note in cut.notes + [f"mended: {row}" for row in rows]]


def command(path, *flags):
    """The command that converts something, to copy."""
    return " ".join(["tf1gan convert", shlex.quote(path), "--out", "converted", *flags])
