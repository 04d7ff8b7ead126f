"""What a file, a folder or an argument is called cannot steer a terminal, a page or a picture."""

import ast
import glob
import os
import re
import shutil

import numpy as np
import pytest
from helpers import ROOT

from tf1gan import console, plots, restoring, runs, summaries
from tf1gan.cli import commands
from tf1gan.compat import tf
from tf1gan.report import page

# Colours, the bell, a line written over, C1's own CSI, text that runs backwards, other line ends.
ESCAPES = "\x1b[31m\x07\x08\r\x9b2J\u202e\u2066\u2028\x85\x00\ud800"
NAME = "a\x1b[31m\x07\r\x9b2J\u202e\nb\udcff"       # which a folder can have

SAYING = ("say", "complain", "give_up", "append", "UserError", "WriteError")


def shows(text):
    """Whether a text has nothing but characters that show, in lines."""
    return all(line.isprintable() for line in text.split("\n"))


def test_a_text_is_shown_with_its_escapes_spelled_out():
    assert console.plain("zahlen-ü-数 $x^2$ 'q'") == "zahlen-ü-数 $x^2$ 'q'"
    assert console.plain("\x1b[31m\na\x9b\u202e\udcff\0") == "\\x1b[31m\\na\\x9b\\u202e\\udcff\\x00"
    assert shows(console.plain(ESCAPES)) and console.plain(3.5) == "3.5"


def test_what_is_said_and_complained_of_is_one_line_each(capsys):
    console.say("one\ntwo" + ESCAPES, "three")
    console.complain("four" + ESCAPES)
    console.complain("five" * 10000 + "the remedy")
    done = capsys.readouterr()
    assert shows(done.out) and done.out.count("\n") == 2 and done.out.startswith("one\\ntwo\\x1b")
    assert shows(done.err) and done.err.startswith("four\\x1b[31m")
    assert len(done.err) < 3000 and done.err.endswith("the remedy\n")


@pytest.mark.parametrize("name", list(commands.COMMANDS))
def test_an_argument_is_quoted_as_it_is_spelled(command, name):
    for arguments in (["--none" + ESCAPES], ["--seed", ESCAPES], ["--run", ESCAPES, ESCAPES]):
        done = command(name, *arguments)
        assert done.returncode == 2 and shows(done.stderr), done.stderr
        assert len(done.stderr.splitlines()) == 1
    done = command(name, "--help")
    assert done.returncode == 0 and shows(done.stdout)


@pytest.mark.parametrize("name, arguments", [
    ("train", ["--model", "gan", "--logdir", NAME, "--data-dir", "small", "--steps", 1,
               "--batch-size", 50, "--n-sample", 4]),
    ("sample", ["--run", NAME, "-n", 2, "--out", NAME + "1.png", "--npz", NAME + "2.npz"]),
    ("plot", [NAME]), ("plot", [NAME, "--epoch", 1]),
    ("export", [NAME, "--npz", NAME + "3.npz"]),
    ("report", [NAME, "--no-live", "--out", NAME + ".html", "--data-dir", NAME]),
    ("inspect_checkpoint", [NAME])])
def test_a_folder_may_be_called_anything_and_says_it_in_a_line(
        command, trained, tmp_path, small_data, name, arguments):
    (tmp_path / "small").symlink_to(small_data)
    if name != "train":
        shutil.copytree(trained("gan"), os.path.join(str(tmp_path), NAME))
    done = command(name, *arguments)
    assert shows(done.stdout) and shows(done.stderr), done
    assert "a\\x1b[31m\\x07" in done.stdout + done.stderr
    # TensorFlow's file names must be UTF-8.
    assert done.returncode == (2 if name == "train" else 0), done.stderr
    for arguments in (["--run", "none" + NAME], ["none" + NAME]):
        done = command(name, *arguments)
        assert done.returncode == 2 and shows(done.stderr)
        assert len(done.stderr.strip().split("\n")) == 1


