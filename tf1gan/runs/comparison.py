"""Two finished runs compared bit by bit."""

import json
import os

import numpy as np

from tf1gan import pickles, summaries
from tf1gan.compat import tf
from tf1gan.runs import events
from tf1gan.runs.checkpoint_files import BEST, checkpoints, read_checkpoint, step_of
from tf1gan.runs.facts import BEST_FACTS, MEMORIES, TRANSITIONS, load
from tf1gan.runs.folder import LOSSES, SAMPLES


def compare(one, other):
    """What differs between two finished runs: a list of words, empty where nothing does.

    Compared are every variable of the last checkpoint (weights, moving statistics, Adam's
    slots, the step) and of the best generator, losses.pkl, samples.pkl, best.json, what the
    monitor remembers at the last step and which states it saw, and every point, picture and
    histogram that TensorBoard has, but for iterations per second.
    """
    a, b = checkpoints(one)[-1], checkpoints(other)[-1]
    if step_of(a) != step_of(b):
        return [f"the last steps, {step_of(a)} and {step_of(b)}"]
    differences = _differing(_variables(a), _variables(b))
    a, b = (checkpoints(run, BEST) for run in (one, other))
    if list(map(step_of, a)) != list(map(step_of, b)):
        differences.append("the steps of the best generator")
    elif a:
        differences += ["the best " + name
                        for name in _differing(_variables(a[-1]), _variables(b[-1]))]
    for name in (LOSSES, SAMPLES):
        a, b = (pickles.load(os.path.join(run, name)) for run in (one, other))
        if len(a) != len(b) or not all(map(np.array_equal, a, b)):
            differences.append(name)
    if _text(one, BEST_FACTS) != _text(other, BEST_FACTS):
        differences.append(BEST_FACTS)
    last = str(step_of(checkpoints(one)[-1]))
    a, b = (_text(run, MEMORIES, last) for run in (one, other))
    if a == "null" or a != b:
        differences.append(MEMORIES)
    if _text(one, TRANSITIONS) != _text(other, TRANSITIONS):
        differences.append(TRANSITIONS)
    if points(one) != points(other):
        differences.append("TensorBoard's points")
    return differences


def _variables(prefix):
    shapes, read = read_checkpoint(prefix)
    return {name: read(name) for name in shapes}


def _differing(a, b):
    return [name for name in sorted(set(a) | set(b))
            if name not in a or name not in b or not np.array_equal(a[name], b[name])]


def _text(run, name, *places):
    """What a run's JSON file holds, or has in a place, as text, in which NaN is the same as NaN."""
    value = load(os.path.join(run, name))
    for place in places:
        value = (value or {}).get(place)
    return json.dumps(value, sort_keys=True)


def points(folder):
    """(step, tag, value) of all that a run's event files hold, sorted, without what is timed."""
    found = []
    for name in events.names(folder):
        for event in tf.train.summary_iterator(os.path.abspath(os.path.join(folder, name))):
            for value in event.summary.value:
                if value.tag not in summaries.TIMED:
                    # What is said of a tag stands only where a process first writes it.
                    value.ClearField("metadata")
                    found.append((event.step, value.tag, value.SerializeToString()))
    return sorted(found)
