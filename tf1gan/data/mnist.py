"""The images that a folder has, or MNIST, which is then fetched and kept there."""

import gzip
import hashlib
import http.client
import os
import tempfile
from typing import NamedTuple

import numpy as np

from tf1gan import files
from tf1gan.data import download
from tf1gan.data.formats import FILES, array_of, is_mnist, read_idx, read_npz
from tf1gan.errors import UserError
from tf1gan.images import CLASSES


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
        raise UserError(f"{data_dir} is not a folder: give another with --data-dir")
    found = {file: path for file in FILES for path in [_find(data_dir, file)] if path}
    npz = os.path.join(data_dir, "mnist.npz")
    if len(found) == len(FILES):
        contents = [read_idx(found[file], file) for file in FILES]
        return _checked(contents, [found[file] for file in FILES], data_dir)
    if os.path.isfile(npz):
        return _checked(read_npz(npz), [npz] * 4, data_dir)
    if source_url and not download.is_of_mnist(source_url):
        return _completed(data_dir, found, source_url)
    if found:
        _refuse_mixture(data_dir, found)
    files.check_writable(os.path.join(data_dir, FILES[0].name + ".gz"))     # before it is fetched
    contents = download.fetch()
    if contents is None:
        there = f" but {', '.join(found.values())}" if found else ""
        lacking = _names(file for file in FILES if file not in found)
        raise UserError(f"no MNIST in {data_dir}{there}, and none could be downloaded: put "
                        f"{lacking} or mnist.npz there, or name a folder that has them with "
                        "--data-dir")
    _keep(data_dir, zip(FILES, contents))
    return _checked(contents, [data_dir] * 4, data_dir)


def is_there(data_dir):
    """Whether a folder has images, so that `load` fetches none."""
    return (all(_find(data_dir, file) for file in FILES)
            or os.path.isfile(os.path.join(data_dir, "mnist.npz")))


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
        if not is_mnist(file, read_idx(path, file)):
            raise UserError(f"{data_dir} has {path} but not "
                            f"{_names(file for file in FILES if file not in found)}: add what "
                            "is missing, or name another folder with --data-dir")


def _checked(contents, paths, data_dir):
    """IDX contents as arrays, after the checks that one file alone does not allow."""
    arrays = [array_of(content, file) for content, file in zip(contents, FILES)]
    for images, labels in ((0, 1), (2, 3)):
        if len(arrays[images]) != len(arrays[labels]):
            raise UserError(f"{paths[images]} has {len(arrays[images])} images and "
                            f"{paths[labels]} {len(arrays[labels])} labels: replace the wrong one")
        if not len(arrays[images]):
            raise UserError(f"{paths[images]} has no images: replace it or delete it")
        if arrays[labels].max() >= CLASSES:
            raise UserError(f"{paths[labels]} has a label {arrays[labels].max()}, and labels must "
                            "be from 0 to 9: replace it or delete it")
    name = "MNIST"
    if not all(map(is_mnist, FILES, contents)):
        digest = hashlib.sha256(b"".join(hashlib.sha256(c).digest() for c in contents))
        name = "other images " + digest.hexdigest()[:16]
        download.say(f"The images in {data_dir} are not MNIST; they are used as they are.")
    return Images(*arrays, name=name)


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
                contents.append(read_idx(download.download(url, copy), file))
            except (OSError, http.client.HTTPException, ValueError) as error:
                why = str(getattr(error, "reason", None) or error).replace(copy, "it")
                raise UserError(f"cannot download {url} ({why}): put the file into {data_dir}, or "
                                "give another source_url") from error
    images = _checked(contents, paths, data_dir)
    _keep(data_dir, [(file, content) for file, content in zip(FILES, contents)
                     if file not in found])
    return images


def _keep(data_dir, contents):
    """Writes .gz files, of (IdxFile, content); each appears whole or not at all."""
    contents = list(contents)
    size = sum(len(content) for _, content in contents)
    with download.progress(f"Writing {data_dir}", size) as bar:
        for file, content in contents:
            with files.atomic(os.path.join(data_dir, file.name + ".gz")) as out, \
                    gzip.GzipFile(file.name, "wb", 6, out, mtime=0) as zipped:
                for start in range(0, len(content), 2 ** 20):
                    block = content[start:start + 2 ** 20]
                    zipped.write(block)
                    bar.update(len(block))
