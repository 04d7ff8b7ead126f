import os
import re
import subprocess
import sys

import numpy as np
import pytest
from helpers import ROOT

import tf1gan


@pytest.fixture
def run(script, tmp_path, small_data):
    """A folder in which a short run of gan has been trained by the script."""
    done = script("train.py", "--model", "gan", "--steps", 12, "--batch-size", 50,
                  "--data-dir", small_data)
    assert done.returncode == 0, done.stderr
    return done


def test_training_prints_the_run_its_values_and_variables_and_a_line_an_epoch(run, tmp_path):
    lines = run.stdout.splitlines()
    assert lines[0] == "Run: logs/gan"
    assert "  beta1          0.4" in lines
    assert any(line.split() == ["generator/fc_layer/dense/kernel", "100", "x", "128", "12800"]
               for line in lines)
    assert any(line.startswith("Epoch 1/2... Generator Loss: ") for line in lines)
    # No wall of warnings, and no progress bar where there is no terminal.
    assert [line for line in run.stderr.splitlines() if "not MNIST" not in line] == []


def test_sampling_and_plotting_write_what_they_say(run, script, tmp_path):
    done = script("sample.py", "--run", "logs/gan", "-n", 25, "--out", "digits.png",
                  "--npz", "digits.npz", "--seed", 1)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "digits.png").read_bytes()[:4] == b"\x89PNG"
    images = np.load(str(tmp_path / "digits.npz"))["images"]
    assert images.shape == (25, 28, 28) and images.dtype == np.float32
    done = script("plot.py", "logs/gan", "--seed", 1)
    assert done.returncode == 0, done.stderr
    written = done.stdout.split()
    assert {os.path.basename(path) for path in written} == {
        "loss.png", "last.png", "evolution.png", "evolution.gif", "new.png", "new_4x10.png",
        "new_4x4.png"}
    assert all((tmp_path / path).is_file() for path in written)
    done = script("plot.py", "logs/gan", "--epoch", 2)
    assert done.stdout.strip() == os.path.join("logs/gan", "samples", "epoch_0002.png")


@pytest.mark.parametrize("arguments, words", [
    ("train.py --model biggan", "gan, dcgan"),
    ("train.py", "--model"),
    ("train.py --model gan --epochs 0", "--epochs"),
    ("train.py --model gan --steps -3", "--steps"),
    ("train.py --model gan --steps 3 --epochs 3", "--epochs and --steps"),
    ("train.py --model gan --batch-size many", "--batch-size"),
    ("train.py --model gan --batch-size 9999", "--batch-size"),
    ("train.py --model gan --rate 1.5", "--dropout"),
    ("train.py --model gan --channels 64", "--channels"),
    ("train.py --model gan --seed -1", "--seed"),
    ("train.py --model gan --save-every 0", "--save-every"),
    ("train.py --model gan --run a/b", "--run"),
    ("train.py --model gan --logdir a_file", "a_file"),
    ("train.py --model gan --data-dir a_file", "a_file"),
    ("sample.py --run logs/none", "logs/none"),
    ("sample.py --run . ", "no checkpoint"),
    ("sample.py --run logs/none -n 0", "-n"),
    ("plot.py logs/none", "logs/none"),
])
def test_bad_input_is_one_line_and_status_2(script, tmp_path, small_data, arguments, words):
    (tmp_path / "a_file").write_text("")
    name, *arguments = arguments.split()
    if name == "train.py" and "--data-dir" not in arguments:
        arguments += ["--data-dir", small_data]
    done = script(name, *arguments)
    errors = [line for line in done.stderr.splitlines() if "not MNIST" not in line]
    assert done.returncode == 2 and len(errors) == 1 and words in errors[0], done.stderr
    assert done.stdout == ""
    assert not (tmp_path / "logs" / "gan" / "config.json").exists()


def test_the_module_speaks_by_its_own_name(tmp_path):
    done = subprocess.run([sys.executable, "-m", "tf1gan", "sample", "--run", "none"], cwd=ROOT,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
    assert done.returncode == 2 and done.stderr.startswith(b"tf1gan: no run or checkpoint none")


def test_the_run_says_how_to_watch_it_with_all_pictures_and_shows_its_own_length_only(run):
    assert "tensorboard --logdir logs --samples_per_plugin images=300" in run.stdout
    shown = [line.split()[0] for line in run.stdout.splitlines() if line.startswith("  ")]
    assert "iterations" in shown and "epochs" not in shown and "steps" not in shown


@pytest.mark.parametrize("name", ["train", "sample", "evaluate", "plot", "benchmark", "stress"])
def test_help_says_what_each_flag_does_and_its_default(script, name):
    environment = dict(os.environ, COLUMNS="60")
    done = script(name + ".py", "--help", env=environment)
    assert done.returncode == 0
    shown = done.stdout.split("options:")[-1].split("optional arguments:")[-1]
    flags = re.split(r"^  (?=-)", shown, flags=re.M)[1:]
    for flag in flags:
        words = " ".join(re.split(r"\n\S|\n\n", flag)[0].split())
        if not words.startswith("-h,"):
            required = words.split()[0] == {"train": "--model", "sample": "--run"}.get(name)
            assert required or "default: " in words or "; see " in words, words
    assert not re.search(r"\w-\n", done.stdout)       # no word is broken at its hyphen
    assert max(map(len, done.stdout.rstrip().splitlines()[:-1])) <= 60
    assert done.stdout.rstrip().splitlines()[-2] == "example:"
    assert done.stdout.rstrip().splitlines()[-1].startswith(f"  python scripts/{name}.py")


def test_help_names_every_model_and_its_numbers(script):
    done = script("train.py", "--help")
    assert done.returncode == 0
    for name, model in tf1gan.MODELS.items():
        assert f"{name} {model.defaults['batch_size']}" in " ".join(done.stdout.split())
