"""Pieces of the runner on their own: what SciPy, NumPy and Python 2 computed."""

import ast
import os
import sys
import types

import numpy as np
import pytest

from tf1gan.errors import UserError
from tf1gan.legacy import source
from tf1gan.legacy.api import input_data
from tf1gan.legacy.packages import scipy_misc
from tf1gan.legacy.refusal import Refused
from tf1gan.legacy.source import inserted, methods, notebooks, promotion, python2, rewriting

WAVE = np.sin(np.arange(12.)).reshape(3, 4)


def test_images_are_scipys():
    """The numbers are SciPy 1.1.0's."""
    pytest.importorskip("PIL")
    misc = scipy_misc.make()
    assert misc.bytescale(WAVE).tolist() == [
        [128, 236, 245, 146], [31, 5, 92, 212], [255, 181, 58, 0]]
    assert misc.bytescale(WAVE, cmin=-2, cmax=2).tolist() == [
        [128, 181, 185, 136], [79, 66, 110, 169], [191, 154, 93, 64]]
    assert misc.bytescale((WAVE * 99).astype(int), high=200, low=20).tolist() == [
        [110, 187, 194, 122], [42, 24, 86, 170], [200, 147, 62, 20]]
    assert np.asarray(misc.toimage(WAVE, cmin=0, cmax=1)).tolist() == [
        [0, 215, 232, 36], [0, 0, 0, 168], [252, 105, 0, 0]]
    assert np.asarray(misc.toimage(WAVE, mode="I")).tolist()[0] == [128, 236, 244, 146]
    assert misc.imresize(WAVE, (2, 2), interp="nearest").tolist() == [[236, 146], [181, 0]]
    assert misc.imresize(WAVE, 200).shape == (6, 8) and misc.imresize(WAVE, 0.5).shape == (1, 2)
    colours = np.asarray(misc.toimage(np.stack([WAVE, WAVE / 2, -WAVE], -1)))
    assert colours[0].tolist() == [[128, 31, 254], [128, 79, 191], [128, 224, 1]]


def test_an_image_is_written_and_read(tmp_path):
    pytest.importorskip("PIL")
    path = str(tmp_path / "a.png")
    scipy_misc.imsave(path, WAVE)
    assert scipy_misc.imread(path, flatten=True).tolist()[0] == [128., 236., 245., 146.]


@pytest.mark.parametrize("a, b, name, wanted", [
    (np.uint8(200), 100, "add", np.int64(300)),
    (np.float32(0.1), 0.1, "eq", np.bool_(False)),
    (np.float32(3), 2.0, "mul", np.float64(6)),
    (np.ones(2, np.float32), np.float64(2), "mul", np.float32([2, 2])),
    (np.ones(2, np.uint8), np.int64(300), "add", np.uint16([301, 301])),
    (np.ones(2, np.int8), 100, "add", np.int8([101, 101])),
    (np.ones(2, np.int8), 1000, "add", np.int16([1001, 1001])),
    (np.ones(2, np.uint8), -1, "mul", np.int16([-1, -1])),
    (np.ones(2, np.int64), 0.5, "mul", np.float64([0.5, 0.5])),
    (7, 2, "truediv", 3.5),
    (np.int8(-128), np.int8(-1), "truediv", np.float32(128)),
    (np.int16(3), np.uint8(2), "itruediv", np.float32(1.5)),
    (np.uint8(3), np.int16(2), "truediv", np.float64(1.5)),
    (np.int32(3), np.int32(2), "truediv", np.float64(1.5)),
    ("%d", 3, "mod", "3"),
    ([1], [2], "add", [1, 2]),
])
def test_operators_give_numpy_1s_types(a, b, name, wanted):
    result = promotion.operators()[name](a, b)
    assert np.all(result == wanted)
    assert getattr(result, "dtype", None) == getattr(wanted, "dtype", None)


@pytest.mark.parametrize("array, kinds, values, wanted", [
    (np.float16([1]), (float, np.float64), [1.5, 70000.0, 1e39, float("nan"), -70000.0, 1.5],
     ["f2", "f4", "f8", "f2", "f4", "f2"]),
    (np.uint8([1]), (int, np.int64), [1, -1, 300, -300, 127, 255, 256, 70000, 1],
     ["u1", "i2", "u2", "i2", "u1", "u1", "u2", "u4", "u1"]),
    (np.int8([1]), (int, np.int64), [1, 127, 128, -128, -129, 1],
     ["i1", "i1", "i2", "i1", "i2", "i1"])])
