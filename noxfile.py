"""What is tried before a release, and takes too long for every change: see CONTRIBUTING.md.

    pip install nox
    nox -s distributions    # build both, and check them as an index would
    nox -s wheels           # on every Python: build, install, train from an empty folder
    nox -s tensorflows      # the golden tests and those of old scripts on older TensorFlows
    nox -s referee          # every script of tests/legacy/scripts on 1.15.5, every number compared
    nox -s tutorial         # docs/tutorial.ipynb from top to bottom
"""

import os

import nox

nox.options.sessions = ["distributions", "wheels", "tensorflows", "referee", "tutorial"]
nox.options.default_venv_backend = "venv"       # virtualenv makes none for Python 3.7 any more

ROOT = os.path.dirname(os.path.abspath(__file__))
OLD_TENSORFLOWS = [("3.10", "2.16.2"), ("3.12", "2.18.1"), ("3.13", "2.20.0")]


@nox.session(python="3.12")
def distributions(session):
    """Builds the sdist and the wheel, and checks them as an index would."""
    session.install("build", "twine")
    out = os.path.join(session.create_tmp(), "dist")
    session.run("python", "-m", "build", "--outdir", out, ROOT, silent=True)
    made = [os.path.join(out, name) for name in sorted(os.listdir(out))]
    session.run("python", "-m", "twine", "check", "--strict", *made)


@nox.session(python=["3.7", "3.9", "3.10", "3.11", "3.12", "3.13"])
@nox.parametrize("kind", ["wheel", "sdist"])
def wheels(session, kind):
    """Installs the package alone, and trains from a folder that has nothing of the repository."""
    out, empty = session.create_tmp(), os.path.join(session.create_tmp(), "empty")
    if kind == "wheel":
        session.run("python", "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", out, ROOT)
    else:
        # The backend's own command: `build` is not there for Python 3.7.
        session.install("setuptools>=66.1")
        with session.chdir(ROOT):
            session.run("python", "-c", "from setuptools import build_meta; import sys; "
                        "build_meta.build_sdist(sys.argv[1])", out, silent=True)
    made = max((os.path.join(out, name) for name in os.listdir(out) if name.startswith("tf1gan-")),
               key=os.path.getmtime)
    session.install("--quiet", made)
    os.makedirs(empty, exist_ok=True)
    with session.chdir(empty):
        session.run("tf1gan", "train", "--model", "gan", "--steps", "200", "--fresh",
                    "--data-dir", os.path.join(ROOT, "mnist_data"))
        session.run("tf1gan", "sample", "--checkpoint", "logs/gan", "--out", "digits.png")


@nox.session
@nox.parametrize("python, tensorflow", OLD_TENSORFLOWS)
def tensorflows(session, tensorflow):
    """The golden tests and those of old scripts on a TensorFlow that is not the newest."""
    minor = ".".join(tensorflow.split(".")[:2])
    session.install("--quiet", "-r", os.path.join(ROOT, "requirements.txt"),
                    f"tensorflow=={tensorflow}", f"tf-keras=={minor}.*", f"tensorboard=={minor}.*")
    session.run("python", "-m", "pytest", "-q", "-n", "2",
                *(session.posargs or ["tests/test_golden.py", "tests/legacy"]))


@nox.session(python="3.12")
def tutorial(session):
    """The notebook from top to bottom."""
    session.install("--quiet", "-r", os.path.join(ROOT, "requirements.txt"))
    session.run("python", os.path.join("tests", "tutorial.py"))


@nox.session(python="3.12")
def referee(session):
    """What goes between TensorFlow 2 and 1.15.5, with what takes too long for .ci/run."""
    requirements = os.path.join(ROOT, "requirements.txt")
    other = os.path.join(session.create_tmp(), "other")
    of_1_15 = os.path.join(other, "bin", "python")
    session.run("python3.7", "-m", "venv", other, external=True)
    session.run(of_1_15, "-m", "pip", "install", "--quiet", "-r", requirements, external=True)
    session.install("--quiet", "-r", requirements)
    session.run("python", "-m", "pytest", "-q", "-n", "2", "-m", "both", *session.posargs,
                env={"TF1GAN_OTHER_PYTHON": of_1_15})
