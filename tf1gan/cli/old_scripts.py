"""run_legacy.py: what comes before a script of TensorFlow 1."""

import argparse

from tf1gan.cli.parts import make_parser


def run_legacy(arguments=None, name=None):
    """Runs a script or notebook of TensorFlow 1 as it is."""
    parser = make_parser(name, run_legacy.__doc__,
                         example="run_legacy --steps 1000 gan.py --epochs 2")
    parser.allow_abbrev = False
    parser.add_argument("--mnist", metavar="DIR",
                        help="the images, for a script that reads MNIST by TensorFlow's or "
                             "Keras's loader; default: the folder that the script names, or "
                             "mnist_data")
    parser.add_argument("--steps", type=int, metavar="N",
                        help="stop after N calls of Session.run that update weights; default: "
                             "when the script ends")
    parser.add_argument("--notebook", action="store_true",
                        help="the script has a notebook's lines (%%matplotlib inline) in it; "
                             "default: off, a file that ends in .ipynb is one anyway")
    parser.add_argument("--python2", action="store_true",
                        help="the script is Python 2, whose 7 / 2 is 3; default: off")
    parser.add_argument("script", metavar="SCRIPT", help="a Python file or a notebook")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGUMENT",
                        help="the script's own; this command's flags come before SCRIPT"
                        ).required = False
    flags = parser.parse_args(arguments)
    from tf1gan import legacy
    options = legacy.Options(flags.mnist, flags.steps, flags.notebook, flags.python2)
    return legacy.run(flags.script, flags.arguments, options)