def test_beside_an_array_each_value_has_its_own_type(array, kinds, values, wanted):
    """What is remembered of one is not taken for another."""
    for kind in kinds:
        multiply = promotion.operators()["mul"]
        with np.errstate(all="ignore"):
            assert [multiply(array, kind(value)).dtype.str[1:] for value in values] == wanted
            assert [multiply(kind(value), array).dtype.str[1:] for value in values] == wanted


def test_an_array_is_changed_in_place_and_a_scalar_is_not():
    operators = promotion.operators()
    array = np.ones(2, np.float32)
    assert operators["iadd"](array, 1) is array and array.dtype == np.float32
    assert operators["iadd"](np.float32(1), 0.1).dtype == np.float64
    assert operators["iadd"](0.0, np.float32(0.1)).dtype == np.float64      # as losses are summed
    pixels = np.full(2, 250, np.uint8)
    assert operators["isub"](pixels, np.int64(128)) is pixels and pixels.tolist() == [122, 122]
    one = np.array(1, np.float32)
    assert operators["iadd"](one, 1) is one and one == 2


KINDS = [3, -1, 300, 2 ** 40, 2 ** 64, 0.0, 1.5, 9e5, 1e39, float("nan"), True, 1j, "a%s", b"a",
         None, [1], (2,), np.float32(3), np.float64(0.1), np.uint8(200), np.int64(70000),
         np.bool_(True), np.float32([1, 2]), np.float64([3, 4]), np.uint8([5, 6]),
         np.array(7, np.float32), np.array([True, False]), np.array(["a", "b"]),
         np.array([1, None]), np.ma.array([1., 2.], mask=[0, 1]), np.str_("a")]
FORMS = """
def alone(x, y): return x + y
def three(x, y): return (x - y) * 0.5
def above(x, y): return (x > y) & (y < 2)
def twice(x, y): return x / 2.5 - y
def power(x, y): return x ** 2 + y
def called(x, y): return -abs(x) * 0.5 + -len([y]) * y
def added(x, y):
    x += y
    x -= 1
    x /= 2
    return x
def loops(x, y):
    for i in range(2):
        z = y * i + x
        x = z % 7
    return [x, z]
def while_(x, y):
    n = 0
    while n < 3:
        n += 1
        x = x * n
    return x // 2 + y
def listed(x, y): return [x * i + y for i in range(2)]
def renamed(x, y): return [x * 300 - y for x in [x, 2]]
def over(x, y):
    for z in [x, 2]:
        x = 300 - z
    return x + y
def half(x, y): return 2 ** -1 / 3
def large(x, y): return x * (y * y * y * y * y * y * y)
def seventh(x, y): return x * y ** 7
def tiny(x, y): return x * (y / 1e-39)
def huge(x, y): return x * 1e39 + y
def sometimes(x, y):
    for i in range(2):
        if i > 0: x = 1
        z = x * 300 - y
    return [x, z]
def named(x, y):
    for i in range(2):
        z = 1
        [(z := y)]
        x = z * 300
    return [x, z]
def again(x, y):
    for i in range(2):
        for x in (x, y): y = 300 - x
    return y
def later(x, y):
    made = (x * i for i in range(2))
    x = y
    return list(made)
def inner(x, y):
    def change():
        nonlocal x
        x = y
    for i in range(2):
        z = x * 2 + i
        change()
    return z
"""


