"""What a new run takes from weights that are there already."""

import math
import re
from typing import Mapping, NamedTuple

import numpy as np

from tf1gan import models, runs
from tf1gan.errors import UserError
from tf1gan.restoring.fit import Restored, restored, variables_of
from tf1gan.restoring.matching import DISCRIMINATOR, GENERATOR
from tf1gan.restoring.saved import opened_whole, short

_AVERAGE = "ExponentialMovingAverage"
# An optimizer's slots as TensorFlow names them, here and in checkpoints of objects; Adam's powers.
_SLOTS = {"adam": (("Adam", "Adam_1"), ("m", "v")), "nesterov": (("Momentum",), ("momentum",))}
_POWERS = ("beta1_power", "beta2_power")
_BETA2 = 0.999          # TensorFlow's own
# Of this package's graphs, which make the generator's first: see graph.py.
_OURS = {GENERATOR: "optimizer/{}", DISCRIMINATOR: "optimizer/{}_1"}


class Beginning(NamedTuple):
    """Initial values of a run."""
    values: Mapping[str, np.ndarray]    # of some of its variables; the others begin as ever
    words: str                          # what has been taken from where, in a line


NOTHING = Beginning({}, "")


def beginning(paths, settings):
    """The Beginning of a run from files.

    Args:
      paths: a checkpoint, a run's folder or an HDF5 file; or two, with a network in each.
      settings: the run's.

    Raises:
      UserError: what is there is none of the model's, has no generator, or has one twice.
    """
    shapes = variables_of(settings)
    values, words, found = {}, [], {}
    for path in paths:
        file = _restored(path, settings)
        for network in file.match.networks:
            if network in found:
                raise UserError(f"{found[network]} and {file.saved.path} both have the "
                                f"{network[:-1]}: name one of them after --from")
            found[network] = file.saved.path
        of_networks = [_of_network(file, network, shapes, settings) for network in
                       file.match.networks]
        for taken, _ in of_networks:
            values.update(taken)
        words.append(_in_words(file, [state for _, state in of_networks]))
    if GENERATOR not in found:
        raise UserError(f"{found[DISCRIMINATOR]} holds a discriminator alone: name the generator's "
                        "file beside it, as in --from GENERATOR DISCRIMINATOR")
    _check_finite(values, " or ".join(sorted(set(found.values()))))
    begins = "" if DISCRIMINATOR in found else "; the discriminator begins anew"
    return Beginning(values, f"Begins from {', and '.join(words)}{begins}.")


def _restored(path, settings):
    """The Restored that a path means: of a run's folder, the newest whole checkpoint."""
    saved, config = opened_whole(path)
    model = (config or {}).get("model", settings.model.name)
    if model != settings.model.name:
        raise UserError(f"{path} is of {model}, not of {settings.model.name}: name another after "
                        "--from, or train that model")
    return restored(saved, settings)


def _of_network(file, network, shapes, settings):
    """(values of a network's variables, averages and slots; what there is of its optimizer)."""
    names = [name for name in shapes if name.startswith(network) and name in file.match.names]
    values = {name: file.read(name) for name in names}
    slots = {name: dict(file.saved.slots.get(file.match.names[name], {})) for name in names}
    averages = {name: of_one.pop(_AVERAGE, None) for name, of_one in slots.items()}
    if network == GENERATOR and settings.ema:
        values.update({f"{name}/{_AVERAGE}": file.saved.read(averages[name]) if averages[name]
                       else values[name] for name in names})
    state, why_not = _optimizer_state(
        file, network, {name: slots[name] for name in names
                        if not runs.is_moving_statistic(name)}, settings)
    return dict(values, **state), why_not or bool(state)


# -- The optimizer's state -------------------------------------------------------------------

def _optimizer_state(file, network, slots, settings):
    """(values of an optimizer's variables; why they are left out, where there are some)."""
    if not any(slots.values()):
        return {}, ""
    ours, of_objects = _SLOTS[settings.model.optimizer]
    state, optimizers = {}, set()
    for name, there in slots.items():
        of_one = {slot.rpartition("/")[2]: slot for slot in there}
        theirs = next((known for known in (ours, of_objects) if set(known) == set(of_one)), None)
        if theirs is None or any(file.saved.shapes[slot] != file.shapes[name]
                                 for slot in there.values()):
            return {}, f"{short(file.match.names[name])} has other slots than one optimizer's"
        optimizers.update(slot.rpartition("/")[0] for slot in there)
        for own, slot in zip(ours, theirs):
            state[f"{name}/{own}"] = file.saved.read(there[of_one[slot]])
    if len(optimizers) > 1:
        return {}, "there is more than one optimizer's"
    if settings.model.optimizer == "adam":
        powers, why_not = _powers(file, network, optimizers.pop(), settings)
        if why_not:
            return {}, why_not
        state.update(zip(map(_OURS[network].format, _POWERS), powers))
    return state, ""


def _powers(file, network, optimizer, settings):
    """(beta1 and beta2 to the power of Adam's steps; or why they are not known)."""
    found = [_powers_named(file.saved, name, network, optimizer) for name in _POWERS]
    if not all(map(len, found)):
        return None, f"there is no {_POWERS[found.index([])]}"
    pairs = {tuple(float(file.saved.read(name)) for name in names) for names in zip(*found)}
    if len(pairs) > 1:
        return None, "beta1_power differs, and nothing says which is whose"
    first, second = pairs.pop()
    # Adam's own step, from beta2, tells whether beta1 was this one.
    if 0 < second < 1:
        expected = settings.values["beta1"] ** (math.log(second) / math.log(_BETA2))
        if abs(first - expected) > 0.05 * expected + 1e-30:
            return None, f"it was trained with another beta1 than {settings.values['beta1']:g} " \
                f"({models.flag('beta1')})"
    return (np.float32(first), np.float32(second)), ""


def _powers_named(saved, power, network, optimizer):
    """The names of what may be an Adam's power: one, or one of each network's."""
    own = _OURS[network].format(power)
    of_object = [name for name in saved.variables if short(name) == f"{optimizer}/{power}"]
    if optimizer or own in saved.shapes:
        return of_object or [name for name in (own,) if name in saved.shapes]
    return [name for name in saved.variables
            if re.match(rf"(.*/)?{power}(_\d+)?$", name) and not saved.shapes[name]]


def _in_words(file: Restored, states):
    networks = {2: "both networks", 1: f"the {file.match.networks[0][:-1]} alone"}[len(states)]
    left_out = [why_not for why_not in states if isinstance(why_not, str)]
    if left_out:
        return f"{file.saved.path}: {networks}, without the optimizer state ({left_out[0]})"
    return f"{file.saved.path}: {networks}{', with the optimizer state' if all(states) else ''}"


def _check_finite(values, path):
    for name, value in values.items():
        if not np.isfinite(value).all():
            raise UserError(f"{path} has numbers in {name} that are not finite: name an earlier "
                            "checkpoint after --from")
