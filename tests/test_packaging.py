"""What a wheel brings to an environment that has only its dependencies."""

import os
import pathlib
import subprocess
import sys

import pytest
from helpers import ROOT

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
