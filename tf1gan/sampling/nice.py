"""The digits that a discriminator rates highest, of more than fit into memory."""

import numpy as np

from tf1gan.images import PIXELS

IN_MEMORY = 2 ** 28         # bytes of kept digits, from which on they are kept in a file

_PIECE = 8192               # images read at a time
_IMAGE_BYTES = 4 * PIXELS


def best(pieces, n, store):
    """The n best-rated of many images, of which no more than that are kept at a time.

    Args:
      pieces: iterator over (float32 images [k, 784], ratings [k, 1]).
      store: a binary file for n images, each in a slot of its own.

    Returns:
      iterator over float32 [k, 784], the best first; of the equally good, the first drawn.
    """
    ratings, slots = np.empty(0, np.float32), np.empty(0, np.int64)
    for images, rated in pieces:
        known = len(ratings)
        ratings = np.concatenate([ratings, rated[:, 0]])
        order = np.argsort(-ratings, kind="stable")[:n]
        new = order >= known
        kept = slots[order[~new]]
        free = np.setdiff1d(np.arange(len(order)), kept, assume_unique=True)
        for slot, image in zip(free, images[order[new] - known]):
            store.seek(slot * _IMAGE_BYTES)
            store.write(image.tobytes())
        ratings, slots = ratings[order], np.empty(len(order), np.int64)
        slots[~new], slots[new] = kept, free

    for start in range(0, len(slots), _PIECE):
        content = []
        for slot in slots[start:start + _PIECE]:
            store.seek(slot * _IMAGE_BYTES)
            content.append(store.read(_IMAGE_BYTES))
        yield np.frombuffer(b"".join(content), np.float32).reshape(-1, PIXELS)
