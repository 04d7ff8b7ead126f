"""A run's JSON files: read as what they are, or told in one line what is wrong with them.

Nothing in them is believed: whatever a file holds, a reader gets values of the kinds below, or
the line. What other versions of this program wrote beside them is left as it is.
"""

import json
import os
import re
import reprlib
from typing import Any, Callable, NamedTuple

from tf1gan import files, randomness
from tf1gan.errors import UserError

CONFIG = "config.json"
MEMORIES = "monitor.json"       # what the monitor remembered at each checkpoint
TRANSITIONS = "states.json"     # which states began and ended up to the newest one
BEST_FACTS = "best.json"        # which generator measured best, and how
EVALUATION = "evaluation.json"  # what evaluate.py measured

_LARGEST = 2 ** 26              # bytes of a file
_DIGITS = 400                   # of a number
_WHOLE = 2 ** 53                # from which on numbers are not whole in every program
_LONGEST = 1000                 # characters of what is said of a state
_ALL = "it"                     # what the whole of a file is called


class Kind(NamedTuple):
    """What a value must be."""
    words: str
    holds: Callable             # of the value
    inside: Any = None          # the Kind of each of a list's or an object's, or {name: Kind}
    needed: tuple = ()          # names that an object must have
    name: Callable = lambda name: True      # whether an object may have a name


# -- Kinds -----------------------------------------------------------------------------------

def _is_whole(value, low=0, high=_WHOLE):
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _is_number(value):
    return (isinstance(value, (int, float)) and not isinstance(value, bool)
            and -1e308 <= value <= 1e308)


def _or_null(kind):
    return kind._replace(words=kind.words + " or null",
                         holds=lambda value: value is None or kind.holds(value))


def objects(inside, needed=(), **options):
    return Kind("an object", lambda value: isinstance(value, dict), inside, needed, **options)


def _list_of(inside):
    return Kind("a list", lambda value: isinstance(value, list), inside)


COUNT = Kind("a whole number above 0", lambda value: _is_whole(value, 1))
_STEP = Kind("a whole number from 0 on", _is_whole)
NUMBER = Kind("a finite number", _is_number)
_FLOAT = Kind("a number", lambda value: isinstance(value, float) or _is_number(value))
_SWITCH = Kind("true or false", lambda value: isinstance(value, bool))
TEXT = Kind("a text", lambda value: isinstance(value, str))
_WORDS = Kind("a short text", lambda value: isinstance(value, str) and len(value) <= _LONGEST)
_STATE = Kind("a state's name", lambda value: isinstance(value, str)
              and re.fullmatch("[a-z][a-z0-9_]{0,60}", value))
_SHARES = Kind("ten shares from 0 to 1", lambda value: isinstance(value, list)
               and len(value) == 10 and all(_is_number(each) and 0 <= each <= 1 for each in value))
_MEASURES = {name: _or_null(NUMBER) for name in (
    "frechet", "kid", "kid_error", "score", "covered", "kl", "precision", "recall")}
_CLASSIFIER = objects({"data": TEXT, "seed": _STEP, "accuracy": NUMBER, "version": _STEP})

_TRANSITION = objects(
    {"step": COUNT, "state": _STATE, "began": COUNT, "words": _WORDS},
    needed=("step", "state", "began", "words"))._replace(
        words="a state that begins no later than its step", holds=lambda value: isinstance(
            value, dict) and not (COUNT.holds(value.get("step")) and COUNT.holds(
                value.get("began")) and value["began"] > value["step"]))

_KINDS = {
    CONFIG: objects({
        "model": TEXT, "hyperparameters": objects({}), "recipe": TEXT, "data": TEXT,
        "seed": Kind(f"a whole number from 0 to {randomness.MAX_SEED}",
                     lambda value: _is_whole(value, 0, randomness.MAX_SEED)),
        "iterations": COUNT, "iterations_per_epoch": _or_null(COUNT),
        "sample_every": _or_null(COUNT), "versions": objects(TEXT), "from": _list_of(TEXT),
        "way": TEXT}, needed=("model", "hyperparameters")),
    MEMORIES: objects(objects(
        {"seen": _STEP, "real": _FLOAT, "fake": _FLOAT, "grown": _SWITCH,
         "since": objects(_STEP, name=_STATE.holds)}, needed=("seen", "real", "fake", "since")),
        name=lambda name: re.fullmatch("[0-9]{1,15}", name)),
    TRANSITIONS: objects({"transitions": _list_of(_TRANSITION)}, needed=("transitions",)),
    BEST_FACTS: objects(dict(
        {name: kind for name, kind in _MEASURES.items() if name != "frechet"},
        frechet=NUMBER, step=COUNT, samples=COUNT, classifier=_STEP, shares=_SHARES),
        needed=("frechet",)),
    EVALUATION: objects(dict(
        _MEASURES, samples=COUNT, draws=COUNT, seed=_STEP, checkpoint=TEXT, shares=_SHARES,
        classifier=_CLASSIFIER, spread=objects(dict(_MEASURES, shares=_SHARES)),
        kid_version=COUNT)),
}
_REMEDIES = {
    CONFIG: "restore it, or start over with --fresh",
    MEMORIES: "restore it, or delete it, and the monitor starts anew",
    TRANSITIONS: "restore it, or delete it, and the monitor starts anew",
    BEST_FACTS: "restore it, or delete it, and the next generator that is measured counts as "
                "the best",
    EVALUATION: "restore it, or measure again with scripts/evaluate.py",
}


