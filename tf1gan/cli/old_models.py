"""inspect and convert: what a file of an old model holds, and what it becomes."""

import os

from tf1gan import console, files, runs
from tf1gan.cli.parts import load_tensorflow, make_parser
from tf1gan.errors import UserError


def add_ends(parser):
    """Flags that say where a network begins and ends."""
    parser.add_argument("--inputs", default="", metavar="A,B=...",
                        help="the inputs, by their names in the graph: z:0, or noise=z:0 to rename "
                             "it to noise; is_training:0=False fixes a placeholder to a value; "
                             "default: found in the graph, if there is no doubt")
    parser.add_argument("--outputs", default="", metavar="A,B",
                        help="the outputs: Tanh:0, or images=Tanh:0 to rename it to images; "
                             "default: found in the graph, if there is no doubt")
    parser.add_argument("--signature", metavar="NAME",
                        help="for a SavedModel: the signature to use; default: serving_default, or "
                             "the only one")
    add_tags(parser)
    parser.add_argument("--weights", metavar="FILE.h5",
                        help="for a Keras model in JSON or YAML: the file of its weights; "
                             "default: none")


def add_tags(parser):
    parser.add_argument("--tags", metavar="A,B",
                        help="for a SavedModel with several graphs: the tags of the one to take; "
                             "default: serve")


def convert(arguments=None, name="tf1gan convert"):
    """Converts a file of a TensorFlow 1 model to a SavedModel, to arrays, or to ONNX."""
    parser = make_parser(name, convert.__doc__,
                         example="convert model.ckpt-1000 --out converted --inputs "
                                 "z:0,is_training:0=False --outputs Tanh:0")
    parser.add_argument("path", metavar="PATH",
                        help="a checkpoint's prefix or .meta, a frozen graph (.pb, .pbtxt), a "
                             "SavedModel's folder, or a Keras model (.h5, .json, .yaml)")
    parser.add_argument("--out", metavar="FOLDER",
                        help="write a SavedModel, which TensorFlow 2 loads, into this new folder; "
                             "default: none")
    add_ends(parser)
    parser.add_argument("--batch-statistics", action="store_true",
                        help="have batch normalization use the statistics of the batch; default: "
                             "its moving statistics")
    parser.add_argument("--check", metavar="FILE.npz",
                        help="the inputs with which the result is compared with the original: an "
                             "array for each, by its name; default: made-up numbers")
    parser.add_argument("--npz", metavar="FILE.npz",
                        help="write the variables as arrays, by their names; default: none")
    parser.add_argument("--checkpoint", metavar="FOLDER",
                        help="write the variables as an object-based checkpoint "
                             "(tf.train.Checkpoint), or, if PATH is one, as a name-based "
                             "checkpoint of TensorFlow 1; default: none")
    parser.add_argument("--onnx", metavar="FILE.onnx",
                        help="write the network in the ONNX format; needs tf2onnx; default: none")
    flags = parser.parse_args(arguments)
    from tf1gan import converting
    converting.check_request(flags.path, flags.weights, flags.check, flags.out, flags.npz,
                             flags.checkpoint, flags.onnx)
    converting.look(flags.path)
    load_tensorflow(with_session=True)
    converting.convert(
        flags.path, flags.out, flags.inputs, flags.outputs, flags.signature, flags.tags,
        flags.weights, flags.batch_statistics, flags.check, flags.npz, flags.checkpoint,
        flags.onnx)


def inspect(arguments=None, name="tf1gan inspect"):
    """Says what a file of weights or a graph is, and what can be done with it."""
    parser = make_parser(name, inspect.__doc__, example="inspect model.ckpt-1000")
    parser.add_argument("path", metavar="PATH",
                        help="a run's folder, a checkpoint's prefix or .meta, a frozen graph, a "
                             "SavedModel's folder, an HDF5, JSON or YAML file of Keras, or any "
                             "other file")
    add_tags(parser)
    parser.add_argument("--graph", metavar="FOLDER",
                        help="also write the graph into this new folder, for TensorBoard to draw; "
                             "default: off")
    flags = parser.parse_args(arguments)
    from tf1gan import converting, restoring
    if not os.path.exists(flags.path) and not os.path.exists(flags.path + ".meta"):
        if restoring.what_is(flags.path):
            raise UserError(restoring.what_is(flags.path))
        runs.find_checkpoint(flags.path, whole=True)
    if flags.graph:
        files.check_new_folder(flags.graph)
    converting.look(flags.path)
    load_tensorflow()
    console.say(*converting.inspect(flags.path, flags.tags, flags.graph))
