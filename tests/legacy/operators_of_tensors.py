"""What Python's operators make of tensors and variables: prints, for each pair, a line of JSON.

    python operators_of_tensors.py [all] [python2]

"python2", on 1.15.5 and Python 3: `/` is what it was called on Python 2.
"""

import json
import sys

import numpy as np
import tensorflow as tf


def add(a, b): return a + b  # noqa: E704
def sub(a, b): return a - b  # noqa: E704
def mul(a, b): return a * b  # noqa: E704
def div(a, b): return a / b  # noqa: E704
def floordiv(a, b): return a // b  # noqa: E704
def mod(a, b): return a % b  # noqa: E704
def power(a, b): return a ** b  # noqa: E704
def and_(a, b): return a & b  # noqa: E704
def or_(a, b): return a | b  # noqa: E704
def xor(a, b): return a ^ b  # noqa: E704
def less(a, b): return a < b  # noqa: E704
def less_equal(a, b): return a <= b  # noqa: E704
def greater(a, b): return a > b  # noqa: E704
def greater_equal(a, b): return a >= b  # noqa: E704
def equal(a, b): return a == b  # noqa: E704
def not_equal(a, b): return a != b  # noqa: E704
def several(a, b): return (a - b) * 2 + a / 2.0  # noqa: E704


def iadd(a, b):
    a += b
    return a


def isub(a, b):
    a -= b
    return a


def imul(a, b):
    a *= b
    return a


def idiv(a, b):
    a /= b
    return a


def ifloordiv(a, b):
    a //= b
    return a


def imod(a, b):
    a %= b
    return a


def ipow(a, b):
    a **= b
    return a


def looped(a, b):
    total = 0
    for i in range(2):
        total = total + a * i
        total += b
    return total


if "python2" in sys.argv:
    def div(a, b):  # noqa: F811
        if hasattr(a, "__div__"):
            return a.__div__(b)
        return b.__rdiv__(a) if hasattr(b, "__rdiv__") else NotImplemented

    def idiv(a, b):  # noqa: F811
        return a.__idiv__(b) if hasattr(a, "__idiv__") else div(a, b)

    def several(a, b):  # noqa: F811
        return (a - b) * 2 + div(a, 2.0)

FUNCTIONS = (add, sub, mul, div, floordiv, mod, power, and_, or_, xor, less, less_equal, greater,
             greater_equal, equal, not_equal, several, iadd, isub, imul, idiv, ifloordiv, imod,
             ipow, looped)
SOME = ("float32", "int32", "bool", "variable", "resource", "2", "2.5", "[2, 3]", "np.float32",
        "np.float64", "np.int64", "array of float64")


def operands():
    """Tensors and variables, by name; and what stands beside them."""
    tensors = [
        ("float32", tf.constant([3., 4.])), ("float64", tf.constant([3., 4.], tf.float64)),
        ("int32", tf.constant([3, 4])), ("int64", tf.constant([3, 4], tf.int64)),
        ("bool", tf.constant([True, False])), ("complex64", tf.constant([3j, 4], tf.complex64)),
        ("scalar", tf.constant(3.)), ("fed", tf.placeholder_with_default([3., 4.], [None])),
        ("variable", tf.Variable([3., 4.])),
        ("resource", tf.Variable([3., 4.], use_resource=True))]
    others = [
        ("2", 2), ("2.5", 2.5), ("True", True), ("[2, 3]", [2, 3])] + [
        ("np." + kind, getattr(np, kind)(2))
        for kind in ("float32", "float64", "int32", "int64", "uint8", "bool_")] + [
        ("array of " + kind, np.array([2, 3], kind))
        for kind in ("float32", "float64", "int64")] + [
        ("array without axes", np.array(2, "float32")), ("a string", "a"), ("None", None)]
    if "all" not in sys.argv:
        tensors = [each for each in tensors if each[0] in SOME]
        others = [each for each in others if each[0] in SOME]
    return tensors, others


def outcome(function, a, b):
    """What two operands become, and what is made in the graph for it."""
    graph = tf.get_default_graph()
    before = len(graph.get_operations())
    with tf.name_scope("in_%d" % before) as scope:
        try:
            made = function(a, b)
        except Exception:
            return "an error", []
    return made, [[each.type, each.name.replace(scope, "")]
                  for each in graph.get_operations()[before:]]


def described(made, value):
    if isinstance(made, tf.Tensor):
        return [made.dtype.name, str(made.shape), value]
    if isinstance(made, (np.ndarray, np.generic)):
        return [str(made.dtype), None, np.asarray(made).tolist()
                if made.dtype != object else "objects"]
    return made if made is None or isinstance(made, (str, bool)) else type(made).__name__


def evaluated(session, tensors):
    """Their values; of those that have none, the error. They are run together where that works."""
    try:
        return [numbers(each) for each in session.run(tensors)]
    except tf.errors.OpError as error:
        if len(tensors) == 1:
            return [type(error).__name__]
    middle = len(tensors) // 2
    return evaluated(session, tensors[:middle]) + evaluated(session, tensors[middle:])


def numbers(value):
    parts = np.asarray(value).astype(complex).ravel()
    return [[float(part.real), float(part.imag)] if np.isfinite(part) else "none"
            for part in parts]


def main():
    lines = []
    for name, _ in operands()[0]:
        tf.reset_default_graph()
        tensors, others = operands()
        beside = dict(others, itself=dict(tensors)[name], variable=dict(tensors)["variable"])
        tensor = dict(tensors)[name]
        made = []
        for other, value in sorted(beside.items(), key=lambda each: each[0]):
            for function in FUNCTIONS:
                made.append((name, function.__name__, other) + outcome(function, tensor, value))
                made.append((other, function.__name__, name) + outcome(function, value, tensor))
        # Some have no kernel.
        config = tf.ConfigProto(graph_options=tf.GraphOptions(place_pruned_graph=True))
        with tf.Session(config=config) as session:
            session.run(tf.global_variables_initializer())
            tensors = [each[3] for each in made if isinstance(each[3], tf.Tensor)]
            values = evaluated(session, tensors)
            for left, function, right, result, names in made:
                value = values.pop(0) if isinstance(result, tf.Tensor) else None
                lines.append([left, function, right, described(result, value), names])
    for line in lines:
        print(json.dumps(line))


main()
