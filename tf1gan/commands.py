"""What the scripts do: `python -m tf1gan train ...` is `python scripts/train.py ...`.

Each command parses its flags and makes one call. What needs TensorFlow is imported after the
flags are found right, so that a mistyped one is answered at once.
"""

import argparse
import os
import sys
import textwrap

from tf1gan import console, machines, models, randomness, runs
from tf1gan.compat import tf
from tf1gan.errors import UserError
from tf1gan.models import hyperparameters as table


def main(arguments):
    """`python -m tf1gan`."""
    parser = console.Parser(
        prog="tf1gan", example="python -m tf1gan train --model gan",
        description="Trains GANs of five TensorFlow 1 tutorials, and looks at them.")
    parser.add_argument("command", choices=sorted(COMMANDS), metavar="COMMAND",
                        help=", ".join(sorted(COMMANDS)))
    parser.add_argument("flags", nargs=argparse.REMAINDER, help="of that command")
    parsed = parser.parse_args(arguments)
    return COMMANDS[parsed.command](parsed.flags, f"tf1gan {parsed.command}")


# -- train -----------------------------------------------------------------------------------

def train(arguments=None, name=None):
    """Trains a model, or goes on with a run that was stopped."""
    parser = _parser(name, train.__doc__, example="train --model gan --epochs 300")
    parser.add_argument("--model", required=True, metavar="NAME",
                        help="which one: " + ", ".join(models.MODELS))
    parser.add_argument("--recipe", default=models.DOCUMENT, metavar="NAME",
                        help="one of the model's settings below; a flag given beside it wins; "
                             "default: %(default)s")
    for title, about, rows in (
            ("length", "", table.LENGTH),
            ("hyperparameters", "The default of each is the model's document's.",
             table.OF_THE_DOCUMENTS + table.OF_ONE_MODEL),
            ("beyond the documents", "For every model.", table.BEYOND_THE_DOCUMENTS),
            ("run", "", table.OF_A_RUN)):
        group = parser.add_argument_group(title, about or None)
        for row in rows:
            _add(group, row)
    group.add_argument("--seed", type=int, default=0, metavar="N",
                       help="of all that is drawn; default: %(default)s")
    group.add_argument("--run", metavar="NAME", help="the run's name; default: the model's")
    group.add_argument("--logdir", default="logs", metavar="DIR",
                       help="the folder that holds the runs; default: %(default)s")
    group.add_argument("--from", dest="begin_from", nargs="+", default=(), metavar="PATH",
                       help="begin with the weights of a run, a checkpoint or an HDF5 file, or of "
                            "two with one network each; default: new ones")
    _add_data_dir(group, "the images; MNIST is fetched where it has none")
    group.add_argument("--fresh", action="store_true",
                       help="start over; an earlier run of that name is kept under another; "
                            "default: off")
    parser.epilog = "models, and what each takes on two cores:\n" + "\n".join(
        f"  {model.name:<12} document {model.document}: {model.takes}"
        for model in models.MODELS.values()) + "\n\n" + _recipes() + "\n\n" + parser.epilog

    given = vars(parser.parse_args(arguments))
    model = given.pop("model")
    settings = {key: given.pop(key) for key in (
        "seed", "run", "logdir", "data_dir", "fresh", "begin_from") + tuple(
            row.name for row in table.OF_A_RUN)}
    _check_before_it_takes_time(model, given, settings)
    workers, settings["cluster"] = settings.pop("workers"), machines.from_environment()
    if workers and settings["cluster"] and workers != settings["cluster"].size:
        raise UserError(f"--workers {workers} is for one machine, and TF_CONFIG tells of "
                        f"{settings['cluster'].size} workers: give one of them")
    if workers and workers > 1 and not settings["cluster"]:
        return machines.launch(sys.argv[1:] if arguments is None else arguments, workers)
    settings["wait"] = settings["wait"] or table.ROWS["wait"].default
    _load_tensorflow()
    from tf1gan import training
    _, stopped_by = training.train(model, training.Settings(**settings), **given)
    return 128 + stopped_by if stopped_by else 0


def _check_before_it_takes_time(model, given, settings):
    """Refuses what `training.train` refuses, whatever the images and the run are."""
    lengths = {name: given[name] for name in ("epochs", "steps")}
    models.resolve(model, {name: value for name, value in given.items()
                           if name not in lengths and name != "recipe"}, given["recipe"])
    models.check_length(**lengths)
    models.check({row.name: settings[row.name] for row in table.OF_A_RUN})
    randomness.check_seed(settings["seed"])
    runs.folder_of(settings["logdir"], settings["run"] or model)


