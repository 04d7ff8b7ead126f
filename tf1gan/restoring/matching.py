"""Which of a file's variables is which of a model's: pure functions of names and shapes.

What names say goes first: the model's own, then the document's. Where they say nothing,
(`Variable_3`, `dense_1/kernel`) the shapes must be the model's in their order; or each shape
must be there once. Anything else is refused: a guess would draw noise, or worse, digits.
"""

import collections
import re
from typing import List, Mapping, NamedTuple

from tf1gan import runs
from tf1gan.restoring.saved import short

_UNNAMED = re.compile(r"(.*/)?Variable(_\d+)?$")

GENERATOR, DISCRIMINATOR = "generator/", "discriminator/"
# Which are looked for, and in which order a file may have their layers.
_NETWORKS = ((GENERATOR, DISCRIMINATOR), (DISCRIMINATOR, GENERATOR), (GENERATOR,), (DISCRIMINATOR,))
MISSING, SHAPE, AMBIGUOUS = "missing", "shape", "ambiguous"


class Wanted(NamedTuple):
    """What a model has."""
    shapes: Mapping[str, List[int]]     # by its own names in its layers' order, the generator first
    in_document: tuple      # (the document's name, its own) in the order in which that makes them

    def of(self, networks):
        """The same, of these networks alone, and in their order."""
        return Wanted({name: shape for network in networks for name, shape in self.shapes.items()
                       if name.startswith(network)},
                      tuple((theirs, name) for theirs, name in self.in_document
                            if name.startswith(tuple(networks))))


class Problem(NamedTuple):
    what: str           # MISSING, SHAPE or AMBIGUOUS
    words: str          # what comes after "has", or the name of what is missing


class Match(NamedTuple):
    """Which is which, or why that cannot be said."""
    names: Mapping[str, str]    # the model's own -> the file's; empty where there is a problem
    how: str                    # in words
    problems: List[Problem]     # of each variable that is missing, of another shape or ambiguous

    @property
    def networks(self):
        """Which of GENERATOR and DISCRIMINATOR were found."""
        return [network for network in (GENERATOR, DISCRIMINATOR)
                if any(name.startswith(network) for name in self.names)]

    @property
    def why_not(self):
        """The problems in words that come after a file's name."""
        missing = [problem.words for problem in self.problems if problem.what == MISSING]
        others = [problem.words for problem in self.problems if problem.what != MISSING]
        parts = [words for words in ("no " + _first(missing, 3) if missing else "",
                                     _first(others, 1) if others else "") if words]
        return "has " + ", and ".join(parts)


def _first(words, count):
    return ", ".join(words[:count]) + (", ..." if len(words) > count else "")


def match(wanted, saved):
    """The Match of what is Wanted with a Saved file.

    It is of both networks; of one alone, where the file fits no more; of what it comes nearest to,
    with its problems, where it fits neither.
    """
    of_generator = list(wanted.of((GENERATOR,)).shapes)
    tried = [Match({}, "", [Problem(MISSING, name) for name in of_generator])]
    for networks in _NETWORKS:
        if networks == (DISCRIMINATOR,) and min(map(_missing, tried)) < len(of_generator) / 2:
            break               # the generator is there, but something about it is wrong
        part = wanted.of(networks)
        has_documents_layers = all(name in part.shapes for _, name in part.in_document)
        ways_of_document = (_by_documents_names, _by_order) if has_documents_layers else ()
        for way in (_by_own_names, *ways_of_document, _by_layers):
            found = way(part, saved)
            if found and found.names:
                return found
            if found:
                tried.append(found)
    return min(tried, key=lambda found: (_missing(found), len(found.problems)))


def _missing(found):
    return sum(problem.what == MISSING for problem in found.problems)


def common(wanted, saved):
    """The share of a model's variables of whose shape there is one in a file, from 0 to 1.

    Of the generator's or of the discriminator's, whichever is larger.
    """
    shares = []
    for network in (GENERATOR, DISCRIMINATOR):
        there = [list(saved.shapes[name]) for name in saved.variables]
        shapes = list(wanted.of((network,)).shapes.values())
        found = 0
        for shape in shapes:
            if list(shape) in there:
                there.remove(list(shape))
                found += 1
        shares.append(found / len(shapes))
    return max(shares)


# -- Ways ------------------------------------------------------------------------------------
# Each gives a Match, with names or with problems, or None where it says nothing of the file.

