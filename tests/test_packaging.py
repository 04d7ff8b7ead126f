"""What a wheel brings to an environment that has only its dependencies."""

import os
import pathlib
import re
import subprocess
import sys

import pytest
from helpers import ROOT
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

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


def project():
    with open(os.path.join(ROOT, "pyproject.toml"), encoding="utf-8") as file:
        return file.read()


def listed(name):
    """The requirements in a list of pyproject.toml."""
    found = re.search(rf"^{name} = \[$(.*?)^\]", project(), re.M | re.S)
    return re.findall(r'^ *"(.+?)",', found.group(1), re.M)


@pytest.mark.parametrize("python, tensorflow", [
    ("3.7", "1.15.5"), ("3.8", None), ("3.9", None), ("3.10", "2.16.1"), ("3.11", "2.21.0"),
    ("3.12", "2.18.0"), ("3.13", "2.21.0")])
def test_each_python_has_a_tensorflow_or_is_refused(python, tensorflow):
    needed = re.search(r'^requires-python = "(.*)"', project(), re.M).group(1)
    assert SpecifierSet(needed).contains(python + ".1") == (tensorflow is not None)
    found = [need for need in map(Requirement, listed("dependencies"))
             if need.name == "tensorflow" and need.marker.evaluate({"python_version": python})]
    if tensorflow:
        assert [need.specifier.contains(tensorflow) for need in found] == [True]


def test_the_requirements_are_the_package_with_all_of_its_extras():
    with open(os.path.join(ROOT, "requirements.txt")) as file:
        line, = [line.strip() for line in file if not line.startswith("#")]
    extras = project().split("[project.optional-dependencies]")[1].split("\n[")[0]
    assert sorted(re.match(r"-e \.\[(.*)\]", line).group(1).split(",")) == sorted(
        re.findall(r"^(\w+) = \[", extras, re.M))


@pytest.mark.slow
def test_a_wheel_holds_all_of_the_package_and_asks_for_what_it_needs(tmp_path):
    pytest.importorskip("setuptools", minversion="70.1")    # which makes wheels by itself

    def pip(*arguments):
        subprocess.run([sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]
                       + list(arguments), check=True, stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, timeout=240)
    pip("wheel", "--no-deps", "--no-build-isolation", "-w", str(tmp_path / "wheels"), ROOT)
    wheel, = [str(path) for path in (tmp_path / "wheels").iterdir()]
    folder = str(tmp_path / "empty")
    pip("install", "--no-deps", "--target", folder, wheel)
    done = subprocess.run(
        [sys.executable, "-c", CODE, folder], cwd=str(tmp_path), timeout=120, check=True,
        env=dict(os.environ, PYTHONPATH=folder), stdout=subprocess.PIPE, universal_newlines=True)
    assert "plain_dcgan" in done.stdout
    assert modules(folder) == modules(ROOT)
    metadata, = (tmp_path / "empty").glob("tf1gan-*.dist-info/METADATA")
    needed = [line.split(":")[1].strip() for line in metadata.read_text().splitlines()
              if line.startswith("Requires-Dist:")]
    for name in ("tensorflow", "tf-keras", "tensorboard", "numpy", "matplotlib", "tqdm"):
        assert any(need.startswith(name) for need in needed)
