"""docs/tutorial.ipynb, with a short first run on small images; .ci/run runs all of it."""

import json
import os

import pytest
import tutorial


def test_it_is_stored_without_outputs():
    with open(tutorial.PATH, encoding="utf-8") as file:
        cells = json.load(file)["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert len(code) > 5 and len({cell["id"] for cell in cells}) == len(cells)
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


@pytest.fixture
def seen(small_data):
    for module in ("nbclient", "ipykernel"):
        pytest.importorskip(module)
    return tutorial.run(f"{small_data!r}, validation_size=50", EPOCHS=12, STEPS=300)


@pytest.mark.slow
def test_it_runs_from_top_to_bottom_and_the_monitor_says_that_d_wins(seen):
    said = tutorial.text(seen)
    assert "the same digits: True" in said
    assert "the discriminator has saturated" in said
    pictures = [output for cell in seen.cells if cell.cell_type == "code"
                for output in cell.outputs if "image/png" in output.get("data", {})]
    assert len(pictures) == 4
    assert not os.path.exists(os.path.join(os.path.dirname(tutorial.PATH), "mnist_data"))
