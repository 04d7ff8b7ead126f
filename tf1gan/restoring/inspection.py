"""What is said of a file of weights: its variables, and which models it fits."""

import shlex

import numpy as np

from tf1gan import console, models, runs
from tf1gan.errors import UserError
from tf1gan.restoring import matching, network_pickles
from tf1gan.restoring.fit import wanted_of
from tf1gan.restoring.saved import opened_whole, short

_NEAR = 0.7         # the share of a network's shapes from which on a miss is told in full


def inspect(path):
    """Lines to print of a file of weights. Of the values, those of a model that it fits are read.

    Raises UserError where it is none, or cannot be read.
    """
    networks = network_pickles.described(path)
    if networks is not None:
        return networks
    saved, config = opened_whole(path)
    fits, near, far = [], [], []
    for name in models.MODELS:
        settings = (models.recorded(config, runs.config_beside(saved.path))
                    if config and config["model"] == name
                  else models.resolve(name, {}))
        wanted = wanted_of(settings)
        found = matching.match(wanted, saved)
        title = f"{name} (tutorial {settings.model.document})"
        unusable = {network: why for network in found.networks
                    for why in [_unusable(saved, found, network)] if why}
        if found.names and len(unusable) < len(found.networks) \
                and matching.GENERATOR not in unusable:
            fits.append(f"Fits {title}: {_networks(found, unusable)}, {found.how}.")
            if matching.GENERATOR in found.networks:
                fits.append("  python scripts/sample.py --checkpoint "
                            f"{shlex.quote(saved.path)} --model {name}")
        elif unusable:
            near.append(f"Does not fit {title}: {'; '.join(unusable.values())}.")
        elif (all(problem.what == matching.SHAPE for problem in found.problems)
              or matching.common(wanted, saved) >= _NEAR):
            near.append(f"Does not fit {title}: it {found.why_not}.")
        else:
            far.append(name)
    return ([f"{saved.path}: {saved.format}"] + _table(saved) + (fits or ["Fits no model."]) + near
            + ([f"Has little in common with {', '.join(far)}."] if far else []))


def _unusable(saved, found, network):
    """Why values of which names and shapes are a network's are refused all the same, or ""."""
    for name, theirs in found.names.items():
        if name.startswith(network):
            try:
                finite = np.isfinite(saved.read(theirs)).all()
            except UserError as error:
                return str(error)
            if not finite:
                return f"{short(theirs)} has numbers that are not finite"
    return ""


def _networks(found, unusable):
    usable = [network for network in found.networks if network not in unusable]
    if len(usable) > 1:
        return "both networks"
    words = f"the {usable[0][:-1]} alone"
    return words + "".join(f" ({why})" for why in unusable.values())


def _table(saved):
    """Each variable's name, shape and slots."""
    rows = []
    for name in saved.variables:
        slots = [short(slot) for slot in saved.slots.get(name, {})]
        shape = " x ".join(map(str, saved.shapes[name])) or "scalar"
        rows.append((console.plain(short(name)), shape, ", ".join(slots)))
    return console.columns(rows)
