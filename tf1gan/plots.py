"""Pictures: grids of digits, loss curves, and how the digits came to be.

Everything is drawn without a screen. Images are float32 in [0, 1], 0 black and 1 white.
"""

import io
import math

import matplotlib.image
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image        # matplotlib brings it along

from tf1gan import files

_GAP = 2            # pixels between images
_GAP_SHADE = 48     # of 255


def tile(images, columns=None, enlarge=3):
    """Lays images out row by row.

    Args:
      images: [n, 28, 28] or [n, 784] in [0, 1].
      columns: how many in a row; None makes the grid as square as can be.
      enlarge: how many pixels wide each of theirs becomes.

    Returns:
      uint8 [height, width]; places that are left over are black.
    """
    images = np.asarray(images, np.float32).reshape(-1, 28, 28)
    columns = columns or math.ceil(math.sqrt(len(images)))
    rows = math.ceil(len(images) / columns)
    step = 28 + _GAP
    grid = np.full((rows * step + _GAP, columns * step + _GAP), _GAP_SHADE, np.uint8)
    pixels = np.rint(np.clip(np.nan_to_num(images), 0, 1) * 255).astype(np.uint8)
    for place in range(rows * columns):
        top, left = place // columns * step + _GAP, place % columns * step + _GAP
        grid[top:top + 28, left:left + 28] = pixels[place] if place < len(pixels) else 0
    return grid.repeat(enlarge, axis=0).repeat(enlarge, axis=1)


def png(pixels):
    """uint8 [height, width] as the bytes of a grey PNG file."""
    buffer = io.BytesIO()
    matplotlib.image.imsave(buffer, pixels, format="png", cmap="gray", vmin=0, vmax=255)
    return buffer.getvalue()


def save(path, content):
    """Writes a picture: `content` is a PNG file's bytes, or pixels, uint8 [height, width]."""
    with files.atomic(path) as file:
        file.write(content if isinstance(content, bytes) else png(content))


def loss_curves(losses, iterations_per_epoch):
    """Both losses over the epochs: every iteration pale, a running mean over it.

    Document 000, section "Testing Model".

    Args:
      losses: [n, 2], the generator's and the discriminator's at each iteration.

    Returns:
      bytes of a PNG file.
    """
    losses = np.asarray(losses, np.float64).reshape(-1, 2)
    epochs = np.arange(1, len(losses) + 1) / iterations_per_epoch
    window = max(1, len(losses) // 100)
    figure = Figure(figsize=(20, 7))
    axes = figure.add_subplot(111)
    for column, (name, color) in enumerate((("Generator Loss", "tab:blue"),
                                            ("Discriminator Loss", "tab:orange"))):
        axes.plot(epochs, losses[:, column], color=color, alpha=0.25, linewidth=0.5)
        mean = np.convolve(losses[:, column], np.ones(window) / window, mode="valid")
        axes.plot(epochs[window - 1:], mean, color=color, label=name)
    axes.set_title("The Variation of Loss during Training")
    axes.set_xlabel("Number of Epochs")
    axes.set_ylabel("Loss")
    axes.legend()
    buffer = io.BytesIO()
    FigureCanvasAgg(figure).print_png(buffer)
    return buffer.getvalue()


def evolution(samples, rows=10, columns=25):
    """The same noise through the training: a row a moment, the first at the top.

    Document 000's third display. Its own slices pixels instead of images and fails.

    Args:
      samples: list of [n, 784] in [0, 1].

    Returns:
      uint8 [height, width], of at most `rows` x `columns` images.
    """
    moments = np.linspace(0, len(samples) - 1, min(rows, len(samples))).round().astype(int)
    chosen = [np.asarray(samples[moment])[:columns] for moment in moments]
    return tile(np.concatenate(chosen), columns=len(chosen[0]), enlarge=2)


def preview(images, columns=20):
    """The first images of each digit, a row a digit.

    Document 003, listing 4.

    Args:
      images: a data.DataSet with labels that are digits.

    Returns:
      uint8 [height, width].
    """
    rows = []
    for digit in range(10):
        places = np.flatnonzero(images.labels == digit)[:columns]
        row = np.zeros((columns, 784), np.float32)
        row[:len(places)] = images.rows(places)[0]
        rows.append(row)
    return tile(np.concatenate(rows), columns=columns, enlarge=2)


def inverted(images, columns=10):
    """Digits in reversed grey, black on white: document 002's figure of 4 rows.

    Returns:
      uint8 [height, width].
    """
    return tile(1 - np.asarray(images, np.float32), columns=columns)


def gif(samples, seconds=10.0):
    """The same noise through the training as a moving picture, of at most 100 frames.

    Args:
      samples: list of [n, 784] in [0, 1].
      seconds: how long it runs before it begins again.

    Returns:
      bytes of a GIF file.
    """
    moments = np.linspace(0, len(samples) - 1, min(100, len(samples))).round().astype(int)
    frames = [Image.fromarray(tile(samples[moment], enlarge=2)) for moment in moments]
    buffer = io.BytesIO()
    frames[0].save(buffer, format="GIF", save_all=True, append_images=frames[1:], loop=0,
                   duration=max(20, int(1000 * seconds / len(frames))))
    return buffer.getvalue()


def show(paths):
    """Shows picture files in windows, until they are closed. Needs a screen."""
    from matplotlib import pyplot       # chooses a window toolkit, so not before it is needed
    for path in paths:
        pixels = np.asarray(Image.open(path))
        pyplot.figure(path)
        pyplot.imshow(pixels, cmap="gray")
        pyplot.axis("off")
    pyplot.show()
