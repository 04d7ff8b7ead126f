"""Every folder of 1.15.5's contrib is restored, or refused by a sentence that is true of it."""

import ast
import json
import os
import re
import subprocess

import pytest
from helpers import ROOT

from tf1gan.legacy import restored
from tf1gan.legacy.restored import contrib

HERE = os.path.dirname(os.path.abspath(__file__))
NAMES = os.path.join(os.path.dirname(restored.__file__), "names_of_1_15.txt")


def of_1_15_5():
    """The folders of 1.15.5's contrib, and the names in each."""
    with open(NAMES) as file:
        lines = [line.split() for line in file]
    return {part: [name for name in names if not name.startswith("_")]
            for part, *names in lines if "." not in part}


# A script: what it sees of each part, as JSON.
SEEN = """
import importlib, json, sys
import tensorflow as tf
parts, seen = json.load(open(sys.argv[1])), {}
for part, (names, paths) in parts.items():
    module = importlib.import_module("tensorflow.contrib." + part)
    seen[part] = {}
    for name in names:
        try:
            seen[part][name] = None if getattr(module, name) is not None else "nothing"
        except BaseException as refusal:
            seen[part][name] = str(refusal)
    for path in paths:
        inner = {}
        exec("import tensorflow.contrib.%s.%s as inner" % (part, path), inner)
        first = [name for name in names if seen[part][name] is None][:3]
        assert first, part
        for name in first:
            assert getattr(inner["inner"], name) is getattr(module, name), (part, path, name)
json.dump(seen, open("seen.json", "w"))
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory, forked):
    """part -> name of 1.15.5's or of what it says it has -> None, or what it is refused by."""
    folder = tmp_path_factory.mktemp("seen")
    asked = {}
    for part in contrib.names():
        description = contrib.description(part)
        names = set(of_1_15_5()[part]) | set((description.GIVES or "").split())
        asked[part] = sorted(names), description.PATHS
    (folder / "asked.json").write_text(json.dumps(asked))
    (folder / "see.py").write_text(SEEN)
    done = subprocess.run(
        [forked, os.path.join(ROOT, "scripts", "run_legacy.py"), "see.py", "asked.json"],
        cwd=str(folder), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=500,
        universal_newlines=True)
    assert done.returncode == 0, done.stdout
    return json.loads((folder / "seen.json").read_text())


def described(name):
    """A part's description, read without running it."""
    folder = os.path.dirname(contrib.__file__)
    path = os.path.join(folder, name + ".py")
    path = path if os.path.isfile(path) else os.path.join(folder, name, "__init__.py")
    with open(path) as file:
        tree = ast.parse(file.read())
    return {target.id for node in tree.body if isinstance(node, ast.Assign)
            for target in node.targets if isinstance(target, ast.Name)}, tree


def test_every_folder_of_contrib_is_restored_or_refused():
    folders = set(of_1_15_5())
    assert len(folders) >= 85
    given, refused = set(contrib.names()), set(contrib.REFUSED)
    assert not given & refused
    assert folders == (given | refused) - {"gan", "nccl", "slim.nets"}     # which earlier ones had


