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
NAMES = os.path.join(HERE, "contrib_of_1_15.json")
# What Python and TensorFlow's own modules leave among a part's names.
NO_NAMES = {"absolute_import", "division", "print_function"}
LISTED = r"""
import importlib, json, os, sys
import tensorflow as tf
folder = os.path.dirname(tf.contrib.__file__)
names = {}
for name in sorted(os.listdir(folder)):
    if name.startswith("__") or not os.path.isdir(os.path.join(folder, name)):
        continue
    try:
        part = getattr(tf.contrib, name, None) or importlib.import_module(
            "tensorflow.contrib." + name)
        names[name] = [one for one in dir(part) if not one.startswith("_")]
    except Exception:
        names[name] = []
json.dump(names, sys.stdout, sort_keys=True)
"""


def of_1_15_5():
    """The folders of 1.15.5's contrib, and the names in each."""
    with open(NAMES) as file:
        return json.load(file)


# A script: what it sees of each part, as JSON.
SEEN = """
import json, sys
import tensorflow as tf
parts, seen = json.load(open(sys.argv[1])), {}
for part, (names, paths) in parts.items():
    module = getattr(tf.contrib, part)
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
        names = set(of_1_15_5()[part]) - NO_NAMES | set((description.GIVES or "").split())
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
def test_the_folders_are_those_of_1_15_5_itself(other_forked):
    done = subprocess.run([other_forked, "-c", LISTED], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, universal_newlines=True, check=True)
    assert json.loads(done.stdout) == of_1_15_5()


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


def test_restored_files_are_found_by_listing_the_folder():
    assert "rnn" in contrib.names() and "_text" not in contrib.names()
    assert restored.found(contrib) == contrib.names()
    assert os.path.isdir(os.path.join(ROOT, "tf1gan", "legacy", "restored", "contrib"))
