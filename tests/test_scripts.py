import json
import os
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest
from helpers import ROOT

import tf1gan
from tf1gan.cli import commands


@pytest.fixture(scope="module")
def said(tmp_path_factory, small_data):
    """(The folder in which train.py has trained a short run of gan, what it has said)."""
    folder = tmp_path_factory.mktemp("scripts")
    done = subprocess.run(
        [sys.executable, os.path.join(ROOT, "scripts", "train.py"), "--model", "gan", "--steps",
         "12", "--batch-size", "50", "--data-dir", small_data], cwd=str(folder), timeout=300,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True,
        env={key: value for key, value in os.environ.items() if not key.startswith("TF_")})
    assert done.returncode == 0, done.stderr
    return folder, done


@pytest.fixture
def run(said, tmp_path):
    """What train.py has said of a short run of gan, which stands in a folder of this test's."""
    shutil.copytree(str(said[0] / "logs"), str(tmp_path / "logs"))
    return said[1]


@pytest.mark.slow
def test_training_prints_the_run_its_values_and_variables_and_a_line_an_epoch(run):
    lines = run.stdout.splitlines()
    assert lines[0] == "Run: logs/gan"
    assert "  beta1          0.4" in lines
    assert any(line.split() == ["generator/fc_layer/dense/kernel", "100", "x", "128", "12800"]
               for line in lines)
    assert any(line.startswith("Epoch 1/2... Generator Loss: ") for line in lines)
    # No wall of warnings, and no progress bar where there is no terminal.
    assert [line for line in run.stderr.splitlines() if "not MNIST" not in line] == []


@pytest.mark.slow
def test_sampling_and_plotting_write_what_they_say(run, script, command, tmp_path):
    done = script("sample.py", "--run", "logs/gan", "-n", 25, "--out", "digits.png",
                  "--npz", "digits.npz", "--seed", 1)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "digits.png").read_bytes()[:4] == b"\x89PNG"
    images = np.load(str(tmp_path / "digits.npz"))["images"]
    assert images.shape == (25, 28, 28) and images.dtype == np.float32
    done = command("plot", "logs/gan", "--seed", 1)
    assert done.returncode == 0, done.stderr
    written = done.stdout.split()
    assert {os.path.basename(path) for path in written} == {
        "loss.png", "last.png", "evolution.png", "evolution.gif", "new.png", "new_4x10.png",
        "new_4x4.png"}
    assert all((tmp_path / path).is_file() for path in written)
    done = script("plot.py", "logs/gan", "--epoch", 2)
    assert done.stdout.strip() == os.path.join("logs/gan", "samples", "epoch_0002.png")


@pytest.mark.parametrize("arguments, words", [
    ("train --model biggan", "gan, dcgan"),
    ("train", "--model"),
    ("train --model gan --epochs 0", "--epochs"),
    ("train --model gan --steps -3", "--steps"),
    ("train --model gan --steps 3 --epochs 3", "--epochs and --steps"),
    ("train --model gan --batch-size many", "--batch-size"),
    ("train --model gan --batch-size 9999", "--batch-size"),
    ("train --model gan --rate 1.5", "--dropout"),
    ("train --model gan --channels 64", "--channels"),
    ("train --model gan --seed -1", "--seed"),
    ("train --model gan --save-every 0", "--save-every"),
    ("train --model gan --run a/b", "--run"),
    ("train --model gan --logdir a_file", "a_file"),
    ("train --model gan --data-dir a_file", "a_file"),
    ("sample --run logs/none", "logs/none"),
    ("sample --run . ", "no checkpoint"),
    ("sample --run logs/none -n 0", "-n"),
    ("sample --run logs/none --seed -1", "--seed"),
    ("plot logs/none", "logs/none"),
    ("plot logs/none --seed 4294967296", "--seed"),
    ("evaluate logs/none --seed -1", "--seed"),
    ("export logs/none", "--out FOLDER"),
    ("export logs/none --out a_file", "a_file"),
    ("export logs/none --out new", "logs/none"),
    ("train --model gan --recipe none", "--recipe"),
    ("benchmark --seconds nan", "--seconds"), ("benchmark --around --profile", "--profile"),
    ("benchmark --workers 2 --compare", "--compare"),
    ("benchmark --around --bfloat16", "--bfloat16"), ("benchmark --batch-size 8,x", "--batch-size"),
    ("benchmark --batch-size ,", "--batch-size"), ("benchmark --workers ,", "--workers"),
    ("benchmark --around --batch-size 8", "--batch-size"),
    ("benchmark --peers --compare", "--compare"), ("benchmark --peers --bfloat16", "--bfloat16"),
    ("benchmark --model gan --peers-python python", "--peers-python"),
    ("benchmark --peers --peers-python no_such_python", "no_such_python"),
    ("benchmark --distance 5", "--distance"), ("benchmark --minutes 0", "--minutes"),
    ("benchmark --time-to-digits --batch-size 8", "--batch-size"),
    ("benchmark --batch-size 1e3", "not '1e3'"), ("benchmark --workers 2,two", "not '2,two'"),
    ("benchmark --seconds 0 --workers 1", "--workers 2"), ("search nope --budget 1", "(MODEL)"),
])
def test_bad_input_is_one_line_and_status_2(command, tmp_path, small_data, arguments, words):
    (tmp_path / "a_file").write_text("")
    name, *arguments = arguments.split()
    if name == "train" and "--data-dir" not in arguments:
        arguments += ["--data-dir", small_data]
    done = command(name, *arguments)
    errors = [line for line in done.stderr.splitlines() if "not MNIST" not in line]
    assert done.returncode == 2 and len(errors) == 1 and words in errors[0], done.stderr
    assert done.stdout == ""
    assert not (tmp_path / "logs" / "gan" / "config.json").exists()