@pytest.mark.parametrize("division", ["truediv", "olddiv"])
def test_expressions_that_stay_as_they_are_give_what_calls_give(division):
    """Whatever a script's operators are made of, they do what they do one by one."""
    operators = promotion.operators()
    operators.update(python2.operators(operators))

    class OneByOne(ast.NodeTransformer):

        def called(self, node, name, left, right):
            self.generic_visit(node)
            return ast.Call(ast.Attribute(ast.Name("all", ast.Load()), name, ast.Load()),
                            [self.visit(left), self.visit(right)], [])

        def visit_BinOp(self, node):
            name = {**promotion.BINARY, ast.Div: division}[type(node.op)]
            return self.called(node, name, node.left, node.right)

        def visit_Compare(self, node):
            return self.called(node, promotion.COMPARISONS[type(node.ops[0])], node.left,
                               node.comparators[0])

        def visit_AugAssign(self, node):
            left = ast.Name(node.target.id, ast.Load())
            return ast.Assign([node.target], self.called(
                node, "i" + {**promotion.BINARY, ast.Div: division}[type(node.op)], left,
                node.value))
    names = [{"all": types.SimpleNamespace(**operators)}, dict(inserted.given(operators))]
    trees = [OneByOne().visit(ast.parse(FORMS)),
             rewriting.rewrite(ast.parse(FORMS), tuple(operators), division)]
    for tree, given in zip(trees, names):
        exec(compile(ast.fix_missing_locations(tree), "a.py", "exec"), given)

    def outcome(function, *values):
        values = [each.copy() if isinstance(each, np.ndarray) else each for each in values]
        try:
            made = function(*values)
        except Exception as error:
            return type(error), str(error)
        parts = made if isinstance(made, list) and len(made) == 2 else [made]
        return ([(type(part), getattr(part, "dtype", None), repr(part)) for part in parts],
                [part is value for part in parts for value in values], list(map(repr, values)))
    forms = [node.name for node in ast.parse(FORMS).body]
    with np.errstate(all="ignore"):
        for form in forms:
            for one in KINDS:
                for other in KINDS:
                    wanted, got = (outcome(given[form], one, other) for given in names)
                    assert got == wanted, (form, one, other)


def test_plain_arithmetic_and_that_of_arrays_calls_nothing():
    """So it costs what Python's own costs, but for a test before a loop, or of an expression."""
    def fails(*_):
        raise AssertionError("called")
    operators = dict(dict.fromkeys(promotion.operators(), fails),
                     need_nothing=promotion.need_nothing)
    text = """
s = 0
for i in range(9):
    s = s + i * 2
    if i % 3 == 0: print(s)
def total(values, scale):
    n = t = 0
    for i, value in enumerate(values):
        n += i % 2
        t = t + i * scale
        k = i
        while k > 2: k -= 2
    return n, t, [2 * i + 1 for i in range(n)]
def scaled(a): return a * 0.5 + 1.0
def shifted(a, b): return (a - b) ** 2 / 2.0
def mean(a, scale): return a * scale - 1
"""
    for division in ("truediv", "olddiv"):
        names = dict(inserted.given(operators), a=np.float32([1, 2]))
        exec(compile(rewriting.rewrite(ast.parse(text), tuple(operators), division), "a.py",
                     "exec"), names)
        assert names["s"] == 72 and names["total"]("abcd", 1.5) == (2, 9.0, [1, 3])
        for form, wanted in (("scaled(a)", [1.5, 2]), ("shifted(a, a)", [0, 0]),
                             ("mean(a, 0.5)", [-0.5, 0])):
            if division == "truediv" or "/" not in form and "shifted" not in form:
                made = eval(form, names)
                assert made.tolist() == wanted and made.dtype == np.float32
    with pytest.raises(AssertionError, match="called"):
        names["scaled"](np.float32(1))


SHADOWED = """
def sums(n):
    made = []
    for i in range(n):
        made.append(i + 10)
    for i, j in enumerate("ab"):
        made.append(i + 20)
    return made
def total(n):
    for k in (1, 2):
        z = int(n) + 0.1
    return z
"""


@pytest.mark.parametrize("defined", [True, False])      # else what `import *` brought
def test_a_scripts_own_range_or_int_is_not_pythons(defined):
    own = """
def range(n): return np.arange(250, 250 + n).astype(np.uint8)
def enumerate(values): return zip(range(len(values)), values)
def int(value): return np.float32(value)
"""
    operators, theirs = promotion.operators(), {"np": np}
    exec(own, theirs)
    names = dict(inserted.given(operators), **theirs)
    text = own * defined + SHADOWED
    exec(compile(rewriting.rewrite(ast.parse(text), tuple(operators)), "a.py", "exec"), names)
    assert names["sums"](3) == [260, 261, 262, 270, 271]
    assert names["total"](1).dtype == np.float64


