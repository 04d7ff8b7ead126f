"""Old models that are files: what there is in them, and what converts them."""

import os

from tf1gan import console, files, runs
from tf1gan.cli.parts import load_tensorflow, make_parser
from tf1gan.errors import UserError


def add_ends(parser):
    """Flags that say where a network begins and ends."""
    parser.add_argument("--inputs", default="", metavar="A,B=...",
                        help="what is fed, by the names of the graph: z:0, or noise=z:0 to call it "
                             "noise; and what has a value: is_training:0=False; default: what is "
                             "clear")
    parser.add_argument("--outputs", default="", metavar="A,B",
                        help="what is computed: Tanh:0, or images=Tanh:0; default: what is clear")
    parser.add_argument("--signature", metavar="NAME",
                        help="of a SavedModel, which signature; default: serving_default, or its "
                             "only one")
    parser.add_argument("--tags", metavar="A,B",
                        help="of a SavedModel with several graphs, the tags of one; default: serve")
    parser.add_argument("--weights", metavar="FILE.h5",
                        help="of a model of Keras in JSON or YAML, its weights; default: none")


def convert(arguments=None, name="tf1gan convert"):
    """Converts a model of TensorFlow 1 that is a file: to a SavedModel, to arrays, to ONNX."""
    parser = make_parser(name, convert.__doc__,
                         example="convert model.ckpt-1000 --out converted --inputs "
                                 "z:0,is_training:0=False --outputs Tanh:0")
    parser.add_argument("path", metavar="PATH",
                        help="a checkpoint's prefix or .meta, a frozen graph (.pb, .pbtxt), a "
                             "SavedModel's folder, a model of Keras (.h5, .json)")
    parser.add_argument("--out", metavar="FOLDER",
                        help="a new folder for a SavedModel that TensorFlow 2 loads; default: none")
    add_ends(parser)
    parser.add_argument("--batch-statistics", action="store_true",
                        help="batch normalization by the statistics of the batch; default: by the "
                             "moving ones")
    parser.add_argument("--check", metavar="FILE.npz",
                        help="arrays by the inputs' names, on which the result is compared with "
                             "the original; default: numbers that are made up")
    parser.add_argument("--npz", metavar="FILE.npz",
                        help="the variables by their names, as arrays; default: none")
    parser.add_argument("--checkpoint", metavar="FOLDER",
                        help="the variables as a checkpoint of objects (tf.train.Checkpoint), or, "
                             "of such a one, as a checkpoint of names; default: none")
    parser.add_argument("--onnx", metavar="FILE.onnx",
                        help="the network in ONNX, by tf2onnx; default: none")
    flags = parser.parse_args(arguments)
    from tf1gan import converting
    converting.check_request(flags.path, flags.weights, flags.check, flags.out, flags.npz,
                             flags.checkpoint, flags.onnx)
    converting.look(flags.path)
    load_tensorflow()
    converting.convert(
        flags.path, flags.out, flags.inputs, flags.outputs, flags.signature, flags.tags,
        flags.weights, flags.batch_statistics, flags.check, flags.npz, flags.checkpoint,
        flags.onnx)


def inspect(arguments=None, name="tf1gan inspect"):
    """Says what a file of weights or a graph is, and what can be done with it."""
    parser = make_parser(name, inspect.__doc__, example="inspect model.ckpt-1000")
    parser.add_argument("path", metavar="PATH",
                        help="a run's folder, a checkpoint's prefix or .meta, a frozen graph, a "
                             "SavedModel's folder, an HDF5 or JSON file of Keras's, or any other")
    parser.add_argument("--tags", metavar="A,B",
                        help="of a SavedModel with several graphs, the tags of one; default: serve")
    parser.add_argument("--graph", metavar="FOLDER",
                        help="a new folder for the graph as TensorBoard draws it; default: none")
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