def test_the_module_speaks_by_its_own_name(tmp_path):
    done = subprocess.run([sys.executable, "-m", "tf1gan", "sample", "--run", "none"], cwd=ROOT,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
    assert done.returncode == 2 and done.stderr.startswith(
        b"tf1gan: there is no run or checkpoint none")


# Each of these is answered before TensorFlow loads, which takes seconds.
WITHOUT_TENSORFLOW = """
import io, json, os, signal, sys
sys.modules["tensorflow"] = None        # importing it fails
from tf1gan import cli
from tf1gan.cli import commands
answers = []
for line in json.load(sys.stdin):
    name, *arguments = line.split()
    sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
    sys.stdout.reconfigure = sys.stderr.reconfigure = lambda **_: None
    try:
        cli.run(name if name in commands.COMMANDS else None, arguments)
    except SystemExit as ended:
        answers.append([line, ended.code, sys.stdout.getvalue(), sys.stderr.getvalue()])
    signal.signal(signal.SIGINT, signal.default_int_handler)
print(json.dumps(answers), file=sys.__stdout__)
"""
WRONG = [
    "train --model gan --epohs 3", "train --model biggan", "train", "train --model gan --epochs 0",
    "train --model gan --steps 3 --epochs 3", "train --model gan --rate 1.5",
    "train --model gan --seed -1", "train --model gan --save-every 0",
    "train --model gan --run a/b", "train --model gan --loss hinge --smooth 0.1",
    "sample --run logs/none", "sample --rum logs/none", "sample --run . -n 0",
    "sample --run logs/none --model biggan", "plot logs/none", "plot --epoch x",
    "evaluate logs/none", "evaluate", "benchmark --model biggan", "stress --model biggan",
    "stress --kills many", "search biggan --budget 1", "search gan",
    "evaluate saved --samples 1", "evaluate saved --draws 0", "evaluate saved --model biggan",
    "evaluate saved --data-dir file", "sample saved --model biggan", "sample file -n 0",
    "sample file --seed -1", "sample file --out .", "sample none", "sample layers.json",
    "sample layers.json --weights none", "export saved --npz w.npz --model biggan",
    "convert none --out new", "convert layers.json --out new", "convert file --npz w --weights h",
    "convert file --out new --check none", "inspect file --graph full", "check none",
    "stress --kills 0", "stress --epochs 0", "stress --batch-size 0", "stress --data-dir file",
    "stress --workers 3", "train --model gan --data-dir file", "train --model gan --logdir file",
    "train --model gan --from none", "train --model gan --workers 3 --batch-size 64",
    "benchmark --data-dir file", "search gan --budget 1 --data-dir file",
    "report saved --data-dir file", "plot saved --data-dir file"]


def test_what_takes_no_tensorflow_is_answered_without_it(tmp_path):
    for name in ("file", "layers.json", "saved.index", os.path.join("full", "file")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")
    asked = WRONG + [name + " --help" for name in commands.COMMANDS]
    done = subprocess.run([sys.executable, "-c", WITHOUT_TENSORFLOW], input=json.dumps(asked),
                          cwd=str(tmp_path), env=dict(os.environ, PYTHONPATH=ROOT), timeout=60,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
    answers = json.loads(done.stdout)
    assert [line for line, _, _, _ in answers] == asked, done.stderr
    for line, status, out, err in answers:
        if line in WRONG:
            assert (status, out, len(err.splitlines())) == (2, "", 1), (line, out, err)
        else:
            assert status == 0 and out.startswith("usage: ") and err == "", line


@pytest.mark.slow
def test_the_run_says_how_to_watch_it_with_all_pictures_and_shows_its_own_length_only(run):
    assert "tensorboard --logdir logs --samples_per_plugin images=300" in run.stdout
    shown = [line.split()[0] for line in run.stdout.splitlines() if line.startswith("  ")]
    assert "iterations" in shown and "epochs" not in shown and "steps" not in shown


@pytest.mark.parametrize("name", ["train", "sample", "evaluate", "plot", "export", "benchmark",
                                  "stress", "search"])
def test_help_says_what_each_flag_does_and_its_default(script, name):
    environment = dict(os.environ, COLUMNS="60")
    done = script(name + ".py", "--help", env=environment)
    assert done.returncode == 0
    shown = done.stdout.split("options:")[-1].split("optional arguments:")[-1]
    flags = re.split(r"^  (?=-)", shown, flags=re.M)[1:]
    for flag in flags:
        words = " ".join(re.split(r"\n\S|\n\n", flag)[0].split())
        if not words.startswith("-h,"):
            required = words.split()[0] == {"train": "--model", "sample": "--run",
                                            "search": "--budget"}.get(name)
            assert required or "default: " in words or "; see " in words, words
    assert not re.search(r"\w-\n", done.stdout)       # no word is broken at its hyphen
    assert max(map(len, done.stdout.rstrip().splitlines()[:-1])) <= 60
    assert done.stdout.rstrip().splitlines()[-2] == "example:"
    assert done.stdout.rstrip().splitlines()[-1].startswith(f"  python scripts/{name}.py")


def test_help_names_every_model_and_its_numbers(command):
    done = command("train", "--help")
    assert done.returncode == 0
    for name, model in tf1gan.MODELS.items():
        assert f"{name} {model.defaults['batch_size']}" in " ".join(done.stdout.split())
