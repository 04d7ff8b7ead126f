"""The record of a search, which Optuna keeps: opened, checked, gone on with."""

import contextlib
import os
import re

from tf1gan import console, models
from tf1gan.errors import UserError, WriteError
from tf1gan.lab.search.choices import RUNGS, space
from tf1gan.runs.facts import COUNT, NUMBER, TEXT, Kind, objects, wrong_in

RECORD = "optuna.log"


def load():
    try:
        import optuna
        import optuna.storages.journal  # noqa: F401
    except ImportError as error:
        raise UserError("search.py needs Optuna 4 or newer: pip install -r "
                        "requirements/search.txt") from error
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna


@contextlib.contextmanager
def kept(folder):
    """What is written in a search's folder."""
    try:
        yield
    except BrokenPipeError:
        raise           # that is whoever reads the output
    except OSError as error:
        if console.drop_a_full_stream():
            raise WriteError(f"cannot write the output: {error.strerror or error}") from error
        raise WriteError(f"cannot keep the search in {folder} ({error.strerror or error}): put "
                         "that right, and the same command continues it") from error


@contextlib.contextmanager
def told_to_go_on(folder):
    """Says at Ctrl-C and SIGTERM what becomes of a search."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit):
        console.complain(f"Stopped. The search is saved in {folder}, and the same command "
                         "continues it.")
        raise


def opened(optuna, path, facts):
    """The study of a file, new or as it was left.

    Raises UserError where it is another search's, or damaged.
    """
    path = os.path.abspath(path)
    _cut_after_the_last_line(path)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path + ".lock")       # of a search that was killed: nobody else has the folder
    try:
        storage = optuna.storages.JournalStorage(optuna.storages.journal.JournalFileBackend(path))
        study = optuna.create_study(
            storage=storage, study_name="tf1gan", load_if_exists=True,
            pruner=optuna.pruners.NopPruner())
    except OSError:
        raise
    except Exception as error:      # whatever a damaged file makes Optuna raise
        raise _damaged(path, "it is no record of Optuna's, or a damaged one") from error
    _check(path, objects(_OF_A_SEARCH), study.user_attrs)
    if "model" in study.user_attrs and study.user_attrs.get("version") != facts["version"]:
        raise UserError(f"{os.path.dirname(path)} is of a search by another version of tf1gan, "
                        "whose numbers do not compare: give another --logdir")
    for key, value in facts.items():
        known = study.user_attrs.get(key, value)
        if known != value:
            raise UserError(f"{os.path.dirname(path)} is of a search with {key} {_word(known)}, "
                            f"not {_word(value)}: give the same, or another --logdir")
        if key not in study.user_attrs:
            study.set_user_attr(key, value)
    _check_all(optuna, study, path)
    return study


_OF_A_SEARCH = {"version": TEXT, "model": TEXT, "budget": NUMBER, "samples": COUNT, "data": TEXT}


def _check_all(optuna, study, path):
    """Refuses a record of which a value is none that a search keeps there."""
    if study.directions != [optuna.study.StudyDirection.MINIMIZE]:
        raise _damaged(path, "it is of a search for the largest number")
    finals = set(study.user_attrs) - set(_OF_A_SEARCH)
    _check(path, objects(dict.fromkeys(finals, objects(NUMBER))), study.user_attrs)
    choices = space(models.find(study.user_attrs["model"]))
    params = objects({name: Kind(f"one of {values}", values.__contains__)
                      for name, values in choices.items()}, name=choices.__contains__)
    attributes = objects(dict(
        {f"distance {share}": NUMBER for share in RUNGS}, steps=COUNT,
        run=Kind("a setting's name", lambda value: isinstance(value, str)
                 and re.fullmatch("trial-[0-9]{1,9}", value))))
    rungs = objects(NUMBER, name=list(map(str, RUNGS)).__contains__)
    for trial in study.get_trials(deepcopy=False):
        where = f"setting {trial.number}"
        all_drawn = params._replace(needed=tuple(choices) if trial.state.is_finished()
                                    and trial.intermediate_values else ())
        for kind, value in (
                (all_drawn, trial.params), (params, trial.system_attrs.get("fixed_params", {})),
                (attributes, trial.user_attrs), (_ONE_NUMBER, trial.values or (
                    None if trial.state == optuna.trial.TrialState.COMPLETE else [0.0])),
                (rungs, {str(at): value for at, value in trial.intermediate_values.items()})):
            _check(path, kind, value, where)


_ONE_NUMBER = Kind("the distance that it came to", lambda value: isinstance(value, list)
                    and len(value) == 1 and NUMBER.holds(value[0]))


def _check(path, kind, value, where="it"):
    wrong = wrong_in(value, kind, where)
    if wrong:
        raise _damaged(path, wrong)


def _damaged(path, why):
    return UserError(f"{path} cannot be read ({why}): delete it, and the search starts over")


def _cut_after_the_last_line(path):
    """A kill may have left half a line, behind which Optuna would write on.

    Raises UserError where there is no whole line.
    """
    if os.path.exists(path) and os.path.getsize(path):
        with open(path, "r+b") as file:
            whole = file.read().rfind(b"\n") + 1
            if not whole:
                raise _damaged(path, "it has no whole line")
            file.truncate(whole)


def take_up(optuna, study, model):
    """Has the settings that were being tried when the search was stopped tried first.

    One of which not all had been drawn is drawn again, and as it would have been.
    """
    for trial in study.get_trials(states=[optuna.trial.TrialState.RUNNING]):
        study.tell(trial.number, state=optuna.trial.TrialState.FAIL)
        if set(trial.params) == set(space(model)):
            study.enqueue_trial(trial.params, trial.user_attrs)


def over(optuna, study):
    """The trials that have come to an end."""
    return study.get_trials(deepcopy=False, states=[optuna.trial.TrialState.COMPLETE,
                                                    optuna.trial.TrialState.PRUNED])


def measured(optuna, study):
    """Those of `over` that were trained, and of which nothing is lost."""
    return [trial for trial in over(optuna, study)
            if trial.intermediate_values and {"run", "steps"} <= set(trial.user_attrs)]


def _word(value):
    return f"{value:g}" if isinstance(value, float) else value
