"""The two formats that MNIST comes in: IDX files and mnist.npz.

Whatever a file's bytes, reading it gives the right arrays or an error that names it, in
memory bounded by what the file holds.
"""

import gzip
import hashlib
import io
import struct
import zipfile
import zlib
from typing import NamedTuple

import numpy as np

from tf1gan import files
from tf1gan.errors import UserError
from tf1gan.images import PIXELS, SIDE

MAX_IMAGES = 1000000        # in one file, whatever its header promises
MAX_NPY_HEADER = 4096       # numpy writes 128 bytes

_BLOCK = 2 ** 20            # bytes read at a time


class IdxFile(NamedTuple):
    """One of MNIST's four files: what it is called, and what MNIST's own hashes to, decoded."""
    name: str
    sha256: str
    dimensions: int     # 3 for images, 1 for labels


FILES = (
    IdxFile("train-images-idx3-ubyte",
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db", 3),
    IdxFile("train-labels-idx1-ubyte",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5", 1),
    IdxFile("t10k-images-idx3-ubyte",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7", 3),
    IdxFile("t10k-labels-idx1-ubyte",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2", 1),
)
NPZ_KEYS = ("x_train", "y_train", "x_test", "y_test")       # mnist.npz, in the order of FILES


def read_idx(path, file):
    """Reads an IDX file, gzipped or not, and checks that it is what it should be.

    Args:
      path: the file's path.
      file: the IdxFile that it should be.

    Returns:
      bytearray: the decoded file, header and all.

    Raises:
      UserError: unreadable, truncated, mislabelled or wrong-sized; names the file.
    """
    try:
        with files.opened(path) as raw:
            zipped = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            stream = gzip.GzipFile(fileobj=raw) if zipped else raw
            header = stream.read(_header_size(file))
            size = _payload_size(header, file, path)
            return _read(stream, header, size, path)
    except (OSError, EOFError, zlib.error) as error:
        raise UserError(f"cannot read {path} ({error}): replace it or delete it") from error


def _read(stream, beginning, size, path):
    """`beginning` and the `size` bytes that are all that `stream` still holds.

    Read by blocks: a file that promises more than it holds takes no memory for it.
    """
    content = bytearray(beginning)
    end = len(content) + size
    while True:
        block = stream.read(min(_BLOCK, end - len(content) + 1))
        content += block
        if not block or len(content) > end:
            break
    if len(content) != end:
        raise UserError(f"{path} is {'truncated' if len(content) < end else 'too long'}: its "
                        f"header says {size} bytes of data; replace it or delete it")
    return content


def _header_size(file):
    return 4 + 4 * file.dimensions


def _payload_size(header, file, path):
    """How many bytes must follow an IDX header."""
    if len(header) < _header_size(file):
        raise UserError(f"{path} is truncated: replace it or delete it")
    magic, count = struct.unpack(">II", header[:8])
    expected = 0x0800 + file.dimensions
    if magic != expected:
        raise UserError(f"{path} is not an IDX file of {_content(file)}: it begins with {magic} "
                        f"instead of {expected}; replace it or delete it")
    if count > MAX_IMAGES:
        raise UserError(f"{path} claims to hold {count} {_content(file)}, and at most "
                        f"{MAX_IMAGES} are allowed: replace it or delete it")
    if file.dimensions == 3:
        height, width = struct.unpack(">II", header[8:])
        if (height, width) != (SIDE, SIDE):
            raise UserError(f"{path} holds images of {height} x {width} pixels, not of 28 x 28: "
                            "replace it or delete it")
        return count * PIXELS
    return count


def _content(file):
    return "images" if file.dimensions == 3 else "labels"


def array_of(content, file):
    """The content of an IDX file as uint8 [n, 28, 28] or [n]."""
    values = np.frombuffer(content, np.uint8, offset=_header_size(file))
    return values.reshape(-1, SIDE, SIDE) if file.dimensions == 3 else values


def encode(array):
    """A uint8 array as the content of an IDX file."""
    return _header(array.shape) + array.tobytes()


def _header(shape):
    """What an IDX file of that shape begins with."""
    return struct.pack(">" + "I" * (1 + len(shape)), 0x0800 + len(shape), *shape)


def read_npz(path):
    """Reads mnist.npz (x_train, y_train, x_test, y_test) without unpickling anything.

    Returns:
      list of four bytearrays: the same arrays as IDX files.

    Raises:
      UserError: unreadable, truncated, or not such arrays; names the file.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return [_npz_member(archive, key, file, path) for key, file in zip(NPZ_KEYS, FILES)]
    except UserError:
        raise
    except Exception as error:      # zipfile and numpy raise what they like on damaged bytes
        raise UserError(f"cannot read {path} ({error}): replace it or delete it") from error


def _npz_member(archive, key, file, path):
    """An array of an npz file as the content of an IDX file."""
    info = archive.getinfo(key + ".npy")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # zipfile unpacks the other methods a whole read at a time, however much that makes.
        raise UserError(f"{path}: {key} is compressed in a way that NumPy does not write: save it "
                        "again with numpy.savez_compressed")
    name = f"{path}: {key}"
    with archive.open(info) as member:
        shape, fortran, dtype = _npy_header(member, name)
        right_shape = len(shape) == file.dimensions and shape[1:] in ((), (SIDE, SIDE))
        right_type = dtype == np.uint8 or (file.dimensions == 1 and dtype.kind in "iu")
        if not right_shape or not right_type or not 0 <= shape[0] <= MAX_IMAGES:
            raise UserError(f"{name} is {dtype} of shape {shape}; it must be uint8 "
                            f"{'[n, 28, 28]' if file.dimensions == 3 else '[n]'}, with n at most "
                            f"{MAX_IMAGES}")
        count = shape[0] * (PIXELS if file.dimensions == 3 else 1)
        if dtype == np.uint8 and not fortran:
            return _read(member, _header(shape), count, name)
        content = _read(member, b"", count * dtype.itemsize, name)
    values = np.frombuffer(content, dtype).reshape(shape, order="F" if fortran else "C")
    if values.size and not (0 <= values.min() and values.max() <= 255):
        raise UserError(f"{name} has labels outside 0 to 9")
    return encode(values.astype(np.uint8))


def _npy_header(member, name):
    """(shape, whether it is in Fortran's order, dtype) of an .npy file, of which it is read."""
    version = np.lib.format.read_magic(member)
    if version not in ((1, 0), (2, 0)):
        raise UserError(f"{name} has the .npy version {version[0]}.{version[1]}, and only 1.0 and "
                        "2.0 can be read: save it again with numpy.savez")
    width = 2 if version == (1, 0) else 4
    length = member.read(width)
    size = int.from_bytes(length, "little")
    if size > MAX_NPY_HEADER:
        raise UserError(f"{name} has a header of {size} bytes, and at most {MAX_NPY_HEADER} are "
                        "allowed: save it again with numpy.savez")
    read_header = (np.lib.format.read_array_header_1_0 if version == (1, 0)
                   else np.lib.format.read_array_header_2_0)
    return read_header(io.BytesIO(length + member.read(size)))


def is_mnist(file, content):
    """Whether the decoded content of an IdxFile is MNIST's own."""
    return hashlib.sha256(content).hexdigest() == file.sha256
