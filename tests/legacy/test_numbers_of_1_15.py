"""Scripts of TensorFlow 1 compute here what they compute on TensorFlow 1.15.5.

`golden.json`, and `golden/NAME.json` of a script with a file of its own, are what the scripts in
`scripts/` gave on 1.15.5. Where a Python with it is found, SOME run there again, and every number
is compared; `nox -s referee` does so with all. `python test_numbers_of_1_15.py OUT` makes the
golden file anew of what record_numbers.py wrote to OUT; with names of scripts after OUT, a file of
its own for each.
"""

import glob
import json
import os
import re
import subprocess
import sys

import numpy as np
import pytest
from helpers import MNIST_FOLDER, ROOT

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDEN = os.path.join(HERE, "golden.json")
SCRIPTS = sorted(glob.glob(os.path.join(HERE, "scripts", "*.py"))
                 + glob.glob(os.path.join(HERE, "scripts", "*.ipynb")))
TOLERANCE = 1e-5
PRINTED = re.compile(r"-?\d+\.\d+(?:e[-+]\d+)?|-?\b\d+\b")

# A few of each kind, which take little time.
SOME = ("clipped_weights", "contrib_layers", "counted_calls", "dense_gan", "eager_passes",
        "image_seeds", "layers_dropout", "live_data", "notebook", "numpy_of_then", "queue_input",
        "slim_model")

# Keras's and an estimator's hooks' own runs of a session are not those of then: what the script
# prints is compared.
RUNS_DIFFER = ("keras_model", "keras_names", "keras_gans", "estimator_canned",
               "estimator_custom", "estimator_keras", "estimator_kmeans", "estimator_tpu",
               "live_keras", "contrib_estimator", "contrib_learn")
NAMES_DIFFER = ("keras_model",)
# 1.15.5 was asked without IPython, which shows the last value of a cell; the loader says what it
# unpacks, where tf1gan unpacks nothing.
PRINTS_DIFFER = ("notebook", "mnist_batches")


def record(python, out, mnist, scripts):
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(
        [ROOT] + os.environ.get("PYTHONPATH", "").split(os.pathsep)))
    for name in ("TF_USE_LEGACY_KERAS", "TF2_BEHAVIOR"):    # 1.15.5 would be eager by the latter
        environment.pop(name, None)
    done = subprocess.run([python, os.path.join(HERE, "record_numbers.py"), str(out), mnist]
                          + scripts, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          universal_newlines=True, timeout=600, env=environment)
    assert done.returncode == 0, done.stderr
    return {name_of(script): read(str(out), name_of(script), done.stderr) for script in scripts}


def name_of(script):
    return os.path.splitext(os.path.basename(script))[0]


def read(out, name, errors=""):
    with open(os.path.join(out, name + ".json")) as file:
        facts = json.load(file)
    assert facts["status"] == 0, (name, errors)
    with np.load(os.path.join(out, name + ".npz")) as arrays:
        facts["numbers"] = {key: arrays[key] for key in arrays.files}
    return facts


def summary(array):
    """What the golden file keeps of an array: its shape, type, sum, length, and six of it."""
    flat = np.asarray(array, np.float64).ravel()
    places = np.linspace(0, max(flat.size - 1, 0), min(flat.size, 6)).astype(int)
    return [list(array.shape), array.dtype.kind, flat.sum(), np.sqrt((flat ** 2).sum()),
            flat[places].tolist()]


def differences(name, expected, found, as_kept):
    """What of a script's run differs from 1.15.5's, in words."""
    for fact in ("variables", "update_ops", "regularizers"):
        if name not in NAMES_DIFFER and expected[fact] != found[fact]:
            yield f"{name}: {fact} {found[fact]} instead of {expected[fact]}"
    if name not in PRINTS_DIFFER:
        yield from compared(name, "printed",
                            [np.array(list(map(float, PRINTED.findall(facts["printed"]))))
                             for facts in (expected, found)])
    if name in RUNS_DIFFER:
        return
    # "RUN_RESULT": when a queue's threads make runs of their own, which give nothing, is chance.
    there, here = (sorted(side["numbers"]) for side in (expected, found))
    if [key.split("_")[1] for key in there] != [key.split("_")[1] for key in here]:
        yield f"{name}: {len(here)} results, not {len(there)}"
        return
    for key, its in zip(there, here):
        wanted, got = expected["numbers"][key], found["numbers"][its]
        if as_kept:
            got = summary(got)
            if got[:2] != wanted[:2]:
                yield f"{name}, {key}: {got[:2]} instead of {wanted[:2]}"
                continue
            yield from compared(name, key, [np.array([part[2], part[3]] + part[4])
                                            for part in (wanted, got)], max(1, wanted[3]))
        else:
            yield from compared(name, key, [wanted, got])