def test_objects_have_what_they_lost():
    import array
    import threading
    pixels = np.arange(6, dtype=">i2").reshape(2, 3)
    names = {"pixels": pixels, "one": np.float32(1), "thread": threading.Thread(),
             "bytes_": array.array("B", [7]), "error": ValueError("bad"),
             **inserted.given(dict(attribute=methods.attribute))}

    class Mine:
        tostring = "mine"
    names["mine"] = Mine()
    for text, wanted in (
            ("pixels.tostring()", pixels.tobytes()), ("pixels.tostring('F')", pixels.tobytes("F")),
            ("one.tostring()", np.float32(1).tobytes()), ("bytes_.tostring()", b"\7"),
            ("pixels.ptp()", 5), ("pixels.ptp(axis=1).tolist()", [2, 2]),
            ("pixels.newbyteorder()[0, 1]", 256), ("thread.isAlive()", False),
            ("error.message", "bad"), ("mine.tostring", "mine"),
            ("[pixels.itemset(4, 9), pixels.itemset((0, 0), 8), pixels.itemset(0, 1, 7)] and "
             "pixels.tolist()", [[8, 7, 2], [3, 9, 5]])):
        exec(source.compiled("got = " + text, "a.py", source.Dialect()), names)
        assert names["got"] == wanted, text
    with pytest.raises(AttributeError):
        methods.attribute([], "tostring")


def test_division_of_python_2_rounds_whole_numbers_down():
    divide = python2.operators({})["olddiv"]
    assert [divide(7, 2), divide(-7, 2), divide(7.0, 2), divide(True, 2)] == [3, -4, 3.5, 0]
    assert divide(np.array([7, -7]), 2).tolist() == [3, -4]
    assert divide(np.array([7.0]), 2).tolist() == [3.5]

    class Old:
        def __div__(self, other):
            return "left"

        def __rdiv__(self, other):
            return "right"

        def __idiv__(self, other):
            return "in place"
    assert [divide(Old(), 2), divide(2.0, Old()), divide([1], Old())] == ["left", "right", "right"]
    assert python2.operators({})["iolddiv"](Old(), 2) == "in place"
    assert [python2.old_round(2.5), python2.old_round(-0.5)] == [3.0, -1.0]


def test_python_2_is_translated_line_for_line():
    pytest.importorskip("fissix")
    text = "import os\nprint 'a', os\nclass A:\n\tdef f(self):\n\t\treturn self.d.has_key(1)\n"
    translated = python2.translate(text, "a.py").rstrip("\n").split("\n")
    assert len(translated) == 5 and translated[1] == "print('a', os)"
    assert translated[4].strip() == "return 1 in self.d"
    with pytest.raises(SyntaxError):
        python2.translate("print 'a\nx = (", "a.py")


@pytest.mark.parametrize("package, flags, text", [
    ("fissix", ["--python2"], "print 1"),
    ("PIL", [], "import scipy.misc; scipy.misc.imsave('a.png', [[1.0]])"),
])
def test_a_missing_extra_is_named_with_its_remedy(script, tmp_path, package, flags, text):
    (tmp_path / "blocked").mkdir()
    (tmp_path / "blocked" / f"{package}.py").write_text(
        f"raise ModuleNotFoundError(\"No module named '{package}'\", name='{package}')")
    (tmp_path / "gan.py").write_text(text)
    path = os.pathsep.join([str(tmp_path / "blocked"), os.environ.get("PYTHONPATH", "")])
    done = script("run_legacy.py", *flags, "gan.py", python=sys.executable,
                  env=dict(os.environ, PYTHONPATH=path))
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1
    assert "pip install -e '.[legacy]'" in done.stderr
    assert {"PIL": "Pillow"}.get(package, package) in done.stderr


def test_magics_are_left_out_where_they_are_magics():
    said = []
    cell = notebooks.Cell("a.ipynb, cell 1", "%matplotlib inline\nx = (7\n  % 4)\n!ls\ny = 7 \\\n"
                                             "  % 4\ns = '''\n%a\n'''\nif x:\n    %time z = x\n")
    kept = notebooks.without_magics(cell, said.append).source
    names = {}
    exec(kept, names)
    assert (names["x"], names["y"], names["s"], names["z"]) == (3, 3, "\n%a\n", 3)
    assert said == ["a.ipynb, cell 1, line 4: not run: !ls"]
    with pytest.raises(Refused):
        notebooks.without_magics(cell._replace(source="%run a.py"), said.append)


