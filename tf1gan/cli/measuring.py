"""benchmark.py, stress.py and search.py."""

from tf1gan import console, models, training
from tf1gan.cli.parts import add_data_dir, folder, load_tensorflow, make_parser
from tf1gan.errors import UserError


def benchmark(arguments=None, name=None):
    """Times training, at several batch sizes or in comparison with the tutorials' own loops."""
    parser = make_parser(name, benchmark.__doc__, example="benchmark --model gan --compare")
    parser.add_argument("--model", metavar="NAME",
                        help=f"one of {', '.join(models.MODELS)}; default: all of them")
    parser.add_argument("--compare", action="store_true",
                        help="compare with the tutorial's own loop, in turns; default: off")
    parser.add_argument("--bfloat16", action="store_true", help="train with --bfloat16; default: "
                                                                "off")
    parser.add_argument("--batch-size", metavar="N,N,...",
                        help="batch sizes; default: the model's own and, without --compare and "
                             "--profile, 16, 64, 256 and 1024")
    parser.add_argument("--way", metavar="NAME",
                        help="how gan's and xavier_gan's iterations are run: loop, or compiled; "
                             "default: whichever is faster on this machine")
    parser.add_argument("--around", action="store_true",
                        help="time what surrounds training instead: evaluations during training, "
                             "sampling, measuring; default: off")
    parser.add_argument("--peers", action="store_true",
                        help="compare with PyTorch, JAX and the tutorial's own loop, in turns; "
                             "default: off")
    parser.add_argument("--peers-python", metavar="PATH",
                        help="the Python that has PyTorch and JAX; default: the one that runs this")
    parser.add_argument("--profile", action="store_true",
                        help="show where the time of an iteration goes instead; default: off")
    parser.add_argument("--seconds", type=float, metavar="S",
                        help="seconds that each side runs in each round; with --workers, 0 counts "
                             "the workers' reductions and times nothing; default: 10")
    add_data_dir(parser, "folder of the images")
    parser.add_argument("--workers", metavar="N,N,...",
                        help="numbers of processes to compare in turns, with the cores divided "
                             "among them, such as 1,2; default: 1")
    parser.add_argument("--time-to-digits", action="store_true",
                        help="time train.py from its start to half the Frechet distance at which "
                             "the tutorial's run ends, with its settings and with --recipe best; "
                             "default: off")
    parser.add_argument("--distance", type=float, metavar="X",
                        help="with --time-to-digits, the Frechet distance to reach; default: half "
                             "the tutorial's")
    parser.add_argument("--minutes", type=float, metavar="M",
                        help="with --time-to-digits, how long a run may take; default: 60")
    flags = parser.parse_args(arguments)
    names = [models.find(flags.model).name] if flags.model else list(models.MODELS)
    counts = _numbers(flags.workers, "workers")
    sizes = _numbers(flags.batch_size, "batch_size")
    models.check({"way": flags.way})
    several = counts and max(counts) > 1
    if flags.time_to_digits and flags.seconds is not None:
        raise UserError("--seconds is not for --time-to-digits, which takes --minutes: leave it "
                        "out")
    seconds = 10.0 if flags.seconds is None else flags.seconds
    if not (0 < seconds < float("inf") or several and seconds == 0):
        raise UserError(f"--seconds must be a number above 0, not {seconds:g}; only with "
                        "--workers 2 or more it may be 0, which counts their reductions and times "
                        "nothing")
    given = [flag for flag, asked in (
        ("--workers", counts), ("--around", flags.around), ("--profile", flags.profile),
        ("--peers", flags.peers),
        ("--time-to-digits", flags.time_to_digits), ("--compare", flags.compare)) if asked]
    given += [flag for flag, asked, goes_with in (
        ("--bfloat16", flags.bfloat16, ("--compare", "--profile", "--time-to-digits")),
        ("--batch-size", sizes, ("--compare", "--profile", "--peers")),
        ("--way", flags.way, ("--compare",)))
        if asked and given and given[0] not in goes_with]
    if flags.peers_python and not flags.peers:
        raise UserError("--peers-python is for --peers: give both, or leave it out")
    for flag, value in (("--distance", flags.distance), ("--minutes", flags.minutes)):
        if value is not None and not flags.time_to_digits:
            raise UserError(f"{flag} is for --time-to-digits: give both, or leave it out")
        if value is not None and not 0 < value < float("inf"):
            raise UserError(f"{flag} must be a number above 0, not {value:g}")
    if len(given) > 1:
        raise UserError(f"{given[0]} and {given[1]} cannot be combined: leave one of them out")
    load_tensorflow()
    if counts:
        from tf1gan.lab import together
        return together.report(names, flags.data_dir, counts, seconds)
    if flags.around:
        from tf1gan.lab import around
        return around.report(names, flags.data_dir, seconds)
    if flags.profile:
        from tf1gan.lab import operations
        return operations.report(names, flags.data_dir, flags.bfloat16, sizes)
    if flags.time_to_digits:
        from tf1gan.lab import time_to_digits
        return 0 if time_to_digits.report(names, flags.data_dir, flags.minutes or 60,
                                          flags.distance, flags.bfloat16) else 1
    if flags.peers:
        from tf1gan.lab import beside
        return beside.report(names, flags.data_dir, flags.peers_python, seconds, sizes)
    from tf1gan.lab import speed
    speed.report(names, flags.data_dir, flags.compare, flags.bfloat16, seconds, sizes,
                 flags.way)


