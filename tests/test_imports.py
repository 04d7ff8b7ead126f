"""What imports what within tf1gan is what docs/architecture.md says."""

import ast
import os
import re
import subprocess
import sys

import pytest
from helpers import ROOT


def modules():
    """{name: file} of all of tf1gan's modules."""
    found = {}
    for folder, _, names in os.walk(os.path.join(ROOT, "tf1gan")):
        for name in names:
            if name.endswith(".py"):
                path = os.path.join(folder, name)
                dotted = os.path.relpath(path, ROOT)[:-3].replace(os.sep, ".")
                found[re.sub(r"\.__init__$", "", dotted)] = path
    return found


def imported(path, known):
    """The modules of tf1gan that a file imports, wherever in it, but for types alone."""
    with open(path, encoding="utf-8") as file:
        tree = ast.parse(file.read())
    for_types = {id(each) for node in ast.walk(tree)
                 if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
                 for each in ast.walk(node)}
    found = set()
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are written in full"
            found.update(f"{node.module}.{alias.name}"
                         if f"{node.module}.{alias.name}" in known else node.module
                         for alias in node.names)
    return found & set(known)


@pytest.fixture(scope="module")
def imports():
    """{module: the modules of tf1gan that it imports}."""
    known = modules()
    return {name: imported(path, known) for name, path in known.items()}


def room_of(module):
    """The file or folder of tf1gan's own folder that a module is or lies in."""
    room = (module.split(".") + ["tf1gan"])[1]
    return "cli" if room == "__main__" else room


def floors():
    """The rooms of docs/architecture.md, a list for each floor, the lowest first."""
    with open(os.path.join(ROOT, "docs", "architecture.md"), encoding="utf-8") as file:
        section = file.read().partition("\n## Floors\n")[2].partition("\n## ")[0]
    return [line.strip().split(", ") for line in reversed(section.splitlines())
            if line.startswith("    ")]


def test_layers_load_nothing_of_other_machines():
    code = "import sys; import tf1gan.layers; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE,
                          universal_newlines=True, check=True, timeout=60)
    loaded = set(done.stdout.split())
    assert "tf1gan.strategy" in loaded
    assert not {"subprocess", "socket", "tensorflow"} & loaded
    assert not [name for name in loaded if name.startswith("tf1gan.machines")]


def test_of_machines_only_the_command_knows_whether_there_are_others(imports):
    """And what measures them. Whatever trains knows the strategy alone."""
    knowing = {room_of(name) for name, others in imports.items()
               if any(room_of(other) == "machines" for other in others)}
    assert knowing == {"cli", "lab", "machines"}
    assert not imports["tf1gan.machines"]


def test_modules_do_not_import_one_another_in_a_circle(imports):
    left = dict(imports)
    while left:
        free = [name for name, needed in left.items() if not needed & set(left) - {name}]
        assert free, f"each of these needs another of them: {sorted(left)}"
        for name in free:
            del left[name]


def test_what_is_imported_stands_on_a_lower_floor_of_the_architecture(imports):
    floor = {room: number for number, rooms in enumerate(floors()) for room in rooms}
    assert set(floor) == set(map(room_of, imports)) - {"tf1gan"}
    assert len(floors()) <= 12
    up = {f"{module} imports {other}" for module, others in imports.items() for other in others
          if room_of(module) != room_of(other) != "tf1gan"
          and floor[room_of(module)] <= floor[room_of(other)]}
    assert not up
