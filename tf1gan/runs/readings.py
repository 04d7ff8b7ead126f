"""What a run's event files have in numbers and pictures, read without TensorFlow.

An event is a protocol buffer, of which only these fields are looked at:

    Event           2 step, 5 summary
    Summary         1 value, repeated
    Summary.Value   1 tag, 2 simple_value, 4 image, 8 tensor
    Image           4 encoded_image_string
    TensorProto     4 tensor_content, 5 float_val

https://protobuf.dev/programming-guides/encoding
"""

import os
import struct
from typing import Dict, NamedTuple

from tf1gan.runs import events, records

_VARINT, _EIGHT_BYTES, _BYTES, _FOUR_BYTES = 0, 1, 2, 5


class Readings(NamedTuple):
    """Numbers and pictures by tag, each a dict of steps."""
    numbers: Dict[str, Dict[int, float]]
    pictures: Dict[str, Dict[int, bytes]]       # PNG files
    damaged: bool                               # whether something could not be read


def read(folder, pictures=()):
    """Readings of a run's folder.

    Args:
      pictures: the tags whose pictures are wanted.

    Raises:
      OSError: a file cannot be read.
    """
    found = Readings({}, {}, False)
    for name in events.names(folder):
        path = os.path.join(folder, name)
        if not os.path.isfile(path):        # a pipe could be waited for without an end
            continue
        with open(path, "rb") as file:
            whole, damaged = records.checked(file.read())
        for record in whole:
            try:
                _take(records.content_of(record), pictures, found)
            except (ValueError, IndexError, struct.error):      # no event, whatever it is
                damaged = True
        found = found._replace(damaged=found.damaged or damaged)
    return found


def _take(event, pictures, found):
    step, summary = 0, b""
    for field, value in _fields(event):
        if field == 2:
            step = value
        elif field == 5:
            summary = value
    for field, value in _fields(summary):
        if field == 1:
            parts = dict(_fields(value))
            tag = bytes(parts.get(1, b"")).decode("utf-8", "replace")
            if 4 in parts and tag in pictures:
                png = dict(_fields(parts[4])).get(4, b"")
                found.pictures.setdefault(tag, {})[step] = bytes(png)
            number = _number(parts)
            if number is not None:
                found.numbers.setdefault(tag, {})[step] = number


def _number(parts):
    """The number that a Summary.Value has, or None."""
    if 2 in parts:
        return struct.unpack("<f", parts[2])[0]
    tensor = dict(_fields(parts.get(8, b"")))
    for field in (4, 5):
        if len(tensor.get(field, b"")) == 4:
            return struct.unpack("<f", tensor[field])[0]
    return None


def _fields(message):
    """(number, value) of the fields of a message: an int of a varint, else bytes."""
    message, at = memoryview(message), 0
    while at < len(message):
        key, at = _varint(message, at)
        kind = key & 7
        if kind == _VARINT:
            value, at = _varint(message, at)
        elif kind in (_BYTES, _EIGHT_BYTES, _FOUR_BYTES):
            size = {_EIGHT_BYTES: 8, _FOUR_BYTES: 4}.get(kind)
            if size is None:
                size, at = _varint(message, at)
            value, at = message[at:at + size], at + size
            if at > len(message):
                raise ValueError("a field ends beyond its message")
        else:
            raise ValueError(f"no field begins with {key}")
        yield key >> 3, value


def _varint(message, at):
    """(a number of seven bits to a byte, where it ends)."""
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7f) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