def _add(group, row):
    """A flag of a row of the table."""
    flags = (row.flag,) + row.aliases
    words = f"{row.help}; default: {_default(row)}".replace("%", "%%")
    if row.kind is table.switch:
        group.add_argument(*flags, dest=row.name, action="store_true", default=None, help=words)
    else:
        kind = {table.integer: int, table.number: float}.get(row.kind, str)
        optional = {"nargs": "?", "const": row.low[0]} if row.name == "batch_norm" else {}
        group.add_argument(*flags, dest=row.name, type=kind, metavar=row.metavar, help=words,
                           **optional)


def _recipes():
    """Every model's recipes, and what they measured, in lines."""
    lines = ["recipes (--recipe), and what they measured; docs/results.md has more:"]
    for model in models.MODELS.values():
        for name, preset in model.recipes.items():
            lines.append(f"  {model.name:<12} {name}: {preset.trained}, {preset.minutes} min: "
                         f"{preset.measured()}")
            flags = table.as_flags(preset.values, space="\xa0")     # where no line is broken
            lines += textwrap.wrap(flags, 76, initial_indent=" " * 15,
                                   subsequent_indent=" " * 15, break_on_hyphens=False)
    return "\n".join(lines).replace("\xa0", " ")


def _default(row):
    """A row's default in words: each model's where its document has one."""
    of_models = {model.name: model.defaults[row.name] for model in models.MODELS.values()
                 if row.name in model.defaults}
    if row.default is None and row.otherwise:
        return row.otherwise
    if row in table.BEYOND_THE_DOCUMENTS or not of_models:
        return _word(row.default) + row.otherwise
    return ", ".join(f"{name} {_word(value)}" for name, value in of_models.items())


def _word(value):
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return {False: "off", True: "on"}[value] if isinstance(value, bool) else str(value)


# -- sample, plot, evaluate, export, report --------------------------------------------------

def sample(arguments=None, name=None):
    """Draws digits from a run or a checkpoint."""
    parser = _parser(name, sample.__doc__, example="sample --run logs/gan -n 25 --out digits.png")
    parser.add_argument("--run", "--checkpoint", required=True, metavar="PATH", dest="path",
                        help="a run's folder (logs/gan), a checkpoint's prefix "
                             "(logs/gan/model.ckpt-859), or an HDF5 file of Keras's")
    _add_model_of_checkpoint(parser)
    parser.add_argument("-n", type=int, default=25, metavar="N",
                        help="how many digits; default: %(default)s")
    parser.add_argument("--seed", type=int, metavar="N",
                        help="the same digits for the same seed; default: new ones")
    parser.add_argument("--dropout", action="store_true",
                        help="keep dropout on, as document 000 samples; default: off")
    parser.add_argument("--nice", action="store_true",
                        help="draw 20 times as many, keep those that the discriminator rates "
                             "highest; default: off")
    _add_best(parser)
    parser.add_argument("--out", metavar="FILE.png",
                        help="the picture of them; default: digits.png, unless --npz is given")
    parser.add_argument("--npz", metavar="FILE.npz",
                        help="the digits themselves: `images`, float32 [n, 28, 28] in [0, 1]; "
                             "default: none")
    flags = parser.parse_args(arguments)
    from tf1gan import sampling
    sampling.check_request(flags.n, flags.seed, flags.nice, flags.out, flags.npz, flags.best)
    runs.find_checkpoint(flags.path, whole=flags.nice, best=flags.best)
    _load_tensorflow()
    sampling.sample_to_files(flags.path, flags.n, flags.seed, flags.model, flags.dropout,
                             flags.nice, flags.out, flags.npz, flags.best)


def plot(arguments=None, name=None):
    """Draws a run: loss curves, its last digits, new ones, and how they evolved."""
    parser = _parser(name, plot.__doc__, example="plot logs/gan --preview")
    parser.add_argument("run", metavar="RUN", help="the run's folder, such as logs/gan")
    parser.add_argument("--seed", type=int, metavar="N",
                        help="of the new digits; default: others each time")
    parser.add_argument("--preview", action="store_true",
                        help="draw the first 20 training images of each digit, too; default: off")
    _add_data_dir(parser, "the images for --preview")
    parser.add_argument("--epoch", type=int, metavar="N",
                        help="draw nothing, but name the picture of this epoch (and show it, "
                             "with --show); default: draw")
    parser.add_argument("--show", action="store_true",
                        help="show the pictures in windows, too; default: off")
    flags = parser.parse_args(arguments)
    if flags.show:
        from tf1gan import plots
        plots.check_screen()        # before the work
    from tf1gan import run_plots
    if flags.epoch is not None:
        pictures = [run_plots.epoch_picture(flags.run, flags.epoch)]
    else:
        pictures = run_plots.plot_run(flags.run, seed=flags.seed,
                                      preview_of=flags.data_dir if flags.preview else None)
    print("\n".join(pictures))
    if flags.show:
        plots.show(pictures)