# Cells whose lines are IPython's, or only look so.
CELLS = (
    "x = 1 # too fast?\ny = 2", "x = '%d' % 3", "s = '''\n%a\n!b\nc?\n'''", "x = (7\n  % 4)",
    "y = 7 \\\n  % 4", "!ls -l\nx = 1", "x = !ls", "x = %pwd", "f?", "np.a.b??", "?f", "f(x)?",
    "'a?'", "'''a\nb?'''", "for i in x:\n    %time y\n    !ls", "@d\ndef f():\n    'a?'  # b?",
    "!echo it's (\nx = 1", "!ls \\\n  -a\nx = 2", "a[1]?", "x = 3 if y != 4 else '!'", "x = a?",
    "d = {'a': 1,\n  # what?\n  'b': '?'}", "print('a'); x = 1;", "f(a=%b)", "x = y = !ls", "*a?",
    "    x = 1\n    %time y", "# !ls\n# %a\n#?", 'x = "\\"%d" % 3\n!ls', "x = [1,\n!ls\n]", "%a?",
    "print(x)  # ok??\n%a b \\\n c", "%%time\nx = 1", "\n\n%%time\nx = 1", "f'{x!r}?'", "x == !c",
    "x[1] = !b c", "a, b = !ls", "!ls?", "lambda: 0 # ?", "x: int = !ls", "x += 5 % 2 # %?",
    "x.y = %a b")


def test_which_lines_of_a_cell_are_ipythons_is_told_as_ipython_does():
    ipython = pytest.importorskip("IPython.core.inputtransformer2").TransformerManager()
    for text in CELLS:
        calls = "get_ipython()" in ipython.transform_cell(text)
        try:
            kept = notebooks.without_magics(notebooks.Cell("a", text), [].append).source
        except Refused:
            assert calls, text
            continue
        lines = [line.strip() for line in text.rstrip().split("\n")]
        assert ([line.strip() for line in kept.rstrip().split("\n")] != lines) is calls, text
        assert kept.count("\n") >= text.count("\n")     # lines keep their numbers


def loader(mnist=None):
    return input_data.Loader(mnist, lambda seed: (3, 3 if seed is None else seed), np.float32,
                             np.uint8)


def test_batches_go_on_past_the_end_of_an_epoch(small_data):
    sets = loader(small_data).read_data_sets("elsewhere", validation_size=100)
    np.random.seed(0)
    seen = [sets.validation.next_batch(60)[1] for _ in range(5)]
    assert [len(labels) for labels in seen] == [60] * 5
    assert sets.validation.epochs_completed == 2        # 300 of 100: the third goes on
    np.random.seed(0)
    order = np.arange(100)
    np.random.shuffle(order)
    again = loader(small_data).read_data_sets("x", validation_size=100).validation.labels
    assert np.array_equal(seen[0], again[order][:60])


def test_the_loader_has_its_whole_signature(small_data):
    read = loader(small_data).read_data_sets
    fake = read("x", fake_data=True, one_hot=True)
    assert fake.train.num_examples == 10000 and fake.train.next_batch(2, True)[1][0][0] == 1
    raw = read("x", dtype=np.uint8, reshape=False, validation_size=0, seed=1)
    assert raw.train.images.shape == (600, 28, 28, 1) and raw.train.images.dtype == np.uint8
    with pytest.raises(ValueError, match="Validation size"):
        read("x", validation_size=601)
    with pytest.raises(TypeError):
        read("x", dtype=np.float64, validation_size=0)


def test_the_folder_is_the_flags_then_the_scripts(small_data, tiny_data, tmp_path):
    assert loader(small_data).folder(tiny_data) == small_data
    assert loader().folder(tiny_data) == tiny_data
    assert loader().folder(str(tmp_path)) == "mnist_data"


def test_damaged_images_name_this_commands_flag(tmp_path, monkeypatch):
    def load(folder):
        raise UserError("name a folder with --data-dir")
    monkeypatch.setattr(input_data.data, "load", load)
    with pytest.raises(UserError, match="--mnist"):
        loader(str(tmp_path)).read_data_sets("x")