def stress(arguments=None, name=None):
    """Kills a run, damages its files, fills its disk, and compares it with an undisturbed one."""
    parser = make_parser(name, stress.__doc__, example="stress --kills 5 --epochs 4")
    parser.add_argument("--model", default="gan", metavar="NAME",
                        help="the model to train; default: %(default)s")
    parser.add_argument("--kills", type=int, default=20, metavar="N",
                        help="how many times to kill it; default: %(default)s")
    parser.add_argument("--epochs", type=int, default=12, metavar="N",
                        help="length of the run; default: %(default)s")
    parser.add_argument("--batch-size", type=int, default=64, metavar="N",
                        help="batch size; default: %(default)s")
    add_data_dir(parser, "folder of the images")
    parser.add_argument("--seed", type=int, default=0, metavar="N",
                        help="seed of the moments of the kills; default: %(default)s")
    parser.add_argument("--workers", type=int, default=1, metavar="N",
                        help="processes that train together, one of which is killed each time; "
                             "default: %(default)s")
    given = vars(parser.parse_args(arguments))
    models.find(given["model"])
    models.check({name: given[name] for name in ("workers", "epochs", "batch_size")})
    training.check_divides(given["batch_size"], given["workers"])
    if given["kills"] < 1:
        raise UserError(f"--kills must be at least 1, not {given['kills']}")
    from tf1gan.lab import faults
    load_tensorflow(end_at_sigterm=False)
    found = faults.stress(**given)
    console.say(*faults.table(found))
    return 0 if all(fault.survived for fault in found) else 1


def search(arguments=None, name=None):
    """Searches for the best settings of a model within a training time, or continues a search."""
    parser = make_parser(name, search.__doc__, example="search gan --budget 7")
    parser.add_argument("model", metavar="MODEL", help="one of " + ", ".join(models.MODELS))
    parser.add_argument("--budget", type=float, required=True, metavar="MINUTES",
                        help="minutes of training on this machine that a recipe may take")
    parser.add_argument("--trials", type=int, default=27, metavar="N",
                        help="settings to try, each for at least a 27th of the time; default: "
                             "%(default)s")
    parser.add_argument("--seeds", type=int, default=3, metavar="N",
                        help="seeds with which the best settings and the model's recipes are "
                             "trained; default: %(default)s")
    parser.add_argument("--samples", type=int, default=10000, metavar="N",
                        help="samples by which each setting is measured; default: %(default)s")
    parser.add_argument("--logdir", default="logs", metavar="DIR", type=folder,
                        help="the search is saved in DIR/search-MODEL; default: %(default)s")
    add_data_dir(parser, "folder of the images")
    given = vars(parser.parse_args(arguments))
    model = models.find(given.pop("model"), "MODEL").name
    if not 0 < given["budget"] <= 10 ** 5:
        raise UserError(f"--budget must be above 0 and at most 100000, not {given['budget']:g}")
    for flag, low, high in (("trials", 1, 10 ** 4), ("seeds", 1, 100), ("samples", 2, 10 ** 5)):
        if not low <= given[flag] <= high:
            raise UserError(f"--{flag} must be from {low} to {high}, not {given[flag]}")
    load_tensorflow()
    import tf1gan.lab.search
    tf1gan.lab.search.search(model, tf1gan.lab.search.Options(**given))


def _numbers(text, name):
    """"1,2" as [1, 2], each one that a hyperparameter can be; None as an empty list."""
    try:
        numbers = [int(part) for part in text.split(",")] if text is not None else []
    except ValueError:
        raise UserError(f"{models.flag(name)} must be integers separated by commas, such as 1,2, "
                        f"not {text!r}") from None
    for number in numbers:
        models.check({name: number})
    return list(dict.fromkeys(numbers))