def evaluate(arguments=None, name=None):
    """Measures how good the digits of runs or checkpoints are."""
    parser = _parser(name, evaluate.__doc__, example="evaluate logs/gan logs/dcgan")
    parser.add_argument("runs", nargs="+", metavar="RUN",
                        help="a run's folder (logs/gan), or a checkpoint's prefix")
    _add_model_of_checkpoint(parser)
    _add_best(parser)
    parser.add_argument("--samples", type=int, default=10000, metavar="N",
                        help="digits drawn from each; default: %(default)s")
    parser.add_argument("--seed", type=int, default=0, metavar="N",
                        help="of the noise; default: %(default)s")
    _add_data_dir(parser, "the images")
    flags = parser.parse_args(arguments)
    for path in flags.runs:
        runs.find_checkpoint(path, best=flags.best)
    _load_tensorflow()
    from tf1gan import evaluation
    evaluation.evaluate(flags.runs, flags.data_dir, flags.samples, flags.seed, flags.model,
                        flags.best)


def export(arguments=None, name=None):
    """Writes a generator as a SavedModel, or its weights, for programs that have no tf1gan."""
    parser = _parser(name, export.__doc__, example="export logs/gan --out served/gan/1")
    parser.add_argument("run", metavar="RUN",
                        help="a run's folder (logs/gan), or a checkpoint's prefix")
    _add_model_of_checkpoint(parser)
    _add_best(parser)
    parser.add_argument("--out", metavar="FOLDER",
                        help="a new folder for the SavedModel: `noise` [n, 100] -> `images` "
                             "[n, 28, 28] in [0, 1]; default: none")
    parser.add_argument("--npz", metavar="FILE.npz",
                        help="the weights by their documents' names, and what their axes are; "
                             "default: none")
    flags = parser.parse_args(arguments)
    from tf1gan import export as exporting
    exporting.check_request(flags.out, flags.npz)
    runs.find_checkpoint(flags.run, best=flags.best)
    _load_tensorflow()
    exporting.export(flags.run, flags.out, flags.npz, flags.model, flags.best)


def report(arguments=None, name=None):
    """Writes a page that shows runs side by side, in one file for any browser."""
    parser = _parser(name, report.__doc__, example="report logs/gan logs/dcgan --out report.html")
    parser.add_argument("runs", nargs="+", metavar="RUN",
                        help="a run's folder, such as logs/gan")
    parser.add_argument("--out", default="report.html", metavar="FILE.html",
                        help="the page; default: %(default)s")
    generators = parser.add_mutually_exclusive_group()
    generators.add_argument("--live", action="store_true",
                            help="have large generators draw in the page, too, such as dcgan's (9 "
                                 "MB); default: those of up to 500,000 weights")
    generators.add_argument("--no-live", action="store_true",
                            help="have none draw in the page; default: off")
    _add_data_dir(parser, "the training images, among which the nearest to the last digits are "
                          "looked for, if they are there")
    flags = parser.parse_args(arguments)
    from tf1gan import report as pages
    pages.check(flags.runs, flags.out)
    if not flags.no_live:
        _load_tensorflow()
    said = pages.write(flags.runs, flags.out, flags.data_dir,
                       pages.ALL if flags.live else pages.NONE if flags.no_live else pages.SMALL)
    for line in said:
        print(line)
    print(f"{os.path.getsize(flags.out) / 2 ** 20:.1f} MB: {flags.out}")


def inspect_checkpoint(arguments=None, name=None):
    """Lists a checkpoint's variables and says which models it fits."""
    parser = _parser(name, inspect_checkpoint.__doc__,
                     example="inspect_checkpoint save/model.ckpt-33000")
    parser.add_argument("path", metavar="PATH",
                        help="a run's folder, a checkpoint's prefix, or an HDF5 file of Keras's")
    flags = parser.parse_args(arguments)
    runs.find_checkpoint(flags.path, whole=True)
    _load_tensorflow()
    from tf1gan import restoring
    print("\n".join(restoring.inspect(flags.path)))


# -- run_legacy ------------------------------------------------------------------------------

def run_legacy(arguments=None, name=None):
    """Runs a script or notebook of TensorFlow 1 as it is."""
    parser = _parser(name, run_legacy.__doc__, example="run_legacy --steps 1000 gan.py --epochs 2")
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


# -- benchmark, stress -----------------------------------------------------------------------

