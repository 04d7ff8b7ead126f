"""The calls, made of the tables: every function with every kind of each argument, two at a time.

A row is (function, argument, argument, ...). An argument lists what it may be, " | " between: the
first is the plain one. "axis=1 | c(1)" may be left out, too, which is then the plain one. What
stands behind " || " is called with the plain ones of the others alone.
"""

import itertools
import re


def calls(rows):
    """The calls' texts, in order."""
    made = {}
    for function, *arguments in rows:
        kinds, alone = zip(*map(_kinds, arguments)) if arguments else ((), ())
        for chosen in [*_pairs(kinds), *_alone(kinds, alone)]:
            made[f"{function}({', '.join(filter(None, chosen))})"] = None
    return list(made)


def _kinds(argument):
    """(kinds for pairs, kinds that are called with plain arguments alone)."""
    name = re.match(r"(\w+)=(?!=)", argument)
    parts = argument[name.end() if name else 0:].split(" || ")
    kinds, alone = [part.split(" | ") for part in parts + [""]][:2]
    alone = [kind for kind in alone if kind]
    if not name:
        return kinds, alone
    return [""] + [f"{name.group(1)}={kind}" for kind in kinds], \
        [f"{name.group(1)}={kind}" for kind in alone]


def _pairs(kinds):
    """Two arguments' kinds each, beside the plain ones of the others."""
    plain = [one[0] for one in kinds]
    yield plain
    for place, some in enumerate(kinds):
        for kind in some:
            yield plain[:place] + [kind] + plain[place + 1:]
    for a, b in itertools.combinations(range(len(kinds)), 2):
        for kind_a, kind_b in itertools.product(kinds[a], kinds[b]):
            yield plain[:a] + [kind_a] + plain[a + 1:b] + [kind_b] + plain[b + 1:]


def _alone(kinds, alone):
    plain = [one[0] for one in kinds]
    for place, some in enumerate(alone):
        for kind in some:
            yield plain[:place] + [kind] + plain[place + 1:]
