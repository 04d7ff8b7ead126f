"""Arrays of one element in a script: where they are taken as numbers, and where nothing is done."""

import ast
import math
import traceback

import numpy as np
import pytest

from tf1gan.legacy import source
from tf1gan.legacy.source import inserted, promotion, python2, rewriting, single_elements

pytestmark = pytest.mark.skipif(not single_elements.is_needed(),
                                reason="this NumPy takes an array of one element as a number")


def names_run(text, python_2=False, **names):
    """The names of a script that takes elements, after it has run."""
    operators = dict(promotion.operators(), **single_elements.operators())
    if python_2:
        operators.update(python2.operators(operators))
    names.update(inserted.given(operators))
    exec(source.compiled(text, "a.py", source.Dialect(python_2, tuple(operators))), names)
    return names


def test_plain_values_are_not_asked_for_an_element():
    def fails(*_):
        raise AssertionError("called")
    text = """
import math
b = [0] * 3
def looped():
    for i in range(3):
        b[i % 3] = i
        x = float(i), int(i * 2), math.sqrt(i), "%d %.1f" % (i, i * 0.5), "%s" % b
    return x
def scaled(y, c):
    b[0], b[1], b[2] = b[1], abs(y), c
    b[0] += 1
    return float(y), math.pow(y, 2), "%f" % y, "%d %s" % (y, c)
"""
    operators = dict(promotion.operators(),
                     **dict.fromkeys(single_elements.operators(), fails))
    names = inserted.given(operators)
    exec(compile(rewriting.rewrite(ast.parse(text), tuple(operators)), "a.py", "exec"), names)
    assert names["looped"]() == (2.0, 4, math.sqrt(2), "2 1.0", "[0, 1, 2]")
    assert names["scaled"](3, None) == (3.0, 9.0, "3.000000", "3 None")
    assert names["b"] == [2, 3, None]
    with pytest.raises(AssertionError, match="called"):
        names["scaled"](np.ones(1), None)


def test_what_an_element_is_put_into_is_evaluated_once_and_in_order():
    said = []

    def say(value, what):
        said.append(what)
        return value
    b, one = np.zeros((2, 2)), np.array([2.5])
    text = """
say(b, 2)[say(0, 3), 1] = say(one, 1)
b[1, 1] = say(one, 4)
b[1, 0], kept = say((one, one), 5)
last = b[0, 0] = say(one, 6)
class Holder:
    b[0, 0] = say(one, 7)
say(b, 8)[0, say(0, 9)] += say(one, 10)
"""
    before = dict(b=b, one=one, say=say)
    names = names_run(text, **before)
    assert said == list(range(1, 11)) and b.tolist() == [[5, 2.5], [2.5, 2.5]]
    assert names["last"] is names["kept"] is one
    new = set(names) - set(before) - {"__builtins__", "last", "kept", "Holder"}
    assert new == set(inserted.given({})) and not [
        name for name in vars(names["Holder"]) if "tf1gan" in name]


@pytest.mark.parametrize("line, error, said", [
    ("b[0] = two", ValueError, "sequence"), ("b[0] = f()", ValueError, "sequence"),
    ("b[f] = one", IndexError, "indices"), ("b[9] = one", IndexError, "bounds"),
    ("(1, 2)[0] = one", TypeError, "item assignment"),
    ("b[0], b[1] = one", ValueError, "unpack"), ("int(two)", TypeError, "converted"),
    ("'%d' % two", TypeError, "number is required"), ("'%d' % (one, one)", TypeError, "not all"),
    ("math.gcd(whole, 2)", TypeError, "integer"),
    ("math.sqrt(-one)", ValueError, "math domain|nonnegative"),
    ("float()[0]", TypeError, "subscriptable"), ("b[int(0)] += two", ValueError, "sequence"),
    ("b[0] = undefined", NameError, "undefined")])
def test_what_no_element_helps_is_the_scripts_own_error(line, error, said):
    names = dict(b=np.zeros(3), one=np.ones(1), two=np.ones(2), whole=np.array([4]),
                 f=lambda: np.ones(2))
    with pytest.raises(error, match=said) as raised:
        names_run(f"import math\n\n{line}\n", **names)
    frames = [each for each in traceback.extract_tb(raised.value.__traceback__)
              if each.filename == "a.py"]
    assert [each.lineno for each in frames] == [3]
    assert not isinstance(raised.value.__context__, ValueError)


def test_an_empty_array_is_false():
    names = names_run("x = [bool(a), bool(b)]\n", a=np.array([]), b=np.array([0.5]))
    assert names["x"] == [False, True]


def test_a_large_whole_number_is_written_with_all_its_digits():
    names = names_run("x = ['%d' % a, '%i|%u' % (a, a)]\n", a=np.array([2 ** 60 + 1]))
    assert names["x"] == ["1152921504606846977", "1152921504606846977|1152921504606846977"]


def test_python_2_takes_elements():
    pytest.importorskip("fissix")
    names = names_run("x = [long(a), int(a), round(a), '%d' % a]\nb[0L] = a\n", python_2=True,
                      a=np.array([2.5]), b=np.zeros(1), long=int,
                      round=python2.old_round)
    assert names["x"] == [2, 2, 3.0, "2"] and names["b"].tolist() == [2.5]