@pytest.mark.both
def test_the_names_are_those_of_1_15_5_itself(other_forked, tmp_path):
    written = tmp_path / "names.txt"
    subprocess.run([other_forked, os.path.join(HERE, "list_names.py"), str(written)],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    with open(NAMES) as kept:
        assert written.read_text() == kept.read()


def test_a_part_says_what_it_is_without_tensorflow():
    for name in contrib.names():
        said, tree = described(name)
        assert {"DROPPED", "GIVES", "NEEDS", "PATHS", "REFUSED"} <= said, name
        for node in tree.body:
            modules = [node.module] if isinstance(node, ast.ImportFrom) else [
                alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not any(module.split(".")[0] in ("tensorflow", "tf_slim", "tf_keras")
                           for module in modules), name
        description = contrib.description(name)
        assert not set((description.GIVES or "").split()) & set(description.REFUSED), name


def test_each_reason_is_a_sentence_that_says_what_is_there():
    from tf1gan.compat import tf as today
    reasons = [(name, why) for name, why in contrib.REFUSED.items()]
    for part in contrib.names():
        reasons += [(f"{part}.{name}", why)
                    for name, why in contrib.description(part).REFUSED.items()]
    for name, why in reasons:
        assert len(why.split()) >= 3 and "TODO" not in why, name
        for told in re.findall(r"\btf\.((?!contrib)\w+(?:\.\w+)*)", why):
            if told.startswith("estimator"):
                continue                        # a package of its own
            found = today
            for part in told.split("."):
                assert hasattr(found, part), (name, told)
                found = getattr(found, part)


@pytest.mark.parametrize("part", contrib.names())
def test_a_part_has_what_it_says_and_refuses_the_rest_by_name(seen, part):
    description = contrib.description(part)
    given = set((description.GIVES or "").split())
    for name, refusal in seen[part].items():
        if refusal is None:
            assert description.GIVES is None or name in given, name
        else:
            assert name not in given, name
            assert f"tf.contrib.{part}.{name} is not restored: " in refusal
            assert description.REFUSED.get(name, "docs/running_legacy.md") in refusal


# A script that asks as those of the time did; 1.15.5 prints the same.
ASKING = """
import json, sys
import tensorflow as tf
missing = [tf.contrib, tf.keras, tf.estimator, tf.train, tf.nn, tf.layers]
missing += [getattr(tf.contrib, part) for part in json.load(open(sys.argv[1]))
            if hasattr(tf.contrib, part)]
for module in missing:
    assert not hasattr(module, "nothing_of_that_name"), module
    assert getattr(module, "nothing_of_that_name", None) is None, module
try:
    tf.contrib.rnn.core_rnn_cell.BasicLSTMCell
except AttributeError as error:
    print(error)
for line in ("import tensorflow.contrib.gan", "from tensorflow.contrib import gan, nccl",
             "from tensorflow.contrib.rnn import core_rnn_cell",
             "from tensorflow.contrib.rnn.python.ops import core_rnn_cell_impl",
             "import tensorflow.contrib.rnn.python.ops.core_rnn_cell_impl",
             "from tensorflow.contrib.rnn.python.ops.core_rnn_cell import nothing",
             "import tensorflow.contrib.layers.python.nothing",
             "import tensorflow.contrib.learn.python.learn.nothing"):
    try:
        exec(line)
    except ImportError as error:
        print(type(error).__name__, str(error).partition(" from ")[0])
# A module that has the name of a function in it.
import importlib
from tensorflow.contrib.framework.python.ops.arg_scope import add_arg_scope, arg_scope
from tensorflow.contrib.nn.python.ops.alpha_dropout import alpha_dropout
from tensorflow.contrib.nn.python.ops.scaled_softplus import scaled_softplus
import tensorflow.contrib.framework.python.ops.arg_scope
from tensorflow.contrib.framework.python.ops import arg_scope as function
module = importlib.import_module("tensorflow.contrib.framework.python.ops.arg_scope")
assert function is arg_scope is module.arg_scope and callable(alpha_dropout), module
"""
ANSWERED = """\
module 'tensorflow.contrib.rnn' has no attribute 'core_rnn_cell'
ModuleNotFoundError No module named 'tensorflow.contrib.gan'
ImportError cannot import name 'gan'
ImportError cannot import name 'core_rnn_cell'
ImportError cannot import name 'core_rnn_cell_impl'
ModuleNotFoundError No module named 'tensorflow.contrib.rnn.python.ops.core_rnn_cell_impl'
ImportError cannot import name 'nothing'
ModuleNotFoundError No module named 'tensorflow.contrib.layers.python.nothing'
ModuleNotFoundError No module named 'tensorflow.contrib.learn.python.learn.nothing'
"""


def asked(folder, *command):
    (folder / "ask.py").write_text(ASKING)
    (folder / "parts.json").write_text(json.dumps(contrib.names()))
    done = subprocess.run([*command, "ask.py", "parts.json"], cwd=str(folder), timeout=500,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_1_15_5_never_had_is_missing_and_not_refused(tmp_path, forked):
    assert asked(tmp_path, forked, os.path.join(ROOT, "scripts", "run_legacy.py")) == ANSWERED


@pytest.mark.both
def test_what_1_15_5_never_had_is_missing_on_1_15_5_itself(tmp_path, other_forked):
    assert asked(tmp_path, other_forked) == ANSWERED


def test_restored_files_are_found_by_listing_the_folder():
    assert "rnn" in contrib.names() and "_text" not in contrib.names()
    assert restored.found(contrib) == contrib.names()
    assert os.path.isdir(os.path.join(ROOT, "tf1gan", "legacy", "restored", "contrib"))
