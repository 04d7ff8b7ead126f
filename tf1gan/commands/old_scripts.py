"""run_legacy.py, `tf1gan run` and their like: what is asked of the runner of TensorFlow 1 code."""

import argparse

from tf1gan.commands.parts import make_parser


def run_legacy(arguments=None, name=None):
    """Runs a script or notebook of TensorFlow 1 as it is."""
    parser = make_parser(name, run_legacy.__doc__,
                         example="run_legacy --steps 1000 gan.py --epochs 2")
    _add_options(parser)
    _add_script(parser)
    flags = parser.parse_args(arguments)
    from tf1gan import legacy
    return legacy.run(flags.script, flags.arguments, _options(flags))


def run(arguments=None, name="tf1gan run"):
    """Runs TensorFlow 1 code as it is: a script, a notebook, a module, a line, a prompt."""
    parser = make_parser(name, run.__doc__, example="run -m pytest tests")
    _add_options(parser)
    parser.add_argument("-m", nargs=argparse.REMAINDER, metavar="MODULE", dest="module",
                        help="run a module or package, as python -m does; what follows it is its "
                             "own")
    parser.add_argument("-c", nargs=argparse.REMAINDER, metavar="CODE", dest="code",
                        help="run these lines; what follows them is their own")
    _add_script(parser).required = False
    flags = parser.parse_args(arguments)
    if flags.module == [] or flags.code == []:
        parser.error(f"{'-m' if flags.module == [] else '-c'} needs an argument")
    from tf1gan import legacy
    from tf1gan.legacy import ways
    options = _options(flags)
    if flags.module:
        return ways.run_module(flags.module[0], flags.module[1:], options)
    if flags.code:
        return ways.run_code(flags.code[0], flags.code[1:], options)
    if flags.script is None:
        return ways.prompt(options)
    return legacy.run(flags.script, flags.arguments, options)


def _add_options(parser):
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


def _add_script(parser):
    script = parser.add_argument("script", metavar="SCRIPT", help="a Python file or a notebook")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGUMENT",
                        help="the script's own; this command's flags come before SCRIPT"
                        ).required = False
    return script


def _options(flags):
    from tf1gan import legacy
    return legacy.Options(flags.mnist, flags.steps, flags.notebook, flags.python2)
