"""What is said of a file of weights: its variables, and which models it fits."""

import shlex

from tf1gan import models
from tf1gan.errors import UserError
from tf1gan.restoring import matching
from tf1gan.restoring.fit import wanted_of
from tf1gan.restoring.saved import opened, short

_NEAR = 0.7         # the share of a network's shapes from which on a miss is told in full


def inspect(path):
    """Lines to print of a file of weights. No value is read.

    Raises:
      UserError: it is none, or cannot be read.
    """
    try:
        saved, config = opened(path, whole=True)
    except UserError:
        saved, config = opened(path)        # a folder with generators alone
    fits, near, far = [], [], []
    for name in models.MODELS:
        recipe = (models.recorded(config) if config and config["model"] == name
                  else models.resolve(name, {}))
        wanted = wanted_of(recipe)
        found = matching.match(wanted, saved)
        title = f"{name} (document {recipe.model.document})"
        if found.names:
            fits.append(f"Fits {title}: {_networks(found)}, {found.how}.")
            if matching.GENERATOR in found.networks:
                fits.append("  python scripts/sample.py --checkpoint "
                            f"{shlex.quote(saved.path)} --model {name}")
        elif (all(problem.what == matching.SHAPE for problem in found.problems)
              or matching.common(wanted, saved) >= _NEAR):
            near.append(f"Does not fit {title}: it {found.why_not}.")
        else:
            far.append(name)
    return ([f"{saved.path}: {saved.format}"] + _table(saved) + (fits or ["Fits no model."]) + near
            + ([f"Has little in common with {', '.join(far)}."] if far else []))


def _networks(found):
    if len(found.networks) > 1:
        return "both networks"
    return f"the {found.networks[0][:-1]} alone"


def _table(saved):
    """Each variable's name, shape and slots."""
    rows = []
    for name in saved.variables:
        slots = [short(slot) for slot in saved.slots.get(name, {})]
        rows.append((short(name), " x ".join(map(str, saved.shapes[name])) or "scalar",
                     ", ".join(slots)))
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(2)]
    return [f"  {name:<{widths[0]}}  {shape:>{widths[1]}}  {slots}".rstrip()
            for name, shape, slots in rows]
