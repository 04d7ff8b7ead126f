"""What looks at runs and checkpoints: sample.py, plot.py, evaluate.py and their like."""

import os

from tf1gan import console, files, process, randomness, runs
from tf1gan.cli.old_models import add_ends
from tf1gan.cli.parts import (
    add_best,
    add_data_dir,
    add_model_of_checkpoint,
    check_model,
    load_tensorflow,
    make_parser,
)
from tf1gan.errors import UserError


def sample(arguments=None, name=None):
    """Draws digits from a run or a checkpoint."""
    parser = make_parser(name, sample.__doc__,
                         example="sample --run logs/gan -n 25 --out digits.png")
    parser.add_argument("graph", metavar="PATH", nargs="?",
                        help="the same as --run; or any file of a graph, a SavedModel or a Keras "
                             "model that generates images")
    parser.add_argument("--run", "--checkpoint", metavar="PATH", dest="path",
                        help="a run's folder (logs/gan), a checkpoint's prefix "
                             "(logs/gan/model.ckpt-859), or a Keras HDF5 file")
    add_model_of_checkpoint(parser)
    parser.add_argument("-n", type=int, default=25, metavar="N",
                        help="how many digits; default: %(default)s")
    parser.add_argument("--seed", type=int, metavar="N",
                        help="draw the same digits each time; default: new ones")
    parser.add_argument("--dropout", action="store_true",
                        help="leave dropout on, as tutorial 000 does; default: off")
    parser.add_argument("--nice", action="store_true",
                        help="draw 20 times as many, and keep those that the discriminator "
                             "rates highest; default: off")
    add_best(parser)
    parser.add_argument("--out", metavar="FILE.png",
                        help="the picture to write; default: digits.png, or pictures.png for an "
                             "old model's file, unless --npz is given")
    parser.add_argument("--npz", metavar="FILE.npz",
                        help="write the digits as an array: `images`, float32 [n, 28, 28] in "
                             "[0, 1]; default: none")
    add_ends(parser)
    parser.add_argument("--noise", choices=("normal", "uniform"), default="normal",
                        help="the noise to feed to a generator that is not tf1gan's: normal, or "
                             "uniform in [-1, 1]; default: %(default)s")
    flags = parser.parse_args(arguments)
    if (flags.path is None) == (flags.graph is None):
        parser.error("give one PATH, by itself or with --run")
    check_model(flags.model)
    flags.path = flags.path or flags.graph
    files.check_kept(flags.path, flags.out, flags.npz)
    from tf1gan import sampling
    sampling.check_request(flags.n, flags.seed, flags.nice, flags.out, flags.npz, flags.best)
    of_a_run = not flags.graph or flags.model or flags.best or _is_of_a_run(flags.graph)
    if of_a_run:
        runs.find_checkpoint(flags.path, whole=flags.nice, best=flags.best)
    else:
        from tf1gan import converting
        if not converting.is_there(flags.path):     # what is missing is said as ever
            runs.find_checkpoint(flags.path)
        converting.check_source(flags.path, flags.weights)
        converting.look(flags.path)
    load_tensorflow(with_session=True)
    if not of_a_run and converting.has_graph(flags.path):
        return _sample_graph(flags)
    sampling.sample_to_files(flags.path, flags.n, flags.seed, flags.model, flags.dropout,
                             flags.nice, flags.out, flags.npz, flags.best)


def _is_of_a_run(path):
    """Whether a path is a run's, by the config.json that runs have."""
    folder = path if os.path.isdir(path) else os.path.dirname(path) or "."
    return os.path.isfile(os.path.join(folder, "config.json"))


def _sample_graph(flags):
    from tf1gan import converting
    for flag in ("dropout", "nice"):
        if getattr(flags, flag):
            raise UserError(f"--{flag} is of tf1gan's own models, and {flags.path} is a graph: "
                            "leave it out")
    picture = converting.pictures.check_request(flags.n, flags.seed, flags.out, flags.npz)
    converting.pictures.sample_to_files(
        flags.path, flags.n, flags.seed, picture, flags.npz, flags.noise, flags.inputs,
        flags.outputs, flags.signature, flags.tags, flags.weights)


def plot(arguments=None, name=None):
    """Draws a run: loss curves, its last digits, new ones, and how they evolved."""
    parser = make_parser(name, plot.__doc__, example="plot logs/gan --preview")
    parser.add_argument("run", metavar="RUN", help="the run's folder, such as logs/gan")
    parser.add_argument("--seed", type=int, metavar="N",
                        help="seed of the newly drawn digits; default: new ones each time")
    parser.add_argument("--preview", action="store_true",
                        help="also draw the first 20 training images of each digit; default: off")
    add_data_dir(parser, "folder of the images for --preview")
    parser.add_argument("--epoch", type=int, metavar="N",
                        help="draw nothing, and print the path of the picture that this epoch has "
                             "(--show shows it); default: off")
    parser.add_argument("--show", action="store_true",
                        help="also show the pictures in windows; default: off")
    flags = parser.parse_args(arguments)
    randomness.check_noise_seed(flags.seed)
    if flags.show:
        from tf1gan import plots
        plots.check_screen()        # before the work
    from tf1gan import run_plots
    if flags.epoch is not None:
        pictures = [run_plots.epoch_picture(flags.run, flags.epoch)]
    else:
        runs.config_of(flags.run)
        load_tensorflow(with_session=True)
        pictures = run_plots.plot_run(flags.run, seed=flags.seed,
                                      preview_of=flags.data_dir if flags.preview else None)
    console.say(*pictures)
    if flags.show:
        plots.show(pictures)


