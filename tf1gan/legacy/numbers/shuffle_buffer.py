"""The buffer of a data set that is shuffled and repeated, which draws as 1.15's kernel did."""

import itertools

ELEMENTS, END_OF_EPOCH, END = 0, 1, 2       # what is put into a buffer

_buffers, _keys = {}, itertools.count()     # of the iterators that are open: key -> _Buffer


def new(size, seed, seed2, count, most):
    """A buffer's key.

    Args:
      size: of the buffer.
      seed, seed2: of the operation.
      count: how many epochs are put into it, -1 for any number.
      most: so many elements are given at once where none is put in any more.
    """
    import numpy as np
    if not is_taken(count):     # an InvalidArgumentError where it is read
        raise ValueError(f"shuffle and repeat as one: count must be above zero, or -1: {count}")
    key = next(_keys)
    _buffers[key] = _Buffer(int(size), int(seed), int(seed2), int(most))
    return np.int64(key)


def drop(key):
    """Forgets a buffer, whose iterator is no more."""
    import numpy as np
    _buffers.pop(int(key), None)
    return np.int64(0)


def put(key, kind, *parts):
    """(Whether there is more to come, the elements that come out, as arrays of them)."""
    import numpy as np
    buffer = _buffers[int(key)]
    if kind == ELEMENTS:
        given = buffer.put(zip(*parts))
    elif kind == END_OF_EPOCH:
        given = buffer.end_epoch()
    else:
        given = buffer.empty()
    if given is None:
        drop(key)
        return (np.bool_(False), *parts)
    if not given:
        return (np.bool_(True), *(part[:0] for part in parts))
    return (np.bool_(True), *map(_array, zip(*given), (part.dtype for part in parts)))


def _array(rows, dtype):
    import numpy as np
    if dtype.kind != "O":
        return np.stack(rows).astype(dtype, copy=False)
    made = np.empty((len(rows), *np.shape(rows[0])), object)
    for place, row in enumerate(rows):
        made[place] = row
    return made


def is_taken(count):
    """Whether the kernel took a number of epochs: `repeat` alone takes none, too."""
    return count > 0 or count == -1


class _Buffer:
    """Fills up, then gives one element for each that it takes.

    Elements of two epochs may be in it: one is given from the earlier epoch while there is any.
    """

    def __init__(self, size, seed, seed2, most):
        self._size, self._drawn, self._most = size, _drawn(seed, seed2), most
        self._places, self._held = {}, 0
        self._epochs = [[0, 0]]     # of each epoch here: its first element, and past its last
        self._seen = False

    def put(self, elements):
        """Takes elements. Returns those that come out."""
        last, given = self._epochs[-1], []
        for element in elements:
            # A row of an array would keep the array.
            self._places[last[1] % self._size] = tuple(
                part.copy() if hasattr(part, "copy") else part for part in element)
            last[1] += 1
            self._held += 1
            if self._held == self._size or self._has_a_whole_epoch():
                given.append(self._give())
        self._seen = self._seen or last[1] > 0
        return given

    def end_epoch(self):
        """Notes an end. Returns no elements; None after nothing, which has no end of epochs."""
        end = self._epochs[-1][1]
        self._epochs.append([end, end])
        return [] if self._seen else None

    def empty(self):
        """Some of the elements that are left; None where none is."""
        return [self._give() for _ in range(min(self._held, self._most))] or None

    def _has_a_whole_epoch(self):
        """Whether the next element is one of an epoch that is all here.

        The kernel fills up first, with later epochs, which changes nothing of what it gives: the
        buffer may be a thousand times as large as the data set.
        """
        return any(first < end for first, end in self._epochs[:-1])

    def _give(self):
        while self._epochs[0][0] == self._epochs[0][1]:
            self._epochs.pop(0)
        epoch = self._epochs[0]
        chosen = (epoch[0] + next(self._drawn) % (epoch[1] - epoch[0])) % self._size
        first = epoch[0] % self._size
        element, self._places[chosen] = self._places[chosen], self._places[first]
        del self._places[first]
        epoch[0] += 1
        self._held -= 1
        return element


def _drawn(seed, seed2):
    """The numbers of TensorFlow's generator, Philox 4x32 in ten rounds, 32 bits each."""
    for first in itertools.count(0, 256):
        yield from _philox(seed, seed2, first, 256).tolist()


def _philox(seed, seed2, first, blocks):
    import numpy as np
    low, half = np.uint64(0xFFFFFFFF), np.uint64(32)
    place = np.arange(first, first + blocks, dtype=np.uint64)
    words = [place & low, place >> half] + [
        np.full(blocks, (seed2 >> shift) & 0xFFFFFFFF, np.uint64) for shift in (0, 32)]
    keys = [(seed >> shift) & 0xFFFFFFFF for shift in (0, 32)]
    for _ in range(10):
        one, two = np.uint64(0xD2511F53) * words[0], np.uint64(0xCD9E8D57) * words[2]
        words = [(two >> half) ^ words[1] ^ np.uint64(keys[0]), two & low,
                 (one >> half) ^ words[3] ^ np.uint64(keys[1]), one & low]
        keys = [(key + more) & 0xFFFFFFFF for key, more in zip(keys, (0x9E3779B9, 0xBB67AE85))]
    return np.stack(words, 1).ravel()
