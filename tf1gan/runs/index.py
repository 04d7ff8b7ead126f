"""The index of a checkpoint, read without TensorFlow, which ends the process at some of them.

It is a table of LevelDB's: blocks of (key, message), a block that says where they are, and at the
file's end where that one is.
"""

import struct

from tf1gan import files
from tf1gan.errors import UserError
from tf1gan.runs import wire

_END = 48                       # bytes at a table's end
_LARGEST = 2 ** 62              # numbers; TensorFlow aborts at more


def check(prefix):
    """Raises UserError for a shape that is none. What else is wrong is for TensorFlow to say."""
    try:
        with files.opened(prefix + ".index") as file:
            content = file.read()
        for key, message in _entries(content):
            if key and not 0 <= _count(message) < _LARGEST:
                raise UserError(f"{prefix} is damaged: use an earlier checkpoint ("
                                f"{key.decode('utf-8', 'replace')} has an impossible shape)")
    except UserError:
        raise
    except (OSError, ValueError, IndexError, struct.error):
        pass


def _entries(content):
    """(key, message) of each of a table's entries."""
    place = len(content) - _END
    for _ in range(2):                  # where what is about the blocks is, and where they are
        begin, place = wire.number(content, place, len(content))
        size, place = wire.number(content, place, len(content))
    for _, handle in _of_block(content, begin, size):
        start, after = wire.number(handle, 0, len(handle))
        length, _ = wire.number(handle, after, len(handle))
        yield from _of_block(content, start, length)


def _of_block(content, begin, size):
    """(key, value) of each of a block's entries. Raises ValueError where it is compressed."""
    block = content[begin:begin + size]
    if content[begin + size]:
        raise ValueError("it is compressed")
    restarts, = struct.unpack("<I", block[-4:])
    place, end, key = 0, size - 4 * (restarts + 1), b""
    while place < end:
        shared, place = wire.number(block, place, end)
        more, place = wire.number(block, place, end)
        length, place = wire.number(block, place, end)
        key = key[:shared] + block[place:place + more]
        place += more
        yield key, block[place:place + length]
        place += length


def _count(message):
    """How many numbers a tensor has; -1 where a size is negative."""
    count = 1
    for begin, end in wire.inside(message, (2, 2, 1)):      # of its shape, each dimension's size
        size = wire.number(message, begin, end)[0]
        if size >= 2 ** 63:
            return -1
        count *= size
    return count
