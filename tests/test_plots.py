import io

import numpy as np
import pytest
from PIL import Image

from tf1gan import data, plots, run_plots


def test_a_grid_shows_each_image_in_its_place():
    images = np.zeros((3, 784), np.float32)
    images[2] = 1
    grid = plots.tile(images, columns=2, enlarge=1)
    assert grid.shape == (62, 62) and grid.dtype == np.uint8
    assert (grid[32:60, 2:30] == 255).all() and (grid[2:30, 2:30] == 0).all()
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(plots.png(grid))).convert("L")), grid)


def test_the_evolution_goes_from_the_first_sample_to_the_last_in_ten_rows():
    samples = [np.full((30, 784), moment / 100, np.float32) for moment in range(101)]
    grid = plots.evolution(samples)
    assert grid.shape == (2 * (10 * 30 + 2), 2 * (25 * 30 + 2))
    assert grid[10, 10] == 0 and grid[-10, -10] == 255
    assert plots.evolution(samples[:3]).shape[0] == 2 * (3 * 30 + 2)


def test_rows_have_their_labels_beside_them():
    samples = [np.zeros((30, 784), np.float32)] * 12
    grid = plots.evolution(samples, [f"epoch {k + 1}" for k in range(12)])
    height, width = plots.evolution(samples).shape
    assert grid.shape[0] == height and np.array_equal(grid[:, -width:], plots.evolution(samples))
    beside = grid[:, :-width]
    for row in range(10):       # a label in each, and none reaches out of its row
        assert beside[60 * row + 10:60 * row + 50].max() == 255
        assert not beside[60 * row:60 * row + 10].any()
    assert not np.array_equal(beside[:60], beside[60:120])


@pytest.mark.parametrize("count", [1, 2, 9, 10, 11, 30, 300])
def test_moments_are_spread_as_learning_goes_from_the_first_to_the_last(count):
    places = plots.spread(count, 10)
    assert len(places) == min(count, 10) and places == sorted(set(places))
    assert places[0] == 0 and places[-1] == count - 1
    assert (np.diff(np.diff(places)) >= 0).all()
    if count == 300:
        assert places[1] == 1 and places[4] < 15


def duration(gif):
    """Seconds of all its frames, and of the last."""
    each = []
    for frame in range(gif.n_frames):
        gif.seek(frame)
        each.append(gif.info["duration"] / 1000)
    return sum(each), each[-1]


@pytest.mark.parametrize("count, frames", [(1, 1), (2, 2), (12, 12), (150, 100)])
def test_the_gif_moves_for_2_to_15_seconds_and_holds_its_last_frame(count, frames):
    rs = np.random.RandomState(0)
    samples = [rs.uniform(0, 1, (4, 784)) for _ in range(count)]
    gif = Image.open(io.BytesIO(plots.gif(samples, [f"step {k}" for k in range(count)])))
    assert gif.format == "GIF" and gif.n_frames == frames
    whole, last = duration(gif)
    assert 2 <= whole <= 15 and last >= 2
    gif.seek(0)
    first = np.asarray(gif.convert("L"))
    assert (first[:30] > 200).any() and (first[:30] < 50).mean() > 0.8      # words on black


def test_pictures_are_grey_and_small():
    picture = plots.png(plots.tile(np.zeros((25, 784))))
    assert Image.open(io.BytesIO(picture)).mode == "L" and len(picture) < 2000


@pytest.mark.as_users
def test_the_loss_curves_are_a_picture_even_of_one_iteration():
    for losses in ([[1.0, 2.0]], np.ones((5, 2)), np.random.RandomState(0).uniform(0, 2, (500, 2))):
        assert plots.loss_curves(losses, 10, "a$b$c \udcff")[:4] == b"\x89PNG"


def test_one_spike_does_not_set_the_axis_of_the_losses():
    losses = np.random.RandomState(0).uniform(0.5, 2, (5000, 2))
    assert plots.loss_limits(losses) == (losses.min(), losses.max())
    losses[700, 0] = 1000
    low, high = plots.loss_limits(losses)
    assert 0 < low < 0.51 and 1.99 < high < 4


def test_the_losses_are_drawn_from_edge_to_edge_and_their_mean_from_the_beginning():
    losses = np.random.RandomState(0).uniform(0.5, 2, (1000, 2))
    figure = plots.loss_figure(losses, 10, "my_run")
    figure.tight_layout()
    [axes] = figure.axes
    assert "my_run" in axes.get_title()
    assert axes.get_xlim() == (0.1, 100)
    box = axes.get_position()
    assert box.x0 < 0.05 and box.x1 > 0.95
    means = [line.get_ydata() for line in axes.lines if not line.get_label().startswith("_")]
    for mean, column in zip(means, losses.T):
        assert len(mean) == 1000 and mean[0] == column[0]
        np.testing.assert_allclose(mean[500], column[491:501].mean())


@pytest.mark.parametrize("model, epoch, last, sample_every, labels", [
    ("gan", 10, 30, None, ["epoch 1", "epoch 2", "epoch 3"]),
    ("gan", 10, 25, None, ["step 10", "step 20", "step 25"]),
    ("gan", 10, 25, None, ["epoch 1", "epoch 2"]),                  # stopped by a signal
    ("gan", 10, 9, 4, ["step 4", "step 8", "step 9"]),
    ("keras_gan", 10, 20, None, ["epoch 1", "epoch 2"]),
    ("xavier_gan", 429, 2500, None, ["step 1000", "step 2000", "step 2500"]),
    ("plain_dcgan", 214, 401, None, ["step 200", "step 400", "step 401"]),
])
def test_each_sample_is_labelled_with_when_it_was_drawn(model, epoch, last, sample_every, labels):
    config = {"model": model, "iterations_per_epoch": epoch, "sample_every": sample_every}
    assert run_plots.sample_labels(config, [[1.0, 1.0]] * last, [0] * len(labels)) == labels


def test_dcgan_draws_within_an_epoch_and_begins_each_anew():
    config = {"model": "dcgan", "iterations_per_epoch": 859}
    assert run_plots.sample_labels(config, [[1.0, 1.0]] * 1718, [0] * 11) == [
        f"step {step}" for step in (150, 300, 450, 600, 750, 1009, 1159, 1309, 1459, 1609, 1718)]


def test_the_preview_has_a_row_a_digit():
    pixels = np.zeros((300, 28, 28), np.uint8)
    labels = (np.arange(300) % 10).astype(np.uint8)
    pixels[labels == 3] = 255
    grid = plots.preview(data.DataSet(pixels, labels), columns=20)
    assert grid.shape == (2 * (10 * 30 + 2), 2 * (20 * 30 + 2))
    assert (grid[2 * (3 * 30 + 2):2 * (3 * 30 + 30), 4:60] == 255).all()
    assert (grid[4:60, 4:60] == 0).all()
