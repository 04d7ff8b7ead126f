"""What a wheel brings to an environment that has only its dependencies."""

import os
import pathlib
import shutil
import subprocess
import sys

import pytest
from helpers import ROOT
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tf1gan.cli import commands

CODE = """
import importlib, os, pkgutil, sys
import tf1gan
assert os.path.dirname(tf1gan.__file__) == os.path.join(sys.argv[1], "tf1gan"), tf1gan.__file__
for module in pkgutil.walk_packages(tf1gan.__path__, "tf1gan."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
from tf1gan.evaluation import classifier
arrays, facts = classifier.read(classifier.OF_MNIST)
assert facts.accuracy > 0.99
from tf1gan.report import page
assert b"uPlot" in page.fill("a page", {})
print(sorted(tf1gan.MODELS))
"""


def modules(folder):
    """The package's modules in a folder."""
    package = pathlib.Path(folder) / "tf1gan"
    return sorted(str(path.relative_to(package)) for path in package.rglob("*.py"))


def lines(*names):
    """A file's lines, without comments and empty ones."""
    with open(os.path.join(ROOT, *names), encoding="utf-8") as file:
        return [line.strip() for line in file if line.strip() and not line.startswith("#")]


def needed_for_runs(python):
    """What requirements/run.txt asks for on a Python: name -> SpecifierSet."""
    needed = map(Requirement, lines("requirements", "run.txt"))
    return {need.name: need.specifier for need in needed
            if not need.marker or need.marker.evaluate({"python_version": python})}


@pytest.mark.parametrize("python, tensorflow", [
    ("3.7", "1.15.5"), ("3.9", "2.20.0"), ("3.10", "2.16.1"), ("3.11", "2.21.0"),
    ("3.12", "2.18.0"), ("3.13", "2.21.0")])
def test_each_python_has_its_tensorflow(python, tensorflow):
    assert python_is_taken(python)
    assert needed_for_runs(python)["tensorflow"].contains(tensorflow)


def test_a_python_without_a_tensorflow_is_refused():
    """Both by the package and by the list, which pip then finds nothing for."""
    assert not python_is_taken("3.8")
    for name, last in (("tensorflow", "2.13.1"), ("tf-keras", "2.13.1")):
        assert not needed_for_runs("3.8")[name].contains(last)


def python_is_taken(python):
    line, = [line for line in lines("pyproject.toml") if line.startswith("requires-python")]
    return SpecifierSet(line.split('"')[1]).contains(python + ".1")


def test_the_requirements_are_those_of_the_package_and_all_of_its_extras():
    """But for the peers, which are large.

    Nothing in them is a path but lists, which pip looks for beside the list that names them.
    """
    found = [os.path.splitext(name)[0] for name in os.listdir(os.path.join(ROOT, "requirements"))]
    assert sorted(lines("requirements.txt")) == sorted(
        f"-r requirements/{name}.txt" for name in found if name != "peers")
    for name in found:
        for line in lines("requirements", name + ".txt"):
            Requirement(line)
        key = "dependencies" if name == "run" else "optional-dependencies." + name
        assert f'{key} = {{file = ["requirements/{name}.txt"]}}' in lines("pyproject.toml")


def test_every_script_takes_the_package_beside_it(tmp_path):
    """Installed or not, and whatever else is called tf1gan."""
    (tmp_path / "tf1gan").mkdir()
    (tmp_path / "tf1gan" / "__init__.py").write_text("raise SystemExit('another')")
    link = tmp_path / "plot.py"
    link.symlink_to(os.path.join(ROOT, "scripts", "plot.py"))
    done = subprocess.run([sys.executable, str(link), "--help"], cwd=str(tmp_path),
                          env=dict(os.environ, PYTHONPATH=str(tmp_path)), timeout=60,
                          stdout=subprocess.PIPE, universal_newlines=True)
    assert done.returncode == 0 and "Draws a run" in done.stdout
    codes = set()
    for name in commands.COMMANDS:
        with open(os.path.join(ROOT, "scripts", name + ".py")) as file:
            codes.add(file.read().split("\n\n")[1].replace(f'"{name}"', "NAME"))
    assert len(codes) == 1


@pytest.mark.slow
def test_an_sdist_makes_a_wheel_that_holds_all_and_asks_for_what_it_needs(tmp_path):
    pytest.importorskip("setuptools", minversion="70.1")    # which makes wheels by itself

    def python(*arguments, **options):
        subprocess.run([sys.executable] + list(arguments), check=True, stdout=subprocess.PIPE,
                       timeout=240, **options)

    def pip(*arguments):
        python("-m", "pip", "-q", "--disable-pip-version-check", *arguments)
    tree = tmp_path / "tree"
    tree.mkdir()
    for name in ("README.md", "LICENSE", "pyproject.toml"):
        shutil.copy(os.path.join(ROOT, name), str(tree))
    for name in ("tf1gan", "requirements"):
        shutil.copytree(os.path.join(ROOT, name), str(tree / name))
    python("-c", "from setuptools import build_meta; build_meta.build_sdist('..')", cwd=str(tree))
    sdist, = tmp_path.glob("tf1gan-*.tar.gz")
    pip("wheel", "--no-deps", "--no-build-isolation", "-w", str(tmp_path / "wheels"), str(sdist))
    wheel, = [str(path) for path in (tmp_path / "wheels").iterdir()]
    folder = str(tmp_path / "empty")
    pip("install", "--no-deps", "--target", folder, wheel)
    done = subprocess.run(
        [sys.executable, "-c", CODE, folder], cwd=str(tmp_path), timeout=120, check=True,
        env=dict(os.environ, PYTHONPATH=folder), stdout=subprocess.PIPE, universal_newlines=True)
    assert "plain_dcgan" in done.stdout
    assert modules(folder) == modules(ROOT)
    metadata, = (tmp_path / "empty").glob("tf1gan-*.dist-info/METADATA")
    needed = [line.partition(":")[2].strip() for line in metadata.read_text().splitlines()
              if line.startswith("Requires-Dist:")]
    for name in ("run", "test", "hdf5", "legacy", "notebook", "search"):
        for line in lines("requirements", name + ".txt"):
            package = Requirement(line).name.replace("_", "-")
            assert any(Requirement(need).name.replace("_", "-") == package
                       and (name == "run" or f'extra == "{name}"' in need) for need in needed)
