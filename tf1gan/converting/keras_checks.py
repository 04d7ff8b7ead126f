"""What a model of Keras claims, looked at before Keras builds it, and how long that may take.

A configuration is data, and stays so: what would have Python load a module or run code that the
file brings is refused.
"""

import contextlib
import os
import signal
import threading

import numpy as np

from tf1gan.errors import UserError

_DEEPEST = 100              # lists and dictionaries in one another
_PARTS = 200000             # of a configuration
_LAYERS = 2000              # the networks of keras.applications have up to 1,100
_ROUNDS = 50                # in which Keras joins layers that stand in another order than they work
_SPARSE = 4                 # how many times as large as its file a model's arrays may be
_SECONDS = 60               # that Keras may take to build a model
_CODE = ("module", "registered_name", "build_config")       # keys that have modules imported
MODELS = ("Model", "Functional", "Sequential")


def check(path, config):
    """Refuses a configuration that is no plain data of Keras's, or that Keras does not end with."""
    waiting, count, layers = [(config, 0)], 0, 0
    while waiting:
        value, depth = waiting.pop()
        count += 1
        layers += isinstance(value, dict) and "class_name" in value and "config" in value
        if depth > _DEEPEST or count > _PARTS:
            raise UserError(f"{path} has a configuration that is too large or too deep to be a "
                            "model's")
        if isinstance(value, dict):
            _check_code(path, value)
        if isinstance(value, (dict, list)):
            waiting += [(each, depth + 1) for each in (
                value.values() if isinstance(value, dict) else value)]
    inner = config["config"]
    if not (inner if isinstance(inner, list) else inner.get("layers")):
        raise UserError(f"{path} has a model without layers, as a script's own class of models has "
                        "it: run the script (tf1gan run), and save its graph with tf.train.Saver")
    _check_layers(path, config)


def check_size(path, shapes):
    """Refuses weights of which a file claims to have more than it has."""
    size = _count(shapes) * 4
    if size > max(_SPARSE * os.path.getsize(path), 2 ** 24):
        raise UserError(f"{path} claims {size / 2 ** 20:.0f} MB of weights, which it does not hold")


def check_model(path, model, file, shapes):
    """Refuses a model that is larger than the weights that are read into it.

    Args:
      file: that of the weights; shapes: those that it has.
    """
    wanted = _count({variable.name: variable.shape.as_list() for variable in model.variables})
    if wanted > 2 * _count(shapes) + 1000:
        raise UserError(f"{path} is a model of {wanted:.0f} numbers, and "
                        f"{'it' if file == path else file} has "
                        f"{_count(shapes):.0f}: they are not of the same model")


@contextlib.contextmanager
def limited(path):
    """Ends what is done for a model after a minute: Keras goes on for ever with some.

    Outside of a process's first thread, and where there are no signals, it has no limit.
    """
    if not hasattr(signal, "setitimer") or \
            threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(*_):
        raise UserError(f"{path} has a model that Keras does not build within {_SECONDS} seconds: "
                        "it is too large to be converted")
    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, _SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _count(shapes):
    return sum(float(np.prod([size or 0 for size in shape], dtype=np.float64))
               for shape in shapes.values())


def _check_code(path, value):
    inner = value.get("config")
    name = inner.get("name") if isinstance(inner, dict) else None
    if value.get("class_name") in ("Lambda", "__lambda__") or "function_type" in value:
        raise UserError(f"{path} has a layer of Python code (Lambda"
                        f"{f' {name!r}' if isinstance(name, str) else ''}), which is not executed: "
                        "run the script that made it (tf1gan run), and save its graph with "
                        "tf.train.Saver")
    for key in _CODE:
        if value.get(key) and isinstance(value[key], str):
            raise UserError(f"{path} has a configuration of Keras 3, which names modules to load: "
                            "save it with Keras 2")


# -- Layers ----------------------------------------------------------------------------------

def _check_layers(path, config):
    """Refuses models of too many layers, and such as have theirs in a circle."""
    waiting, count = [config], 0
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        if not isinstance(value, dict):
            continue
        waiting += list(value.values())
        if value.get("class_name") not in MODELS:
            continue
        inner = value.get("config")
        layers = inner.get("layers") if isinstance(inner, dict) else inner
        layers = [each for each in layers if isinstance(each, dict)] if isinstance(
            layers, list) else []
        count += len(layers)
        if count > _LAYERS:
            raise UserError(f"{path} has a model of more than {_LAYERS} layers, which is not built")
        if value["class_name"] != "Sequential":
            _check_order(path, layers)


def _check_order(path, layers):
    """Refuses layers whose inputs are never there."""
    left, made = {}, {}
    for layer in layers:
        name, calls = str(layer.get("name")), layer.get("inbound_nodes")
        made[name] = 1 if layer.get("class_name") == "InputLayer" else 0
        left[name] = [taken(call) for call in calls] if isinstance(calls, list) else []
    nested = {str(layer.get("name")) for layer in layers if layer.get("class_name") in MODELS}
    for _ in range(_ROUNDS):
        for name, calls in left.items():
            while calls and all(made.get(other, 0) > place - (other in nested)
                                for other, place in calls[0]):
                calls.pop(0)
                made[name] += 1
        left = {name: calls for name, calls in left.items() if calls}
        if not left:
            return
    raise UserError(f"{path} has a model whose layer {next(iter(left))!r} takes what is not there, "
                    "or what comes after it")


def taken(call):
    """(layer, which of its calls) of what one call takes."""
    found, waiting = [], [call]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += list(value.values())
        elif isinstance(value, list):
            if len(value) > 2 and isinstance(value[0], str) and all(
                    isinstance(each, int) for each in value[1:3]):
                found += [(value[0], value[1])] if value[1] >= 0 else []
                waiting += value[3:]
            else:
                waiting += value
    return found
