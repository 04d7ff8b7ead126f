"""train.py: flags from the table of hyperparameters, and one call."""

import sys
import textwrap

from tf1gan import models
from tf1gan.cli.parts import add_data_dir, folder, load_tensorflow, make_parser
from tf1gan.errors import UserError
from tf1gan.machines.cluster import from_environment
from tf1gan.models import hyperparameters


def train(arguments=None, name=None):
    """Trains a model, or continues a run that was stopped."""
    parser = make_parser(name, train.__doc__, example="train --model gan --epochs 300")
    parser.add_argument("--model", required=True, metavar="NAME",
                        help="the model to train: " + ", ".join(models.MODELS))
    parser.add_argument("--recipe", default=models.DOCUMENT, metavar="NAME",
                        help="a set of hyperparameters with a name, from the list below; flags "
                             "given beside it take precedence; default: %(default)s")
    for title, about, rows in (
            ("length", "", hyperparameters.LENGTH),
            ("hyperparameters", "The defaults are those of the model's tutorial.",
             hyperparameters.OF_THE_DOCUMENTS + hyperparameters.OF_ONE_MODEL),
            ("beyond the tutorials", "These work with every model.",
             hyperparameters.BEYOND_THE_DOCUMENTS),
            ("run", "", hyperparameters.OF_A_RUN)):
        group = parser.add_argument_group(title, about or None)
        for row in rows:
            _add(group, row)
    group.add_argument("--seed", type=int, default=0, metavar="N",
                       help="seed of everything random; default: %(default)s")
    group.add_argument("--run", metavar="NAME", help="name of the run; default: the model's name")
    group.add_argument("--logdir", default="logs", metavar="DIR", type=folder,
                       help="the folder that holds the runs; default: %(default)s")
    group.add_argument("--from", dest="begin_from", nargs="+", default=(), metavar="PATH",
                       help="begin with the weights of a run, a checkpoint or a Keras HDF5 file, "
                            "or of two files with one network each; default: new weights")
    add_data_dir(group, "folder of the images; MNIST is downloaded if it has none")
    group.add_argument("--fresh", action="store_true",
                       help="start over, and keep an earlier run of that name under another name; "
                            "default: off")
    parser.epilog = "models, and how long each trains on two cores:\n" + "\n".join(
        f"  {model.name:<12} tutorial {model.document}: {model.takes}"
        for model in models.MODELS.values()) + "\n\n" + _recipes() + "\n\n" + parser.epilog

    given = vars(parser.parse_args(arguments))
    from tf1gan import training  # which a --help need not wait for
    model, workers = given.pop("model"), given.pop("workers")
    options = {name: given.pop(name) for name in training.Options._fields if name in given}
    if options["wait"] is None:
        del options["wait"]
    models.check({"workers": workers})
    asked = training.ask(model, training.Options(**options), **given)
    cluster = from_environment()
    if workers and cluster and workers != cluster.size:
        raise UserError(f"--workers {workers} starts processes on one machine, but TF_CONFIG "
                        f"names {cluster.size} workers: use one of the two")
    training.check(asked, workers or (cluster.size if cluster else 1))
    if workers and workers > 1 and not cluster:
        from tf1gan.machines import launcher
        return launcher.launch(sys.argv[1:] if arguments is None else arguments, workers)
    load_tensorflow(end_at_sigterm=False)
    if cluster:
        from tf1gan.machines.together import Together
        asked = asked._replace(options=asked.options._replace(strategy=Together(cluster)))
    _, stopped_by = training.carry_out(asked)
    return 128 + stopped_by if stopped_by else 0


def _add(group, row):
    """A flag of a row of the table."""
    flags = (row.flag,) + row.aliases
    words = f"{row.help}; default: {default(row)}".replace("%", "%%")
    if row.kind is hyperparameters.switch:
        group.add_argument(*flags, dest=row.name, action="store_true", default=None, help=words)
    else:
        kind = {hyperparameters.integer: int, hyperparameters.number: float}.get(row.kind, str)
        optional = {"nargs": "?", "const": row.alone} if row.alone else {}
        group.add_argument(*flags, dest=row.name, type=kind, metavar=row.metavar, help=words,
                           **optional)


def _recipes():
    """Every model's recipes but its document's, and what they take, in lines."""
    lines = ["recipes (--recipe), and how long they train on two cores (docs/results.md has what "
             "they achieve); the default, document, is the tutorial's own:"]
    for model in models.MODELS.values():
        for name, recipe in model.recipes.items():
            if name == models.DOCUMENT:
                continue
            minutes = f", {recipe.minutes} min" if recipe.minutes else ""
            lines.append(f"  {model.name:<12} {name}: {recipe.trained}{minutes}")
            # No line is broken at such a space.
            flags = hyperparameters.as_flags(recipe.values, space="\xa0")
            lines += textwrap.wrap(flags, 76, initial_indent=" " * 15,
                                   subsequent_indent=" " * 15, break_on_hyphens=False)
    return "\n".join(lines).replace("\xa0", " ")


def default(row):
    """A row's default in words: each model's where its document has one."""
    of_models = {model.name: model.defaults[row.name] for model in models.MODELS.values()
                 if row.name in model.defaults}
    if row.default is None and row.otherwise:
        return row.otherwise
    if row in hyperparameters.BEYOND_THE_DOCUMENTS or not of_models:
        return _word(row.default) + row.otherwise
    return ", ".join(f"{name} {_word(value)}" for name, value in of_models.items())


def _word(value):
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return {False: "off", True: "on"}[value] if isinstance(value, bool) else str(value)
