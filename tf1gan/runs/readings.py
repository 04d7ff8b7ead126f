"""What a run's event files have in numbers and pictures, read without TensorFlow."""

import os
import struct
from typing import Dict, NamedTuple

from tf1gan.runs import events, records


class Readings(NamedTuple):
    """Numbers and pictures by tag, each a dict of steps."""
    numbers: Dict[str, Dict[int, float]]
    pictures: Dict[str, Dict[int, bytes]]       # PNG files
    damaged: bool                               # whether something could not be read


def read(folder, pictures=()):
    """Readings of a run's folder, with the pictures of these tags.

    Raises OSError where a file cannot be read.
    """
    from google.protobuf import message
    from tensorboard.compat.proto import event_pb2
    found = Readings({}, {}, False)
    for name in events.names(folder):
        path = os.path.join(folder, name)
        if not os.path.isfile(path):        # a pipe could be waited for without an end
            continue
        with open(path, "rb") as file:
            whole, damaged = records.checked(file.read())
        for record in whole:
            try:
                event = event_pb2.Event.FromString(records.content_of(record))
            except message.DecodeError:         # no event, whatever it is
                damaged = True
                continue
            for value in event.summary.value:
                _take(event.step, value, pictures, found)
        found = found._replace(damaged=found.damaged or damaged)
    return found


def _take(step, value, pictures, found):
    kind = value.WhichOneof("value")
    if kind == "image" and value.tag in pictures:
        found.pictures.setdefault(value.tag, {})[step] = value.image.encoded_image_string
    number = value.simple_value if kind == "simple_value" else None
    if kind == "tensor":
        if len(value.tensor.tensor_content) == 4:
            number, = struct.unpack("<f", value.tensor.tensor_content)
        elif len(value.tensor.float_val) == 1:
            number, = value.tensor.float_val
    if number is not None:
        found.numbers.setdefault(value.tag, {})[step] = number
