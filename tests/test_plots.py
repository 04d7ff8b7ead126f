import io

import numpy as np
from PIL import Image

from tf1gan import data, plots


def test_a_grid_shows_each_image_in_its_place():
    images = np.zeros((3, 784), np.float32)
    images[2] = 1
    grid = plots.tile(images, columns=2, enlarge=1)
    assert grid.shape == (62, 62) and grid.dtype == np.uint8
    assert (grid[32:60, 2:30] == 255).all() and (grid[2:30, 2:30] == 0).all()
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(plots.png(grid))).convert("L")), grid)


def test_reversed_grey_turns_black_into_white():
    assert (plots.inverted(np.zeros((40, 784)))[6:90, 6:90] == 255).any()
    assert plots.inverted(np.zeros((40, 784))).shape == (4 * 90 + 6, 10 * 90 + 6)


def test_the_evolution_goes_from_the_first_sample_to_the_last_in_ten_rows():
    samples = [np.full((30, 784), moment / 100, np.float32) for moment in range(101)]
    grid = plots.evolution(samples)
    assert grid.shape == (2 * (10 * 30 + 2), 2 * (25 * 30 + 2))
    assert grid[10, 10] == 0 and grid[-10, -10] == 255
    assert plots.evolution(samples[:3]).shape[0] == 2 * (3 * 30 + 2)


def test_the_gif_moves_and_has_at_most_a_hundred_frames():
    rs = np.random.RandomState(0)
    samples = [rs.uniform(0, 1, (4, 784)) for _ in range(150)]
    gif = Image.open(io.BytesIO(plots.gif(samples)))
    assert gif.format == "GIF" and gif.n_frames == 100


def test_the_loss_curves_are_a_picture_even_of_one_iteration():
    for losses in ([[1.0, 2.0]], np.random.RandomState(0).uniform(0, 2, (500, 2))):
        assert plots.loss_curves(losses, 10)[:4] == b"\x89PNG"


def test_the_preview_has_a_row_a_digit():
    pixels = np.zeros((300, 28, 28), np.uint8)
    labels = (np.arange(300) % 10).astype(np.uint8)
    pixels[labels == 3] = 255
    grid = plots.preview(data.DataSet(pixels, labels), columns=20)
    assert grid.shape == (2 * (10 * 30 + 2), 2 * (20 * 30 + 2))
    assert (grid[2 * (3 * 30 + 2):2 * (3 * 30 + 30), 4:60] == 255).all()
    assert (grid[4:60, 4:60] == 0).all()
