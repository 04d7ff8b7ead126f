"""What the scripts do: `python -m tf1gan train ...` is `python scripts/train.py ...`.

Each command parses its flags and makes one call. What needs TensorFlow is imported after the
flags are found right, so that a mistyped one is answered at once.
"""

import argparse
import sys

from tf1gan import console, machines, models, runs
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
    _add_data_dir(group, "the images; MNIST is fetched where it has none")
    group.add_argument("--fresh", action="store_true",
                       help="start over; an earlier run of that name is kept under another; "
                            "default: off")
    parser.epilog = "models, and what each takes on two cores:\n" + "\n".join(
        f"  {model.name:<12} document {model.document}: {model.takes}"
        for model in models.MODELS.values()) + "\n\n" + parser.epilog

    given = vars(parser.parse_args(arguments))
    model = given.pop("model")
    settings = {key: given.pop(key) for key in (
        "seed", "run", "logdir", "data_dir", "fresh") + tuple(row.name for row in table.OF_A_RUN)}
    models.resolve(model, {name: value for name, value in given.items()
                           if name not in ("epochs", "steps")})     # a wrong one is told at once
    models.check({row.name: settings[row.name] for row in table.OF_A_RUN})
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


# -- sample, plot, evaluate ------------------------------------------------------------------

def sample(arguments=None, name=None):
    """Draws digits from a run or a checkpoint."""
    parser = _parser(name, sample.__doc__, example="sample --run logs/gan -n 25 --out digits.png")
    parser.add_argument("--run", "--checkpoint", required=True, metavar="PATH", dest="path",
                        help="a run's folder (logs/gan), or a checkpoint's prefix "
                             "(logs/gan/model.ckpt-859)")
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
                        help="that each side runs in each round; default: %(default)s")
    _add_data_dir(parser, "the images")
    parser.add_argument("--workers", metavar="N,N,...",
                        help="in turns by so many processes, with the cores divided among them, "
                             "such as 1,2; default: 1")
    flags = parser.parse_args(arguments)
    names = [models.find(flags.model).name] if flags.model else list(models.MODELS)
    counts = _counts(flags.workers)
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
            "benchmark": benchmark, "stress": stress}


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
