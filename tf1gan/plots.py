"""Pictures: grids of digits, loss curves, and how the digits came to be.

Everything is drawn without a screen. Images are float32 in [0, 1], 0 black and 1 white.
"""

import io
import math
import os
import warnings

import numpy as np
from PIL import Image, ImageDraw, ImageFont  # matplotlib brings it along

from tf1gan import console, files
from tf1gan.errors import UserError
from tf1gan.images import PIXELS, SIDE

GAP = 2             # pixels between images
STEP = SIDE + GAP
_GAP_SHADE = 48     # of 255
_LETTERS = 20       # the size of a label's
_FRAMES = 100       # of a moving picture, at most
_LAST_SECONDS = 2.0             # that its last frame stays
_FRAME_SECONDS = 0.5, 0.08      # that each other one stays: of few, of _FRAMES


def tile(images, columns=None, enlarge=3):
    """Lays images out row by row.

    Args:
      images: [n, 28, 28] or [n, 784] in [0, 1].
      columns: how many in a row; None makes the grid as square as can be.
      enlarge: how many pixels wide each of theirs becomes.

    Returns:
      uint8 [height, width]; places that are left over are black.
    """
    images = np.asarray(images, np.float32).reshape(-1, SIDE, SIDE)
    columns = columns or math.ceil(math.sqrt(len(images)))
    rows = math.ceil(len(images) / columns)
    grid = np.full((rows * STEP + GAP, columns * STEP + GAP), _GAP_SHADE, np.uint8)
    pixels = np.rint(np.clip(np.nan_to_num(images), 0, 1) * 255).astype(np.uint8)
    for place in range(rows * columns):
        top, left = place // columns * STEP + GAP, place % columns * STEP + GAP
        grid[top:top + SIDE, left:left + SIDE] = pixels[place] if place < len(pixels) else 0
    return grid.repeat(enlarge, axis=0).repeat(enlarge, axis=1)


def png(pixels):
    """uint8 [height, width] as the bytes of a grey PNG file."""
    buffer = io.BytesIO()
    # By runs of the same shade (zlib's Z_RLE): smaller and quicker than the usual search.
    Image.fromarray(pixels).save(buffer, format="PNG", compress_type=3)
    return buffer.getvalue()


def save(path, content):
    """Writes a picture: `content` is a PNG file's bytes, or pixels, uint8 [height, width]."""
    with files.atomic(path) as file:
        file.write(content if isinstance(content, bytes) else png(content))


