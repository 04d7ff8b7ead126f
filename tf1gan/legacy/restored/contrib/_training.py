"""Hyperparameters, and which parameter server takes a variable."""

import hashlib
import json
import numbers
import re

# name=value, name[3]=value, or name=[value, value]
_ONE = re.compile(r"(?P<name>[a-zA-Z][\w.]*)(\[\s*(?P<index>\d+)\s*\])?\s*=\s*"
                  r"((?P<value>[^,\[]*)|\[(?P<values>[^\]]*)\])($|,\s*)")


class HParams:
    """Named values, each of a type that it keeps."""

    _HAS_DYNAMIC_ATTRIBUTES = True

    def __init__(self, hparam_def=None, model_structure=None, **kwargs):
        if hparam_def is not None:
            raise ValueError("hyperparameters of a HParamDef are not read: give them by name")
        self._hparam_types, self._model_structure = {}, model_structure
        for name, value in kwargs.items():
            self.add_hparam(name, value)

    def add_hparam(self, name, value):
        if getattr(self, name, None) is not None:
            raise ValueError(f"{name} is taken: by another hyperparameter, or by HParams itself")
        several = isinstance(value, (list, tuple))
        values = list(value) if several else [value]
        if not values:
            raise ValueError(f"The hyperparameter {name} is an empty list.")
        self._hparam_types[name] = type(values[0]), several
        setattr(self, name, value)

    def set_hparam(self, name, value):
        kind, several = self._hparam_types[name]
        if several != isinstance(value, list):
            raise ValueError(f"{name} is {'a list' if several else 'one value, and no list'}.")
        values = [_as_kind(name, kind, part) for part in (value if several else [value])]
        setattr(self, name, values if several else values[0])

    def del_hparam(self, name):
        if hasattr(self, name):
            delattr(self, name)
            self._hparam_types.pop(name)

    def parse(self, values):
        """Sets values by a string: `rate=0.1,sizes=[3,4],name=best`."""
        return self.override_from_dict(parse_values(
            values, {name: kind for name, (kind, _) in self._hparam_types.items()}))

    def override_from_dict(self, values_dict):
        for name, value in values_dict.items():
            self.set_hparam(name, value)
        return self

    set_from_map = override_from_dict

    def set_model_structure(self, model_structure):
        self._model_structure = model_structure

    def get_model_structure(self):
        return self._model_structure

    def to_json(self, indent=None, separators=None, sort_keys=False):
        return json.dumps(self.values(), indent=indent, separators=separators,
                          sort_keys=sort_keys)

    def parse_json(self, values_json):
        return self.override_from_dict(json.loads(values_json))

    def values(self):
        return {name: getattr(self, name) for name in self._hparam_types}

    def get(self, key, default=None):
        if key not in self._hparam_types:
            return default
        if default is not None:
            kind, is_list = self._hparam_types[key]
            try:
                if is_list != isinstance(default, list):
                    raise ValueError("one of them is a list")
                for value in default if is_list else [default]:
                    _as_kind(key, kind, value)
            except ValueError as error:
                raise ValueError(f"{default} is no default of {key}: {error}") from None
        return getattr(self, key)

    def __contains__(self, key):
        return key in self._hparam_types

    def __str__(self):
        return ",".join(f"{name}={value}" for name, value in self.values().items())

    def __repr__(self):
        return f"{type(self).__name__}({sorted(self.values().items())})"


def _as_kind(name, kind, value):
    """A value as a parameter's type. Raises ValueError where it is of another."""
    if type(value) is kind or issubclass(kind, type(None)):
        return value
    text = (str, bytes)
    if (issubclass(kind, text) and not isinstance(value, text)) \
            or issubclass(kind, bool) != isinstance(value, bool) \
            or any(issubclass(kind, number) and not isinstance(value, number)
                   for number in (numbers.Integral, numbers.Number)):
        raise ValueError(f"{name} is of type {kind.__name__}, and {value!r} is not")
    return kind(value)


def parse_values(values, type_map, ignore_unknown=False):
    """The values of a string by name; a dictionary by index of those with an index."""
    found, place = {}, 0
    while place < len(values):
        match = _ONE.match(values, place)
        if not match:
            raise ValueError(f"This is no name=value: {values[place:]}")
        place, name, index = match.end(), match.group("name"), match.group("index")
        if name not in type_map:
            if ignore_unknown:
                continue
            raise ValueError(f"There is no hyperparameter {name}.")
        if match.group("values") is not None:
            if index is not None:
                raise ValueError(f"{name}[{index}] is one value, and is given a list.")
            _set_once(found, name, [_read(name, type_map[name], part, values) for part in filter(
                None, re.split("[ ,]", match.group("values")))], values)
            continue
        value = _read(name, type_map[name], match.group("value"), values)
        if index is None:
            _set_once(found, name, value, values)
        else:
            if not isinstance(found.setdefault(name, {}), dict):
                raise ValueError(f"{name} is set more than once in {values}")
            _set_once(found[name], int(index), value, values)
    return found


def _set_once(found, name, value, values):
    if name in found:
        raise ValueError(f"{name} is set more than once in {values}")
    found[name] = value


def _read(name, kind, text, values):
    try:
        if kind is bool:
            return text in ("true", "True") or (text not in ("false", "False")
                                                and bool(int(text)))
        return kind(text)
    except ValueError:
        raise ValueError(
            f"{name} is of type {kind.__name__}, and {text!r} in {values} is not") from None


# -- Parameter servers -----------------------------------------------------------------------

def byte_size_load_fn(op):
    """How many bytes a variable has."""
    from tensorflow.python.framework import tensor_shape
    try:
        made, = op.outputs
    except ValueError:
        raise ValueError(f"{op} has several outputs, or none") from None
    shape = made.shape if made.shape.is_fully_defined() else tensor_shape.as_shape(
        op.get_attr("shape"))
    shape.assert_is_fully_defined()
    return made.dtype.size * shape.num_elements()


class GreedyLoadBalancingStrategy:
    """The parameter server with the least to do takes the next variable."""

    def __init__(self, num_tasks, load_fn):
        import numpy as np
        self._loads, self._load_fn = np.zeros(num_tasks), load_fn

    def __call__(self, op):
        task = self._loads.argmin()
        self._loads[task] += self._load_fn(op)
        return task


class RandomStrategy:
    """A parameter server takes a variable by the digest of its name."""

    def __init__(self, num_ps_tasks, seed=0):
        self._tasks, self._seed = num_ps_tasks, seed

    def __call__(self, op):
        digest = hashlib.md5(f"{op.name}_{self._seed}".encode()).hexdigest()
        return int(digest, 16) % self._tasks