def benchmark(arguments=None, name=None):
    """Times training, by itself at several batch sizes or beside the documents' own loops."""
    parser = _parser(name, benchmark.__doc__, example="benchmark --model gan --compare")
    parser.add_argument("--model", metavar="NAME",
                        help=f"one of {', '.join(models.MODELS)}; default: all of them")
    parser.add_argument("--compare", action="store_true",
                        help="in turns with the document's own loop; default: off")
    parser.add_argument("--bfloat16", action="store_true", help="as train --bfloat16; default: off")
    parser.add_argument("--seconds", type=float, default=10.0, metavar="S",
                        help="that each side runs in each round; 0, with --workers, times nothing "
                             "and counts what workers reduce; default: %(default)s")
    _add_data_dir(parser, "the images")
    parser.add_argument("--workers", metavar="N,N,...",
                        help="in turns by so many processes, with the cores divided among them, "
                             "such as 1,2; default: 1")
    flags = parser.parse_args(arguments)
    names = [models.find(flags.model).name] if flags.model else list(models.MODELS)
    counts = _counts(flags.workers)
    if not (0 < flags.seconds < float("inf") or counts and flags.seconds == 0):
        raise UserError(f"--seconds {flags.seconds:g} times nothing: give more, or 0 with "
                        "--workers, which counts what workers reduce")
    if counts and (flags.compare or flags.bfloat16):
        raise UserError("--workers is measured without --compare and --bfloat16: leave them out")
    _load_tensorflow()
    if counts:
        from tf1gan.bench import together
        return together.report(names, flags.data_dir, counts, flags.seconds)
    from tf1gan.bench import speed
    speed.report(names, flags.data_dir, flags.compare, flags.bfloat16, flags.seconds)


def stress(arguments=None, name=None):
    """Does to a run what the world does, and compares it with an untouched one bit by bit."""
    parser = _parser(name, stress.__doc__, example="stress --kills 5 --epochs 4")
    parser.add_argument("--model", default="gan", metavar="NAME",
                        help="which one; default: %(default)s")
    parser.add_argument("--kills", type=int, default=20, metavar="N",
                        help="how many times it is killed; default: %(default)s")
    parser.add_argument("--epochs", type=int, default=12, metavar="N",
                        help="the run's length; default: %(default)s")
    parser.add_argument("--batch-size", type=int, default=64, metavar="N",
                        help="images in a batch; default: %(default)s")
    _add_data_dir(parser, "the images")
    parser.add_argument("--seed", type=int, default=0, metavar="N",
                        help="of the moments of the kills; default: %(default)s")
    parser.add_argument("--workers", type=int, default=1, metavar="N",
                        help="processes that train together, of which one is killed each time; "
                             "default: %(default)s")
    given = vars(parser.parse_args(arguments))
    models.find(given["model"])
    models.check({"workers": given["workers"]})
    _load_tensorflow()
    from tf1gan.bench import faults
    found = (faults.stress_workers(**given) if given["workers"] > 1 else
             faults.stress(**{name: value for name, value in given.items() if name != "workers"}))
    print(faults.table(found))
    return 0 if all(fault.survived for fault in found) else 1


COMMANDS = {"train": train, "sample": sample, "plot": plot, "evaluate": evaluate,
            "export": export, "report": report, "inspect_checkpoint": inspect_checkpoint,
            "run_legacy": run_legacy, "benchmark": benchmark, "stress": stress}


# -- Small parts -----------------------------------------------------------------------------

def _counts(text):
    """"1,2" as [1, 2]; None as an empty list."""
    try:
        counts = [int(part) for part in (text or "").split(",") if part]
    except ValueError:
        counts = [0]
    for count in counts:
        models.check({"workers": count})
    return counts


def _load_tensorflow():
    """Takes seconds: after all that can be found wrong without it."""
    with console.ending_on_interrupt():
        tf.Session      # noqa: B018


def _parser(name, about, example):
    script, flags = example.split(" ", 1)
    return console.Parser(prog=name, description=about,
                          example=f"python scripts/{script}.py {flags}")


def _add_data_dir(parser, what):
    parser.add_argument("--data-dir", default="mnist_data", metavar="DIR",
                        help=f"{what}; default: %(default)s")


def _add_model_of_checkpoint(parser):
    parser.add_argument("--model", metavar="NAME",
                        help="for a checkpoint without a config.json beside it: "
                             + ", ".join(models.MODELS) + "; default: the config.json's")


def _add_best(parser):
    parser.add_argument("--best", action="store_true",
                        help="of a run, the generator that train.py --evaluate-every found best; "
                             "default: the newest")