# -- Reading ---------------------------------------------------------------------------------

def read_config(folder):
    """A run's config.json as a dict, or None where the folder has none.

    Raises UserError where it is there, but not one of this program's.
    """
    path = os.path.join(folder, CONFIG)
    try:
        config = load(path)
        if config is None:
            return None
        wrong = wrong_in(config, _KINDS[CONFIG])
        if wrong:
            raise UserError(wrong)
        return config
    except (OSError, ValueError) as error:
        raise UserError(f"cannot read {path} ({_why(error)}): {_REMEDIES[CONFIG]}") from error


def config_of(folder):
    """`read_config`. Raises UserError where the folder has none, too."""
    config = read_config(folder)
    if config is None:
        raise UserError(f"{folder} is not the folder of a run (it has no {CONFIG}): name one, "
                        "such as logs/gan")
    return config


def config_beside(prefix):
    """The path of the config.json beside a checkpoint."""
    return os.path.join(os.path.dirname(prefix), CONFIG)


def read_json(folder, name, notes=None):
    """One of a run's other JSON files as a dict; an empty one where there is none.

    Raises UserError, which names it, where it cannot be read or does not hold what a run keeps
    there. With `notes`, a list, such a line is added to that instead, and what is right is
    returned.
    """
    path, wrong = os.path.join(folder, name), []
    try:
        value = load(path)
        if value is None:
            return {}
        right = _right(value, _KINDS[name], _ALL, wrong)
    except (OSError, ValueError) as error:
        right, wrong = [], [_why(error)]
    if wrong:
        more = f", and so on, {len(wrong)} times" if wrong[1:] else ""
        line = f"{path} cannot be read{'' if not right else ' in full'} ({wrong[0]}{more})"
        if notes is None:
            raise UserError(f"{line}: {_REMEDIES[name]}")
        notes.append(f"{line}: {_REMEDIES[name]}")
    return right[0] if right else {}


def wrong_in(value, kind, where=_ALL):
    """What is wrong first in a value that is to be of a Kind, in words; None where nothing is."""
    wrong = []
    _right(value, kind, where, wrong)
    return wrong[0] if wrong else None


def write_json(folder, name, value):
    with files.atomic(os.path.join(folder, name)) as file:
        file.write((json.dumps(value, indent=2) + "\n").encode())


def load(path):
    """The object, a dict, in a JSON file, whatever it is; None where there is no such file.

    Raises OSError or ValueError, which says why, where it cannot be read, or holds none.
    """
    try:
        with files.opened(path) as file:
            content = file.read(_LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    if len(content) > _LARGEST:
        raise UserError(f"it has more than {_LARGEST} bytes")
    return parsed(content)


def parsed(content):
    """The object, a dict, that a JSON file's bytes hold. Raises UserError, which says why not."""
    try:
        value = json.loads(content.decode("utf-8"), parse_int=_whole)
    except UnicodeDecodeError:
        raise UserError("it is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise UserError(f"it is not JSON: {error}") from None
    except RecursionError:
        raise UserError("it is nested too deeply") from None
    if not isinstance(value, dict):
        raise UserError(f"it is {_shown(value)}, not an object")
    return value


def _whole(digits):
    if len(digits) > _DIGITS:
        raise UserError(f"it has a number of {len(digits)} digits")
    return int(digits)


def _why(error):
    return getattr(error, "strerror", None) or str(error)


def _right(value, kind, where, wrong):
    """A value without what is wrong of it, in a list; an empty list where nothing is left.

    `where` is what the value is called; to the list `wrong` is added what is wrong.
    """
    if not kind.holds(value):
        wrong.append(f"{where} is {_shown(value)}, not {kind.words}")
        return []
    if isinstance(value, list) and kind.inside:
        return [[each for place, item in enumerate(value)
                 for each in _right(item, kind.inside, f"{where}[{place}]", wrong)]]
    if not isinstance(value, dict):
        return [value]
    found = {}
    for name, item in value.items():
        inside = kind.inside.get(name) if isinstance(kind.inside, dict) else kind.inside
        if not kind.name(name):
            wrong.append(f"{where} has {_shown(name)}, which no run writes there")
        elif inside is None:
            found[name] = item
        else:
            called = name if where == _ALL else f"{where}.{name}"
            found.update((name, each) for each in _right(item, inside, called, wrong))
    for name in kind.needed:
        if name not in found:
            if name not in value:
                wrong.append(f"{where} has no {name}")
            return []
    return [found]


def _shown(value):
    """A value in a few words."""
    if isinstance(value, (dict, list)):
        return "an object" if isinstance(value, dict) else "a list"
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return reprlib.repr(value)