def _by_own_names(wanted, saved):
    """Checkpoints of tf1gan and of document 000, which may have no moving statistics."""
    needed = {name: shape for name, shape in wanted.shapes.items()
              if name in saved.shapes or not runs.is_moving_statistic(name)}
    if not any(name in saved.shapes for name in needed):
        return None
    return _checked({name: [name] if name in saved.shapes else [] for name in needed},
                    needed, saved, "by name")


def _by_documents_names(wanted, saved):
    """Document 004's get_variable, and the keys of the dictionaries of 002 and 004.

    A name may stand in a scope, and have a number that TensorFlow gave it. Where a document has
    two variables of a name, such as gen_out, the shape says which is which.
    """
    named = {}
    for name in saved.variables:
        last = name.rsplit("/", 1)[-1]
        for key in {last, re.sub(r"_\d+$", "", last)}:
            named.setdefault(key, []).append(name)
    keys = [theirs for theirs, _ in wanted.in_document]
    if not any(key in named for key in keys):
        return None
    candidates = {}
    for theirs, name in wanted.in_document:
        there = named.get(theirs, [])
        of_shape = [one for one in there if list(saved.shapes[one]) == list(wanted.shapes[name])]
        candidates[name] = of_shape or (there if keys.count(theirs) == 1 else [])
    return _checked(candidates, wanted.shapes, saved, "by the tutorial's names")


def _by_order(wanted, saved):
    """tf.Variable without a name: `Variable`, `Variable_1`, ... in the order they were made."""
    shapes = {name: wanted.shapes[name] for _, name in wanted.in_document}
    there = [name for name in saved.variables if _UNNAMED.match(name)]
    if not there or not shapes:
        return None
    if len(there) != len(shapes):       # such as a counter of steps
        there = [name for name in there if list(saved.shapes[name]) in list(shapes.values())]
    of_one_scope = len({name.rpartition("/")[0] for name in there}) == 1
    return _paired(shapes, there, saved, of_one_scope, "in the order of the tutorial")


def _by_layers(wanted, saved):
    """Keras's layers: each kind of variable (kernels, biases, ...) in the layers' order."""
    kinds = {name: name.rsplit("/", 1)[-1] for name in wanted.shapes}
    if not set(kinds.values()) & set(saved.kinds.values()):
        return None
    names, problems = {}, []
    for kind in sorted(set(kinds.values())):
        found = _paired(
            {name: shape for name, shape in wanted.shapes.items() if kinds[name] == kind},
            [name for name in saved.variables if saved.kinds.get(name) == kind],
            saved, saved.layered, "")
        names.update(found.names)
        problems += found.problems
    return Match({} if problems else names, "in the order of the layers", problems)


def _paired(shapes, there, saved, in_order, how):
    """Variables of these shapes among those there: all of them in order, or by shape alone."""
    if in_order and [len(saved.shapes[name]) for name in there] == list(map(len, shapes.values())):
        found = _checked({name: [one] for name, one in zip(shapes, there)}, shapes, saved, how)
        if found.names:
            return found
        by_shape = _paired(shapes, there, saved, False, how)
        return by_shape if by_shape.names else found
    return _checked({name: [one for one in there if list(saved.shapes[one]) == list(shape)]
                     for name, shape in shapes.items()}, shapes, saved, "by shape")


def _checked(candidates, shapes, saved, how):
    """A Match of candidates, of which each variable must have one of its own and of its shape."""
    taken = collections.Counter(one for found in candidates.values() for one in found)
    problems = []
    for name, found in candidates.items():
        if not found:
            problems.append(Problem(MISSING, name))
        elif len(found) > 1 or taken[found[0]] > 1:
            theirs = " and ".join(short(one) for one in found)
            problems.append(Problem(AMBIGUOUS, (
                f"{theirs}, each of which could be {name}" if len(found) > 1 else
                f"{theirs} alone for {name} and another of its shape")
                + f" {list(shapes[name])}"))
        elif list(saved.shapes[found[0]]) != list(shapes[name]):
            problems.append(Problem(
                SHAPE, f"{short(found[0])} in the shape {list(saved.shapes[found[0]])}, not "
                       f"{list(shapes[name])}"))
    return Match({} if problems else {name: found[0] for name, found in candidates.items()},
                 how, problems)
