"""What a user's terminal does to the scripts: Ctrl-C, closed and full streams, other encodings."""

import contextlib
import errno
import io
import os
import signal
import subprocess
import sys

import pytest
from google.protobuf import message
from helpers import ROOT

from tf1gan import compat, run_plots, runs, training
from tf1gan.cli import commands
from tf1gan.compat import tf

# Names each module once it is loaded, and sends Ctrl-C before the first of TensorFlow's.
INTERRUPTED = """
import os, signal, sys
class Finder:
    def find_spec(self, name, *_):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
signal.signal(signal.SIGINT, signal.default_int_handler)    # as in the foreground
sys.argv = [{script!r}] + {flags!r}
sys.path.insert(0, os.path.dirname({script!r}))
__file__ = {script!r}
exec(compile(open({script!r}).read(), {script!r}, "exec"))
"""


SCRIPTS = os.path.join(ROOT, "scripts")


def shell(command, tmp_path, **environment):
    return subprocess.run(["bash", "-c", command, sys.executable], cwd=str(tmp_path), timeout=120,
                          env=dict(os.environ, **environment), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)


def train_command(small_data, *flags):
    return '"$0" "%s" --model gan --batch-size 50 --data-dir "%s" %s' % (
        os.path.join(ROOT, "scripts", "train.py"), small_data, " ".join(flags))


@pytest.mark.parametrize("script, flags, module, said", [
    ("scripts/train.py", ["--model", "gan"], "tensorflow", b"Interrupted.\n"),
    ("scripts/sample.py", ["--help"], "numpy", b"Interrupted.\n"),
    ("scripts/stress.py", [], "tensorflow", b"Interrupted.\n")] + [
    (script, [], "argparse", b"") for script in
    [f"scripts/{name}.py" for name in commands.COMMANDS] + ["tf1gan/__main__.py"]])
def test_an_interrupt_while_modules_are_loaded_is_a_line_at_most(
        tmp_path, script, flags, module, said):
    code = INTERRUPTED.format(script=os.path.join(ROOT, script), flags=flags, module=module)
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=120, cwd=str(tmp_path),
                          env=dict(os.environ, PYTHONPATH=ROOT))
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", said)
    assert os.listdir(str(tmp_path)) == []


def test_a_finished_run_that_is_interrupted_while_it_draws_is_finished(
        tmp_path, small_data, monkeypatch, capsys):
    def draw(*arguments):
        os.kill(os.getpid(), signal.SIGINT)
        return drawn(*arguments)
    drawn = run_plots.plot_history
    monkeypatch.setattr(run_plots, "plot_history", draw)
    folder, received = training.train("gan", training.Options(
        logdir=str(tmp_path), data_dir=small_data), steps=3, batch_size=50)
    assert received == signal.SIGINT
    said = capsys.readouterr().out
    assert "Trained for 3 iterations." in said and "Stopped" not in said
    assert os.path.isfile(os.path.join(folder, "loss.png"))