def compared(name, key, pair, scale=None):
    wanted, got = [np.asarray(side, np.float64) for side in pair]
    if wanted.shape != got.shape:
        yield f"{name}, {key}: shape {got.shape} instead of {wanted.shape}"
        return
    scale = scale or max(1, np.abs(wanted[np.isfinite(wanted)]).max(initial=0))
    if not np.allclose(got, wanted, rtol=0, atol=TOLERANCE * scale, equal_nan=True):
        yield f"{name}, {key}: {got.ravel()[:5]} instead of {wanted.ravel()[:5]}"


@pytest.fixture(scope="module")
def here(tmp_path_factory, forked, mnist):
    """What scripts give here, by their names: each runs once."""
    known = {}

    def given(names):
        scripts = [script for script in scripts_of(names) if name_of(script) not in known]
        known.update(record(forked, tmp_path_factory.mktemp("here"), MNIST_FOLDER, scripts))
        return {name: known[name] for name in names}
    return given


def kept_of_1_15_5():
    golden = {}
    for path in [GOLDEN] + sorted(glob.glob(os.path.join(HERE, "golden", "*.json"))):
        with open(path) as file:
            golden.update(json.load(file))
    return golden


def scripts_of(names):
    return [script for script in SCRIPTS if name_of(script) in names]


def some_and(mark):
    rest = [name for name in map(name_of, SCRIPTS) if name not in SOME]
    return pytest.mark.parametrize("names", [
        pytest.param(SOME, id="some"), pytest.param(rest, id="the rest", marks=mark)])


@some_and(pytest.mark.slow)
def test_scripts_give_the_numbers_kept_of_1_15_5(names, here):
    golden, given = kept_of_1_15_5(), here(names)
    found = [line for name in names
             for line in differences(name, golden[name], given[name], as_kept=True)]
    assert not found, "\n".join(found)


def test_every_script_has_numbers_kept():
    assert sorted(kept_of_1_15_5()) == sorted(map(name_of, SCRIPTS))
    assert set(SOME) <= set(map(name_of, SCRIPTS))


@some_and(pytest.mark.release)
def test_every_number_is_that_of_1_15_5_itself(names, here, other_python, tmp_path):
    golden, given = kept_of_1_15_5(), here(names)
    there = record(other_python, tmp_path / "there", os.path.abspath(MNIST_FOLDER),
                   scripts_of(names))
    found = [line for name in names
             for wanted, as_kept in ((there[name], False), (golden[name], True))
             for line in differences(name, wanted, given[name], as_kept)]
    assert not found, "\n".join(found)


def test_the_scripts_are_short_and_of_every_kind():
    assert len(SCRIPTS) >= 13
    for script in SCRIPTS:
        with open(script) as file:
            cells = json.load(file)["cells"] if script.endswith(".ipynb") else [
                {"source": file.readlines()}]
        assert 10 <= sum(len(cell["source"]) for cell in cells) <= 100, script


def keep(out, names, path):
    """Writes the golden file of some scripts."""
    kept = {}
    for name in names:
        kept[name] = facts = read(out, name)
        facts["numbers"] = {key: summary(array) for key, array in facts["numbers"].items()
                            if name not in RUNS_DIFFER}
    with open(path, "w") as file:
        json.dump(kept, file, separators=(",", ":"), sort_keys=True)
        file.write("\n")


if __name__ == "__main__":
    os.makedirs(os.path.join(HERE, "golden"), exist_ok=True)
    for one in sys.argv[2:]:
        keep(sys.argv[1], [one], os.path.join(HERE, "golden", one + ".json"))
    if not sys.argv[2:]:
        own = {name_of(path) for path in glob.glob(os.path.join(HERE, "golden", "*.json"))}
        keep(sys.argv[1], [name_of(script) for script in SCRIPTS if name_of(script) not in own],
             GOLDEN)
