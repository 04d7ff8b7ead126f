"""benchmark.py, stress.py and search.py."""

from tf1gan import console, models, process
from tf1gan.cli.parts import add_data_dir, folder, load_tensorflow, make_parser
from tf1gan.errors import UserError


def benchmark(arguments=None, name=None):
    """Times training, by itself at several batch sizes or beside the documents' own loops."""
    parser = make_parser(name, benchmark.__doc__, example="benchmark --model gan --compare")
    parser.add_argument("--model", metavar="NAME",
                        help=f"one of {', '.join(models.MODELS)}; default: all of them")
    parser.add_argument("--compare", action="store_true",
                        help="in turns with the document's own loop; default: off")
    parser.add_argument("--bfloat16", action="store_true", help="as train --bfloat16; default: off")
    parser.add_argument("--batch-size", metavar="N,N,...",
                        help="images in a batch; default: the model's own and, beside neither "
                             "--compare nor --profile, 16, 64, 256 and 1024")
    parser.add_argument("--around", action="store_true",
                        help="what surrounds training instead: evaluations on the way, sampling, "
                             "measuring; default: off")
    parser.add_argument("--profile", action="store_true",
                        help="where the time of an iteration goes instead; default: off")
    parser.add_argument("--seconds", type=float, default=10.0, metavar="S",
                        help="that each side runs in each round; 0, with --workers, times nothing "
                             "and counts what workers reduce; default: %(default)s")
    add_data_dir(parser, "the images")
    parser.add_argument("--workers", metavar="N,N,...",
                        help="in turns by so many processes, with the cores divided among them, "
                             "such as 1,2; default: 1")
    flags = parser.parse_args(arguments)
    names = [models.find(flags.model).name] if flags.model else list(models.MODELS)
    counts = _numbers(flags.workers, "workers")
    sizes = _numbers(flags.batch_size, "batch_size")
    several = counts and max(counts) > 1
    if not (0 < flags.seconds < float("inf") or several and flags.seconds == 0):
        raise UserError(f"--seconds {flags.seconds:g} times nothing: give more, or 0 with "
                        "--workers 2 or more, which counts what workers reduce")
    given = [flag for flag, asked in (
        ("--workers", counts), ("--around", flags.around), ("--profile", flags.profile),
        ("--compare", flags.compare)) if asked]
    given += [flag for flag, asked in (("--bfloat16", flags.bfloat16), ("--batch-size", sizes))
              if asked and given and given[0] not in ("--compare", "--profile")]
    if len(given) > 1:
        raise UserError(f"{given[0]} is measured without {given[1]}: leave one of them out")
    process.end_at_sigterm()
    load_tensorflow()
    if counts:
        from tf1gan.lab import together
        return together.report(names, flags.data_dir, counts, flags.seconds)
    if flags.around:
        from tf1gan.lab import around
        return around.report(names, flags.data_dir, flags.seconds)
    if flags.profile:
        from tf1gan.lab import operations
        return operations.report(names, flags.data_dir, flags.bfloat16, sizes)
    from tf1gan.lab import speed
    speed.report(names, flags.data_dir, flags.compare, flags.bfloat16, flags.seconds, sizes)


def stress(arguments=None, name=None):
    """Does to a run what the world does, and compares it with an untouched one bit by bit."""
    parser = make_parser(name, stress.__doc__, example="stress --kills 5 --epochs 4")
    parser.add_argument("--model", default="gan", metavar="NAME",
                        help="which one; default: %(default)s")
    parser.add_argument("--kills", type=int, default=20, metavar="N",
                        help="how many times it is killed; default: %(default)s")
    parser.add_argument("--epochs", type=int, default=12, metavar="N",
                        help="the run's length; default: %(default)s")
    parser.add_argument("--batch-size", type=int, default=64, metavar="N",
                        help="images in a batch; default: %(default)s")
    add_data_dir(parser, "the images")
    parser.add_argument("--seed", type=int, default=0, metavar="N",
                        help="of the moments of the kills; default: %(default)s")
    parser.add_argument("--workers", type=int, default=1, metavar="N",
                        help="processes that train together, of which one is killed each time; "
                             "default: %(default)s")
    given = vars(parser.parse_args(arguments))
    models.find(given["model"])
    models.check({"workers": given["workers"]})
    load_tensorflow()
    from tf1gan.lab import faults
    found = (faults.stress_workers(**given) if given["workers"] > 1 else
             faults.stress(**{name: value for name, value in given.items() if name != "workers"}))
    console.say(*faults.table(found).splitlines())
    return 0 if all(fault.survived for fault in found) else 1


def search(arguments=None, name=None):
    """Searches for the recipe of a model that is best within a time, or goes on with a search."""
    parser = make_parser(name, search.__doc__, example="search gan --budget 7")
    parser.add_argument("model", metavar="MODEL", help="one of " + ", ".join(models.MODELS))
    parser.add_argument("--budget", type=float, required=True, metavar="MINUTES",
                        help="how long a recipe may train here")
    parser.add_argument("--trials", type=int, default=27, metavar="N",
                        help="settings that are tried, each for a 27th of the time at least; "
                             "default: %(default)s")
    parser.add_argument("--seeds", type=int, default=3, metavar="N",
                        help="with which the best of them, and the model's recipes, are trained; "
                             "default: %(default)s")
    parser.add_argument("--samples", type=int, default=10000, metavar="N",
                        help="by which each is measured; default: %(default)s")
    parser.add_argument("--logdir", default="logs", metavar="DIR", type=folder,
                        help="the search is kept in DIR/search-MODEL; default: %(default)s")
    add_data_dir(parser, "the images")
    given = vars(parser.parse_args(arguments))
    model = models.find(given.pop("model"), "MODEL").name
    if not 0 < given["budget"] <= 10 ** 5:
        raise UserError(f"--budget must be above 0 and at most 100000, not {given['budget']:g}")
    for flag, low, high in (("trials", 1, 10 ** 4), ("seeds", 1, 100), ("samples", 2, 10 ** 5)):
        if not low <= given[flag] <= high:
            raise UserError(f"--{flag} must be from {low} to {high}, not {given[flag]}")
    process.end_at_sigterm()
    load_tensorflow()
    import tf1gan.lab.search
    tf1gan.lab.search.search(model, tf1gan.lab.search.Options(**given))


def _numbers(text, name):
    """"1,2" as [1, 2], each one that a hyperparameter can be; None as an empty list."""
    try:
        numbers = [int(part) for part in text.split(",")] if text is not None else []
    except ValueError:
        raise UserError(f"{models.flag(name)} must be integers with commas between, such as 1,2, "
                        f"not {text!r}") from None
    for number in numbers:
        models.check({name: number})
    return list(dict.fromkeys(numbers))