@pytest.mark.slow
def test_closed_streams_do_not_end_up_in_files(tmp_path, small_data):
    """Else the first file that is opened takes the number of one, and gets what is printed."""
    command = train_command(small_data, "--epochs", "2")
    done = shell(command + " <&- >&- 2>&-", tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    folder = str(tmp_path / "logs" / "gan")
    assert [runs.step_of(path) for path in runs.checkpoints(folder)] == [11, 22]
    assert os.path.getsize(os.path.join(folder, runs.LOCK)) == 0
    sample = '"$0" "%s" --run logs/gan' % os.path.join(ROOT, "scripts", "sample.py")
    assert shell(sample + " >&- 2>&-", tmp_path).returncode == 0
    refused = shell(sample + "x >&-", tmp_path)
    assert refused.returncode == 2 and len(refused.stderr.splitlines()) == 1


FULL = "/dev/full"


@pytest.mark.skipif(not os.path.exists(FULL), reason="there is no /dev/full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_an_output_that_is_full_ends_in_a_line(tmp_path, unbuffered):
    picture = tmp_path / "run" / "samples" / "epoch_0001.png"
    os.makedirs(str(picture.parent))
    picture.write_bytes(b"")
    (tmp_path / "run" / "config.json").write_text(
        '{"model": "gan", "hyperparameters": {}, "iterations": 2, "iterations_per_epoch": 2}')
    command = f'"$0" "{SCRIPTS}/plot.py" run --epoch 1 >{FULL}'
    done = shell(command, tmp_path, PYTHONUNBUFFERED=unbuffered)
    lines = done.stderr.decode().splitlines()
    assert done.returncode == 2 and len(lines) == 1 and "cannot write the output" in lines[0]
    done = shell(command + f" 2>{FULL}", tmp_path, PYTHONUNBUFFERED=unbuffered)
    assert done.returncode == 2
    done = shell(f'"$0" "{SCRIPTS}/train.py" --help >{FULL}', tmp_path,
                 PYTHONUNBUFFERED=unbuffered)
    assert done.returncode == 2 and b"cannot write the output" in done.stderr


@pytest.mark.parametrize("command", [
    "train.py --model gan", "sample.py --run run", "plot.py run", "report.py run --out page.html"])
def test_a_tensorflow_that_cannot_be_loaded_is_told_in_a_line(tmp_path, trained, command):
    (tmp_path / "lacking" / "tensorflow").mkdir(parents=True)
    (tmp_path / "lacking" / "tensorflow" / "__init__.py").write_text("raise ImportError('none')")
    (tmp_path / "run").symlink_to(trained("gan"))
    done = shell(f'"$0" "{SCRIPTS}"/{command}', tmp_path, PYTHONPATH=str(tmp_path / "lacking"))
    assert done.returncode == 2, done.stderr
    script = command.split()[0]
    assert done.stderr.decode().splitlines() == [
        f"{script}: TensorFlow cannot be loaded (none): pip install -r requirements.txt"]


@pytest.mark.skipif(not os.path.exists(FULL), reason="there is no /dev/full")
@pytest.mark.parametrize("streams", [["stdout"], ["stdout", "stderr"]])
@pytest.mark.parametrize("unbuffered", [False, True])
def test_training_whose_output_is_full_ends_in_a_line(
        command, small_data, monkeypatch, streams, unbuffered):
    opened = []
    with monkeypatch.context() as patched:
        for name in streams:
            file = io.FileIO(FULL, "w")
            opened.append(io.TextIOWrapper(file if unbuffered else io.BufferedWriter(file),
                                           write_through=unbuffered))
            patched.setattr(sys, name, opened[-1])
        done = command("train", "--model", "gan", "--batch-size", 50, "--data-dir", small_data,
                       "--steps", 3)
    for stream in opened:
        with contextlib.suppress(OSError):
            stream.close()
    lines = [line for line in done.stderr.splitlines() if "not MNIST" not in line]
    assert done.returncode == 2
    if streams == ["stdout"]:
        assert len(lines) == 1 and "cannot write the output" in lines[0]


def test_a_path_outside_the_terminals_encoding_is_printed_in_its_letters(
        command, small_data, monkeypatch):
    def said(*flags):
        streams = [io.TextIOWrapper(io.BytesIO(), "ascii") for _ in range(2)]
        with monkeypatch.context() as patched:
            for name, stream in zip(("stdout", "stderr"), streams):
                patched.setattr(sys, name, stream)
            done = command("train", "--model", "gan", "--batch-size", 50, "--data-dir", small_data,
                           "--logdir", "zahlen-ü-数", *flags)
        for stream in streams:
            stream.flush()
        return [done.returncode] + [stream.buffer.getvalue() for stream in streams]
    status, out, err = said("--steps", 1)
    assert status == 0, err
    assert b"Run: zahlen-\\xfc-\\u6570/gan" in out
    status, out, err = said("--seed", 1, "--steps", 2)
    assert status == 2 and len(err.splitlines()) == 2


@pytest.mark.parametrize("error", [
    MemoryError(), OSError(errno.ENOMEM, "Cannot allocate memory"),
    tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor"),
    message.DecodeError("Error parsing message with type 'tensorflow.NodeDef': Arena alloc failed"),
    RuntimeError("can't start new thread")], ids=lambda error: type(error).__name__)
def test_memory_that_does_not_suffice_is_told_in_a_line(command, monkeypatch, error):
    def carry_out(*_, **__):
        raise error
    monkeypatch.setattr(training, "carry_out", carry_out)
    done = command("train", "--model", "gan")
    assert done.returncode == 2
    line, = done.stderr.splitlines()
    assert line.startswith("train.py: there is not enough memory")


# Says what ended it in the file that it is given, and to its terminal.
SIGNALLED = """
import os, signal, sys, time
from tf1gan import process
with process.signals() as received:
    print("ready", flush=True)
    for number in sys.argv[2:]:
        os.kill(os.getpid(), int(number))
    while not received:
        time.sleep(0.01)
    print("saved", flush=True)
    with open(sys.argv[1], "w") as file:
        file.write(" ".join(str(int(number)) for number in received))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no terminal hangs up there")
def test_a_terminal_that_is_closed_asks_a_run_to_save_and_takes_nothing_more(tmp_path):
    import fcntl
    import pty
    import termios
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", SIGNALLED, str(tmp_path / "ended")], stdin=theirs, stdout=theirs,
        stderr=theirs, start_new_session=True, env=dict(os.environ, PYTHONPATH=ROOT),
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
    os.close(theirs)
    assert os.read(ours, 5) == b"ready"
    os.close(ours)
    assert process.wait(30) == 0
    assert (tmp_path / "ended").read_text() == str(int(signal.SIGTERM))


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no nohup there")
def test_signals_that_a_run_was_started_to_ignore_stay_ignored(tmp_path):
    sent = " ".join(str(int(number)) for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM))
    done = shell(f"trap '' HUP INT; \"$0\" -c '{SIGNALLED}' ended {sent}", tmp_path,
                 PYTHONPATH=ROOT)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "ended").read_text() == str(int(signal.SIGTERM))


def test_what_tensorflow_says_at_its_first_run_is_not_shown(capfd, monkeypatch):
    def noisy():
        os.write(2, b"a pass is not enabled\n")
        ran.append(True)
        return 0
    ran = []
    monkeypatch.setattr(compat, "_QUIET", True)
    monkeypatch.setattr(tf, "no_op", lambda: tf.py_func(noisy, [], tf.int64))
    compat.open_first_session()
    assert ran and capfd.readouterr().err == ""
