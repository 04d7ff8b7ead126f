"""run_legacy.py, `tf1gan run` and their like: what is asked of the runner of TensorFlow 1 code."""

import argparse
import sys

from tf1gan import console
from tf1gan.cli.parts import folder, load_tensorflow, make_parser
from tf1gan.errors import UserError

_VERDICTS = """what the table says of a name that is missing or different today:
  restored       the script can use it
  other seeds    the script can use it, but what the graph's seed draws after it differs from 1.15's
  refused        the script would end at this line; the exit status is then 1
  not installed  the script needs a package that has to be installed first"""


def run_legacy(arguments=None, name=None):
    """Runs a TensorFlow 1 script or notebook unchanged."""
    parser = make_parser(name, run_legacy.__doc__,
                         example="run_legacy --steps 1000 gan.py --epochs 2")
    _add_options(parser)
    _add_script(parser)
    flags = parser.parse_args(arguments)
    from tf1gan import legacy
    return legacy.run(flags.script, flags.arguments, _options(flags))


def run(arguments=None, name="tf1gan run"):
    """Runs TensorFlow 1 code unchanged: a script, a notebook, a module, lines, or a prompt."""
    parser = make_parser(name, run.__doc__, example="run -m pytest tests")
    _add_options(parser)
    parser.add_argument("-m", nargs=argparse.REMAINDER, metavar="MODULE", dest="module",
                        help="run a module or package, as python -m does; what follows MODULE are "
                             "its own arguments")
    parser.add_argument("-c", nargs=argparse.REMAINDER, metavar="CODE", dest="code",
                        help="run these lines of code; what follows them are their own arguments")
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


def kernel(arguments=None, name="tf1gan kernel"):
    """Installs or removes a Jupyter kernel whose cells run TensorFlow 1 code."""
    parser = make_parser(name, kernel.__doc__, example="kernel install --user --mnist mnist_data")
    parser.add_argument("action", choices=("install", "remove"), metavar="ACTION",
                        help="install or remove")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--user", action="store_true",
                       help="install for this user, whatever environment Jupyter is in; the "
                            "default")
    where.add_argument("--sys-prefix", action="store_true",
                       help="install only for the Jupyter of this environment")
    where.add_argument("--prefix", metavar="DIR", type=folder,
                       help="install under this folder, in share/jupyter/kernels")
    parser.add_argument("--mnist", metavar="DIR", type=folder,
                        help="folder of the images that TensorFlow's and Keras's MNIST loaders "
                             "give to the cells; default: the folder that the cells name, or "
                             "mnist_data")
    parser.add_argument("--python2", action="store_true",
                        help="install a kernel for Python 2 cells, beside the other one; "
                             "default: off")
    _add_version(parser)
    parser.add_argument("--as", metavar="NAME", action="append", default=[], dest="others",
                        help="also install it by this name, for notebooks that name a kernel which "
                             "is missing, such as python2; may be given several times")
    flags = parser.parse_args(arguments)
    from tf1gan.legacy.jupyter import kernel as kernels
    prefix = sys.prefix if flags.sys_prefix else flags.prefix
    place = dict(user=prefix is None, prefix=prefix)
    if flags.action == "install":
        written = kernels.install(flags.mnist, flags.python2, flags.others,
                                  tensorflow=flags.tensorflow, **place)
        console.say(*(f"Installed: {path}" for path in written))
        return 0
    removed = kernels.remove(**place)
    console.say(*(f"Removed: {path}" for path in removed))
    if not removed:
        raise UserError("there is no kernel of tf1gan's there: --user, --sys-prefix or --prefix "
                        "say where it was installed")
    return 0


def check(arguments=None, name="tf1gan check"):
    """Lists what scripts, notebooks or repositories use of TensorFlow 1, without running them."""
    parser = make_parser(name, check.__doc__, example="check old_repository notebook.ipynb",
                         epilog=_VERDICTS)
    parser.add_argument("paths", nargs="+", metavar="PATH",
                        help="a Python file, a notebook, or a folder of them")
    parser.add_argument("--python2", action="store_true",
                        help="read them as Python 2; default: off")
    _add_version(parser)
    flags = parser.parse_args(arguments)
    from tf1gan.legacy import check as checks
    files, rows = checks.find(flags.paths)
    load_tensorflow()
    rows += checks.check(files, flags.python2, flags.tensorflow)
    console.say(*checks.table(rows, len(files)))
    return int(any(row.verdict == checks.REFUSED for row in rows))


def _add_options(parser):
    parser.allow_abbrev = False
    parser.add_argument("--mnist", metavar="DIR",
                        help="folder of the images that TensorFlow's and Keras's MNIST loaders "
                             "give to the script; default: the folder that the script names, or "
                             "mnist_data")
    parser.add_argument("--steps", type=int, metavar="N",
                        help="stop after N calls of Session.run that update weights; default: "
                             "when the script ends")
    parser.add_argument("--notebook", action="store_true",
                        help="allow a notebook's commands (%%matplotlib inline) in the script; "
                             "default: off, but a file that ends in .ipynb is a notebook anyway")
    parser.add_argument("--python2", action="store_true",
                        help="run the script as Python 2, in which 7 / 2 is 3; default: off")
    parser.add_argument("--also", metavar="NAME", action="append", default=[],
                        help="let this installed package import TensorFlow 1, too; may be given "
                             "several times; default: only known packages do, such as tflearn "
                             "and sonnet 1")
    parser.add_argument("--trust", action="store_true",
                        help="run the code inside pickles, such as StyleGAN's networks. The code "
                             "can do on this machine whatever you can: use this only for files "
                             "that you, or people you trust, have written; default: off, such a "
                             "pickle is refused, and others are opened as Python opens them")
    _add_version(parser)


def _add_version(parser):
    parser.add_argument("--tensorflow", metavar="VERSION", choices=("1.15", "1.14", "0.12"),
                        default="1.15",
                        help="the version that the code was written for: 1.15; 1.14, which still "
                             "had contrib.gan.eval (with it comes contrib.nccl, of 1.12); or "
                             "0.12, whose names and argument orders 1.0 changed. It is never "
                             "guessed; default: 1.15")


def _add_script(parser):
    script = parser.add_argument("script", metavar="SCRIPT", help="a Python file or a notebook")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGUMENT",
                        help="the script's own arguments; flags of this command come before SCRIPT"
                        ).required = False
    return script


def _options(flags):
    from tf1gan import legacy
    return legacy.Options(flags.mnist, flags.steps, flags.notebook, flags.python2,
                          tuple(flags.also), flags.trust, flags.tensorflow)