def _text(words, width, height):
    """White words on black, in the middle from top to bottom: uint8 [height, width]."""
    picture, font = Image.new("L", (width, height)), _font()
    top = (height - sum(font.getmetrics())) // 2
    ImageDraw.Draw(picture).text((_LETTERS // 2, top), words, fill=255, font=font)
    return np.asarray(picture)


def _font():
    import matplotlib
    return ImageFont.truetype(os.path.join(matplotlib.get_data_path(), "fonts", "ttf",
                                           "DejaVuSans.ttf"), _LETTERS)


def labelled(images, labels=None):
    """Rows of images, each with a label on its left.

    Args:
      images: for each row [columns, 784] in [0, 1].
      labels: a string for each row; None leaves them out.

    Returns:
      uint8 [height, width].
    """
    grid = tile(np.concatenate(images), columns=len(images[0]), enlarge=2)
    if labels is None:
        return grid
    height = 2 * STEP
    width = _LETTERS + max(int(_font().getlength(label)) for label in labels)
    beside = np.concatenate(
        [_text(label, width, height) for label in labels]
        + [np.zeros((len(grid) - height * len(labels), width), np.uint8)])
    return np.concatenate([beside, grid], axis=1)


def spread(count, most):
    """Places from 0 to `count` - 1, at most `most`: the first, the last, and between them as
    learning goes, each as many times as far as the one before as can be."""
    most = min(most, count)
    chosen = []
    for place in np.geomspace(1, count, most).round().astype(int) if most else ():
        chosen.append(max(place - 1, chosen[-1] + 1 if chosen else 0))
    return chosen


def _running_mean(values, window):
    """The mean of the last `window` values at each place, of fewer at the beginning."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    ends = np.arange(1, len(values) + 1)
    begins = np.maximum(0, ends - window)
    return (sums[ends] - sums[begins]) / (ends - begins)


def loss_limits(losses):
    """The lowest and highest loss to draw: all, or all but outliers, which would flatten it.

    Args:
      losses: [n, 2], finite, or NaN for what is to be left out, but no column of NaN alone.
    """
    low, high = np.nanpercentile(losses, [0.25, 99.75], axis=0)
    low, high = low.min(), high.max()
    room = 0.5 * (high - low) + 1e-6
    # What lies a little beyond needs no exception.
    return max(low - room, np.nanmin(losses)), min(high + room, np.nanmax(losses))


def loss_curves(losses, iterations_per_epoch, run=None):
    """Both losses over the epochs: every iteration pale, a running mean over it.

    Document 000, section "Testing Model".

    Args:
      losses: [n, 2], the generator's and the discriminator's at each iteration.
      run: its name.

    Returns:
      bytes of a PNG file.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    figure, buffer = loss_figure(losses, iterations_per_epoch, run), io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")      # a name in other letters
        figure.tight_layout()
        FigureCanvasAgg(figure).print_png(buffer)
    return buffer.getvalue()


def loss_figure(losses, iterations_per_epoch, run=None):
    """What `loss_curves` draws, as a matplotlib Figure."""
    from matplotlib.figure import Figure
    losses = np.asarray(losses, np.float64).reshape(-1, 2)
    epochs = np.arange(1, len(losses) + 1) / iterations_per_epoch
    window = max(1, len(losses) // 100)
    figure = Figure(figsize=(20, 7))
    axes = figure.add_subplot(111)
    low, high = loss_limits(losses)
    beyond = int(((losses < low) | (losses > high)).any(axis=1).sum())
    for column, (name, color) in enumerate((("Generator Loss", "tab:blue"),
                                            ("Discriminator Loss", "tab:orange"))):
        axes.plot(epochs, losses[:, column], color=color, alpha=0.25, linewidth=0.5, zorder=1)
        axes.plot(epochs, _running_mean(losses[:, column], window), color=color, label=name,
                  zorder=2)
    axes.set_title("The Variation of Loss during Training" + (": " + _plain(run) if run else ""))
    axes.set_xlabel("Number of Epochs")
    axes.set_ylabel("Loss" + (f" ({beyond} of {len(losses)} iterations lie beyond)"
                              if beyond else ""))
    if len(losses) > 1:
        axes.set_xlim(epochs[0], epochs[-1])
    margin = 0.03 * (high - low) or 0.5
    axes.set_ylim(low - margin, high + margin)
    axes.legend(loc="upper right")
    return figure


def _plain(name):
    """A file's name as matplotlib shows it: no formula, and nothing but what shows."""
    return console.plain(name).replace("$", r"\$")


def evolution(samples, labels=None):
    """The same noise through the training: at most 10 rows of 25 images, the first at the top.

    Each row is a moment. Most is learned early, so the moments are early ones, too: see `spread`.
    Document 000's third display. Its own slices pixels instead of images and fails.

    Args:
      samples: list of [n, 784] in [0, 1].
      labels: of each sample, when it was drawn; None leaves them out.
    """
    moments = spread(len(samples), 10)
    return labelled([np.asarray(samples[moment])[:25] for moment in moments],
                    labels and [labels[moment] for moment in moments])


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
        row = np.zeros((columns, PIXELS), np.float32)
        row[:len(places)] = images.rows(places)[0]
        rows.append(row)
    return tile(np.concatenate(rows), columns=columns, enlarge=2)


def gif(samples, labels=None):
    """The same noise through the training as a moving picture of 2 to 10 seconds.

    At most 100 frames, as in `evolution`; the last one stays for a while.

    Args:
      samples: list of [n, 784] in [0, 1].
      labels: of each sample, when it was drawn; None leaves them out.

    Returns:
      bytes of a GIF file.
    """
    frames = []
    for moment in spread(len(samples), _FRAMES):
        pixels = tile(samples[moment], enlarge=2)
        if labels:
            label = _text(labels[moment], pixels.shape[1], 3 * _LETTERS // 2)
            pixels = np.concatenate([label, pixels])
        frames.append(Image.fromarray(pixels))
    slow, quick = _FRAME_SECONDS
    seconds = [min(slow, quick * _FRAMES / len(frames))] * (len(frames) - 1) + [_LAST_SECONDS]
    buffer = io.BytesIO()
    frames[0].save(buffer, format="GIF", save_all=True, append_images=frames[1:], loop=0,
                   duration=[int(100 * each) * 10 for each in seconds])
    return buffer.getvalue()


def check_screen():
    """Raises UserError where `show` could not open a window."""
    try:
        _pyplot().close(_pyplot().figure())
    except Exception as error:          # each window toolkit fails in a way of its own
        raise UserError(f"--show needs a screen, and no window can be opened ({error}): leave it "
                        "out and look at the files") from error


def _pyplot():
    """matplotlib.pyplot, which chooses a window toolkit, so not before it is needed."""
    from matplotlib import pyplot
    if pyplot.get_backend().lower() in ("agg", "cairo", "pdf", "pgf", "ps", "svg", "template"):
        raise RuntimeError(f"matplotlib draws with {pyplot.get_backend()}")
    return pyplot


def show(paths):
    """Shows picture files in windows, until they are closed. Needs a screen."""
    pyplot = _pyplot()
    for path in paths:
        with Image.open(path) as picture:
            pixels = np.asarray(picture)
        pyplot.figure(console.plain(path))
        pyplot.imshow(pixels, cmap="gray")
        pyplot.axis("off")
    pyplot.show()
