"""What a protobuf message consists of, found without making objects of it."""


def fields(content, place=0, end=None):
    """(field's number, where its value begins, where it ends) of each field of a message.

    `content` is bytes, or a map of a file. Raises ValueError where it is no message, or not whole.
    """
    end = len(content) if end is None else end
    while place < end:
        key, place = number(content, place, end)
        kind = key & 7
        if kind == 0:
            after = number(content, place, end)[1]
        elif kind == 2:
            length, place = number(content, place, end)
            after = place + length
        elif kind in (1, 5):
            after = place + (8 if kind == 1 else 4)
        else:
            raise ValueError("no message of protobuf's")
        if after > end or not key >> 3:
            raise ValueError("no message of protobuf's, or not a whole one")
        yield key >> 3, place, after
        place = after


def inside(content, path, begin=0, end=None):
    """(where it begins, where it ends) of each value to which a path of fields' numbers leads."""
    for field, start, stop in fields(content, begin, end):
        if field == path[0] and path[1:]:
            yield from inside(content, path[1:], start, stop)
        elif field == path[0]:
            yield start, stop


def number(content, place, end):
    """One of protobuf's numbers, and the place after it. Raises ValueError where there is none."""
    value = shift = 0
    while place < end and shift < 70:
        byte = content[place]
        value, shift, place = value | (byte & 127) << shift, shift + 7, place + 1
        if byte < 128:
            return value, place
    raise ValueError("a number of protobuf's that does not end")