def test_names_in_a_checkpoint_are_shown_as_they_are_spelled(command, tmp_path):
    hostile = ESCAPES.replace("\x00", "").replace("\ud800", "")     # which no checkpoint can have
    with tf.Graph().as_default(), tf.Session() as session:
        variable = tf.get_variable("v", [2, 3], initializer=tf.zeros_initializer())
        session.run(variable.initializer)
        saver = tf.train.Saver({"generator/" + hostile: variable})
        saver.save(session, str(tmp_path / "model.ckpt"), global_step=1)
    done = command("inspect_checkpoint", tmp_path)
    assert done.returncode == 0 and shows(done.stdout), done
    assert "  generator/\\x1b[31m\\x07\\x08\\r\\x9b2J\\u202e" in done.stdout
    done = command("sample", "--run", tmp_path, "--model", "gan")
    assert done.returncode == 2 and shows(done.stderr)


def test_names_in_an_hdf5_file_are_shown_as_they_are_spelled(command, tmp_path):
    h5py = pytest.importorskip("h5py")
    hostile = "\x1b[31m\x07\r\x9b2J\u202e\n"
    path = str(tmp_path / "weights.h5")
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"], file.attrs["layer_names"] = hostile, [hostile.encode()]
        group = file.create_group(hostile)
        group.attrs["weight_names"] = [b"kernel" + hostile.encode()]
        group.create_dataset("kernel" + hostile, data=np.zeros((2, 3), np.float32))
    done = command("inspect_checkpoint", path)
    assert done.returncode == 0 and shows(done.stdout), done
    assert "HDF5 of Keras \\x1b[31m" in done.stdout and len(restoring.inspect(path)) == len(
        done.stdout.splitlines())


def test_what_config_json_says_is_shown_as_it_is_spelled(command, trained, tmp_path, small_data):
    folder = shutil.copytree(trained("gan"), str(tmp_path / "logs" / "gan"))
    config = runs.read_config(folder)
    train = ["train", "--model", "gan", "--data-dir", small_data, "--batch-size", 22]
    for changed in (dict(config, data=ESCAPES), dict(config, model=ESCAPES), dict(
            config, hyperparameters=dict(config["hyperparameters"], **{ESCAPES: 1})), dict(
            config, **{"from": [ESCAPES]})):
        runs.write_json(folder, runs.CONFIG, changed)
        done = command(*train)
        assert done.returncode == 2 and shows(done.stderr) and "\\x1b" in done.stderr, done


def test_a_run_of_any_name_has_a_title_a_text_and_a_page():
    figure = plots.loss_figure([[1.0, 2.0]] * 3, 1, "$x^2$" + ESCAPES)
    title = figure.axes[0].get_title()
    assert shows(title) and r"\$x^2\$\x1b[31m" in title
    plots.loss_curves([[1.0, 2.0]] * 3, 1, "$\\frac" + NAME)
    hostile = "a|b\n[c](http://d) ![e](f) <img src=x> `g` *h* &lt;" + ESCAPES
    about = summaries.about([("from", hostile)], {"from": hostile})
    table = about[0].value[0].tensor.string_val[0].decode()
    rows = table.split("\n")
    assert len(rows) == 3 and rows[2].count("|") == 3 and shows(table)
    assert not set("[]<>`*!") & set(rows[2])
    assert b"\x1b[31m" not in about[2].SerializeToString()     # of a time, a byte may be 0x1b
    written = page.fill(NAME, {"name": NAME + "</script>"}).decode()
    assert "\x1b" not in written and "a\\\\x1b[31m" in written and "\u202e" not in written


def test_no_line_that_is_said_has_a_placeholder_that_nothing_fills():
    """An f that is missing before one part of a text shows in no other test."""
    left = []
    for path in glob.glob(os.path.join(ROOT, "tf1gan", "**", "*.py"), recursive=True):
        with open(path, encoding="utf-8") as file:
            tree = ast.parse(file.read())
        said = [node for node in ast.walk(tree) if isinstance(node, ast.Raise)
                or isinstance(node, ast.Call) and getattr(
                    node.func, "attr", getattr(node.func, "id", "")) in SAYING]
        left += [f"{path}:{part.lineno} {part.value}" for node in said for part in ast.walk(node)
                 if isinstance(part, ast.Constant) and isinstance(part.value, str)
                 and re.search(r"\{[a-z_]+[^{} ]*\}", part.value)]
    assert not left