def evaluate(arguments=None, name=None):
    """Measures how good the digits of runs or checkpoints are."""
    parser = make_parser(name, evaluate.__doc__, example="evaluate logs/gan logs/dcgan")
    parser.add_argument("runs", nargs="+", metavar="RUN",
                        help="a run's folder (logs/gan), or a checkpoint's prefix")
    add_model_of_checkpoint(parser)
    add_best(parser)
    parser.add_argument("--samples", type=int, default=10000, metavar="N",
                        help="digits in each draw from a run; default: %(default)s")
    parser.add_argument("--draws", type=int, default=5, metavar="N",
                        help="how many times to draw; the numbers are means over the draws, with "
                             "their standard deviation; default: %(default)s")
    parser.add_argument("--seed", type=int, default=0, metavar="N",
                        help="seed of the noise; default: %(default)s")
    add_data_dir(parser, "folder of the images")
    flags = parser.parse_args(arguments)
    check_model(flags.model)
    randomness.check_noise_seed(flags.seed)
    from tf1gan import evaluation
    evaluation.check_request(flags.samples, flags.draws)
    for path in flags.runs:
        runs.find_checkpoint(path, best=flags.best)
    load_tensorflow(with_session=True)
    evaluation.evaluate(flags.runs, flags.data_dir, flags.samples, flags.seed, flags.model,
                        flags.best, flags.draws)


def export(arguments=None, name=None):
    """Writes a generator as a SavedModel, or its weights, for programs that have no tf1gan."""
    parser = make_parser(name, export.__doc__, example="export logs/gan --out served/gan/1")
    parser.add_argument("run", metavar="RUN",
                        help="a run's folder (logs/gan), or a checkpoint's prefix")
    add_model_of_checkpoint(parser)
    add_best(parser)
    parser.add_argument("--out", metavar="FOLDER",
                        help="a new folder for the SavedModel: `noise` [n, 100] -> `images` "
                             "[n, 28, 28] in [0, 1]; default: none")
    parser.add_argument("--npz", metavar="FILE.npz",
                        help="write the weights as arrays, by the tutorials' variable names, with "
                             "a description of their axes; default: none")
    flags = parser.parse_args(arguments)
    check_model(flags.model)
    from tf1gan.sampling import exports
    exports.check_request(flags.out, flags.npz)
    files.check_kept(flags.run, flags.npz)
    runs.find_checkpoint(flags.run, best=flags.best)
    load_tensorflow(with_session=True)
    exports.export(flags.run, flags.out, flags.npz, flags.model, flags.best)


def report(arguments=None, name=None):
    """Writes a page that shows runs side by side, in one file for any browser."""
    parser = make_parser(name, report.__doc__,
                         example="report logs/gan logs/dcgan --out report.html")
    parser.add_argument("runs", nargs="+", metavar="RUN", help="a run's folder, such as logs/gan")
    parser.add_argument("--out", default="report.html", metavar="FILE.html",
                        help="the page; default: %(default)s")
    generators = parser.add_mutually_exclusive_group()
    generators.add_argument("--live", action="store_true",
                            help="include large generators in the page, too, such as dcgan's (9 "
                                 "MB); default: those of up to 500,000 weights")
    generators.add_argument("--no-live", action="store_true",
                            help="include no generator in the page; default: off")
    add_data_dir(parser, "folder of the training images, of which the page shows those nearest to "
                         "the last digits")
    flags = parser.parse_args(arguments)
    import tf1gan.report
    tf1gan.report.check(flags.runs, flags.out)
    for run in flags.runs:
        files.check_kept(run, flags.out)
    if flags.no_live:
        process.end_at_sigterm()
    else:
        load_tensorflow()
    live = "all" if flags.live else "none" if flags.no_live else "small"
    said = tf1gan.report.write(flags.runs, flags.out, flags.data_dir, live)
    console.say(*said, f"{os.path.getsize(flags.out) / 2 ** 20:.1f} MB: {flags.out}")


def inspect_checkpoint(arguments=None, name=None):
    """Lists a checkpoint's variables and says which models it fits."""
    parser = make_parser(name, inspect_checkpoint.__doc__,
                         example="inspect_checkpoint save/model.ckpt-33000")
    parser.add_argument("path", metavar="PATH",
                        help="a run's folder, a checkpoint's prefix, or a Keras HDF5 file")
    flags = parser.parse_args(arguments)
    if not os.path.exists(flags.path):
        runs.find_checkpoint(flags.path, whole=True)
    load_tensorflow()
    from tf1gan import restoring
    console.say(*restoring.inspect(flags.path))
