"""The records that TensorBoard's event files are made of, out of damaged files, too.

https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details
"""

import struct

from tf1gan.compat import tf

# A record is its length (8 bytes), the length's checksum, the event, and the event's checksum.
_HEADER, _FOOTER = 12, 4
_SHORT = 2000


def split(path, content):
    """The records of an event file of these bytes, which join to the file again.

    Returns (the records that are whole, as bytes; whether there is damage in their midst: a torn
    last record is none, since every process that dies while it writes leaves one).
    """
    from google.protobuf import message
    try:
        for _ in tf.train.summary_iterator(path):       # checks them, quicker than Python
            pass
    except (tf.errors.DataLossError, message.DecodeError):
        return _salvaged(content)
    return _frames(content), False


def checked(content):
    """What `split` gives, without TensorFlow.

    Where lengths are as their checksums say, those of long records (graphs, histograms and
    pictures, which have others of their own) are believed.
    """
    found, at = [], 0
    while at + _HEADER <= len(content):
        if not _checks(content, at, at + 8):
            return _salvaged(content)
        end = _end(content, at)
        if end > len(content):
            break                           # torn
        if end - at < _SHORT and not _checks(content, at + _HEADER, end - _FOOTER):
            return _salvaged(content)
        found.append(content[at:end])
        at = end
    return found, False


def content_of(record):
    """The bytes of a record's event."""
    return record[_HEADER:-_FOOTER]


def event_of(record):
    return tf.Event.FromString(content_of(record))


def _frames(content):
    """The records of a file that has been read without an error, as bytes."""
    frames, at = [], 0
    while at + _HEADER <= len(content):     # TensorFlow passes over a torn header
        end = _end(content, at)
        frames.append(content[at:end])
        at = end
    return frames


def _end(content, at):
    return at + _HEADER + struct.unpack_from("<Q", content, at)[0] + _FOOTER


def _salvaged(content):
    """What is whole in a damaged file: (its records, whether more is lost than a torn end)."""
    frames, at, damaged, skipping = [], 0, False, False
    while at + _HEADER <= len(content):
        # Lengths have four zeros in their eight bytes, which are found without a checksum.
        if skipping:
            at = content.find(bytes(4), at + 4) - 4
            if at < 0:
                break
        if _checks(content, at, at + 8):
            end = _end(content, at)
            if end > len(content):
                return frames, damaged          # torn: the process died while it wrote
            whole = _checks(content, at + _HEADER, end - _FOOTER) and _is_event(content[at:end])
            if whole:
                frames.append(content[at:end])
            damaged, skipping = damaged or not whole, False
            at = end
        else:
            at, damaged, skipping = at + 1, True, True
    return frames, damaged


def _is_event(record):
    from google.protobuf import message
    try:
        event_of(record)
    except message.DecodeError:
        return False
    return True


def _checks(content, start, end):
    """Whether some bytes have the checksum that follows them."""
    from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c
    return content[end:end + 4] == struct.pack("<I", masked_crc32c(content[start:end]))
