"""Small models' iterations are a loop or compiled: who decides, and that a run keeps to it."""

import contextlib
import io
import itertools
import json
import os
import subprocess
import sys
import time
from types import SimpleNamespace

import numpy as np
import pytest
from test_speed import printed

from tf1gan import models, process, runs, training
from tf1gan.compat import compiles, tf
from tf1gan.errors import UserError
from tf1gan.lab import arithmetic, sides, speed
from tf1gan.runs.comparison import compare
from tf1gan.training import session_config, ways

RATES = {"loop": 100.0, "compiled": 130.0}
LONG = 20000        # ways.LONG, which tests do without
pytestmark = pytest.mark.skipif(not compiles(), reason="takes a TensorFlow that compiles")


@pytest.fixture
def measured(monkeypatch, tmp_path):
    """The list of what is measured, and the file in which that is kept."""
    found = []
    monkeypatch.setenv("TF1GAN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(ways, "measure", lambda settings: found.append(settings) or RATES)
    return found, tmp_path / "cache" / "ways.json"


def way_of(model="gan", length=10 ** 10, known=None, way=None, **hyperparameters):
    return ways.of_run(models.resolve(model, hyperparameters), training.Options(way=way), length,
                       known)


def test_a_long_run_takes_the_faster_way_which_is_measured_once(measured, capsys):
    found, path = measured
    assert [way_of(), way_of()] == ["compiled"] * 2 and len(found) == 1
    assert "compiled (loop 100 it/s, compiled 130 it/s" in capsys.readouterr().out
    way_of(batch_size=32)
    assert len(found) == 2 and len(json.loads(path.read_text())) == 2
    RATES["loop"] = 200.0
    try:
        assert way_of("xavier_gan") == "loop"
    finally:
        RATES["loop"] = 100.0


def test_whatever_may_decide_which_way_is_faster_is_measured_by_itself(measured, monkeypatch):
    """A choice for other work, or of another machine or TensorFlow, is not taken over."""
    found, _ = measured
    asked = [{}, {"batch_size": 32}, {"g_steps": 2}, {"d_steps": 2}, {"loss": "lsgan"},
             {"gradient_penalty": 1.0}, {"ema": 0.9}, {"optimizer": "nesterov"}, {"dropout": 0.0}]
    for number, hyperparameters in enumerate(asked, 1):
        assert way_of(**hyperparameters) == "compiled" and len(found) == number, hyperparameters
    way_of(learning_rate=0.1, label_smoothing=0.1, beta1=0.9, alpha=0.1)
    assert len(found) == len(asked)
    for owner, name, other in ((session_config, "processor", lambda: "Another"),
                               (process, "cores", lambda: 1000),
                               (ways.tf, "__version__", "9.9")):
        with monkeypatch.context() as patched:
            patched.setattr(owner, name, other)
            before = len(found)
            assert way_of() == "compiled" and len(found) == before + 1, name
    way_of()
    assert len(found) == len(asked) + 3


@pytest.mark.parametrize("content", ["[", "{\"a\": {\"way\": \"fast\", \"rates\": {}}}", "[1]"])
def test_what_is_kept_and_cannot_be_read_is_measured_again(measured, capsys, content):
    found, path = measured
    path.parent.mkdir()
    path.write_text(content)
    assert way_of() == "compiled" and len(found) == 1
    assert f"{path} is not read" in capsys.readouterr().out
    assert way_of() == "compiled" and len(found) == 1


def test_what_cannot_be_kept_is_said(measured, capsys):
    found, path = measured
    path.parent.write_text("a file")
    assert way_of() == "compiled"
    said = capsys.readouterr().out
    assert "not kept (" in said and "the same command may choose otherwise" in said


def test_nothing_is_measured_where_nothing_is_chosen(measured):
    assert way_of(length=10 ** 9) == "loop"
    assert way_of("dcgan") == "loop"
    assert way_of(way="loop") == "loop"
    assert way_of(length=1, way="compiled") == "compiled"
    assert way_of(known={"way": "compiled"}) == "compiled"
    assert way_of(known={}) == way_of(known={}, way="loop") == "loop"       # as all runs were
    assert not measured[0]
    with pytest.raises(UserError, match="config.json says that its way is 'fast'"):
        way_of(known={"way": "fast"})


def test_a_run_has_one_way_from_its_beginning_to_its_end(measured):
    for there, here in (("loop", "compiled"), ("compiled", "loop")):
        with pytest.raises(UserError, match=f"another --way \\({there} there, {here} here\\)"):
            way_of(known={"way": there}, way=here)
    with pytest.raises(UserError, match="loop there, compiled here"):
        way_of(known={}, way="compiled")


def test_what_is_no_faster_by_more_than_chance_is_a_loop(measured, monkeypatch):
    monkeypatch.setitem(RATES, "loop", 125.0)
    assert way_of() == "loop"
    monkeypatch.setitem(RATES, "loop", 120.0)
    assert way_of(batch_size=32) == "compiled"


def test_what_others_have_measured_meanwhile_stays_and_decides(measured, monkeypatch, capsys):
    _, path = measured

    def meanwhile(settings):
        kept = json.loads(path.read_text()) if path.exists() else {"another": dict(
            way="loop", rates={"loop": 1.0})}
        kept.update({ways._key(settings): {"way": "loop", "rates": {"loop": 9.0}}})
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(kept))
        return RATES
    monkeypatch.setattr(ways, "measure", meanwhile)
    assert way_of() == "loop" and "loop 9 it/s" in capsys.readouterr().out
    assert len(json.loads(path.read_text())) == 2


def test_the_benchmark_says_which_way_it_measures(measured, command, monkeypatch, small_data):
    asked = []

    def measure(*_, **options):
        asked.append(options["way"])
        return [speed.Measured([1.0], 0.0, 0.0)]
    monkeypatch.setattr(ways, "LONG", LONG)
    monkeypatch.setattr(speed, "measure", measure)
    monkeypatch.setattr(speed, "peak", lambda *_: 1e9)
    flags = ["benchmark", "--model", "gan", "--batch-size", 50, "--data-dir", small_data]
    done = command(*flags)
    assert "Iterations of gan: compiled (loop 100 it/s, compiled 130 it/s" in done.stdout
    command(*flags, "--way", "loop")
    assert asked == ["compiled", "loop"]


def test_the_benchmark_measures_the_ways_and_batches_that_are_asked_for(
        measured, command, monkeypatch, small_data):
    """Beside a model's own batch, others are loops, and measured once."""
    def measure(name, _, compare, seconds, rounds=5, **options):
        asked.append((compare, rounds, options.pop("batch_size"), options.pop("way"), options))
        return [speed.Measured([4.0, 8.0, 6.0], 30.0, 1.5),
                speed.Measured([2.0, 1.0, 4.0], 20.0, 9.0),
                speed.Measured([1.0, 1.0, 1.0], 0.0, 0.0)][:3 if compare else 1]
    asked = []
    monkeypatch.setattr(ways, "LONG", LONG)
    monkeypatch.setattr(speed, "measure", measure)
    monkeypatch.setattr(speed, "peak", lambda *_: 1e10)
    flags = ["benchmark", "--model", "gan", "--data-dir", small_data]
    command(*flags)
    command(*flags, "--bfloat16", "--batch-size", 32)
    done = command(*flags, "--compare", "--batch-size", 50)
    assert done.returncode == 0, done.stderr
    assert asked == [(False, 5, 64, "compiled", {}), (False, 1, 16, "loop", {}),
                     (False, 1, 256, "loop", {}), (False, 1, 32, "loop", {"bfloat16": True}),
                     (True, 5, 50, "compiled", {})]
    _, row = printed(done.stdout)
    assert [row[column] for column in (
        "model", "tutorial's loop, it/s", "tf1gan, it/s", "ratio", "in each round",
        "ratio, two calls", "memory", "first iteration, s")] == [
            "`gan` at 50", "2", "6", "3.00", "2.00, 8.00, 1.50", "6.00", "1.50", "1.5"]
    arithmetic_done = 6 * arithmetic.iteration_flop("gan", 50) / 1e9
    assert row["GFLOP/s"] == f"{arithmetic_done:.0f}"
    assert row["of the peak"] == f"{10 * arithmetic_done:.0f} %"


class Alone(contextlib.ExitStack):
    """What takes turns in a benchmark, without a process."""
    start = 0.0

    def __init__(self, side, *arguments):
        super().__init__()
        side(*arguments)

    def iterations(self, _):
        return 1
    memory, rate = lambda self: 0.0, iterations


@pytest.mark.parametrize("model, compare, sides_of", [
    ("gan", True, ["tf1gan", "one run"]), ("xavier_gan", False, ["tf1gan"]),
    ("xavier_gan", True, ["tf1gan", "one run", "two runs"])])
def test_beside_a_tutorials_loop_of_one_run_there_is_one_of_two(
        model, compare, sides_of, monkeypatch):
    made = []
    monkeypatch.setattr(speed, "Trainer", Alone)
    monkeypatch.setattr(speed, "training_side", lambda *_: made.append("tf1gan"))
    monkeypatch.setattr(speed, "document_side", lambda *_, apart=False: made.append(
        "two runs" if apart else "one run"))
    assert len(speed.measure(model, "", compare)) == len(sides_of) and made == sides_of


@pytest.mark.parametrize("way", models.WAYS)
def test_a_side_of_the_benchmark_trains_the_way_that_it_is_given(way, small_data):
    with sides.side("gan", small_data, {"batch_size": 50, "way": way}) as (train, run, _):
        train(2)
        assert run.config.get("way", "loop") == way


def test_a_way_that_is_not_to_be_had_is_refused(measured, command):
    done = command("train", "--way", "compiled", "--model", "dcgan")
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert "way (--way) cannot be compiled for dcgan: leave it out" in done.stderr
    with pytest.raises(UserError, match="compiled with --bfloat16"):
        way_of(way="compiled", bfloat16=True)
    with pytest.raises(UserError, match="one of loop, compiled"):
        training.ask("gan", training.Options(way="fast"))


def test_where_a_runs_way_is_no_longer_to_be_had_it_goes_on_as_a_loop(
        measured, monkeypatch, capsys):
    compiled, two = {"way": "compiled"}, SimpleNamespace(size=2)

    def of_two_workers(**known):
        return ways.of_run(models.resolve("gan", {}), training.Options(strategy=two), 10 ** 10,
                           **known)
    assert of_two_workers(known=None) == "loop" and not capsys.readouterr().out
    assert of_two_workers(known=compiled) == "loop"
    assert "were compiled, which is not possible with several workers" in capsys.readouterr().out
    with pytest.raises(UserError, match="compiled with several workers"):
        ways.check(models.resolve("gan", {}), training.Options(strategy=two, way="compiled"))
    monkeypatch.setattr(ways, "compiles", lambda: False)
    assert way_of(known=compiled) == way_of() == "loop" and not measured[0]
    assert "which is not possible by TensorFlow" in capsys.readouterr().out


@pytest.mark.parametrize("way", models.WAYS)
def test_what_is_measured_is_the_way_and_the_work_that_are_asked_for(way, monkeypatch, capsys):
    """With the threads that such a run has, by a clock of one second a look."""
    def kept(config):
        configs.append(config)

    def building(*arguments, **options):
        built.append(build(*arguments, **options))
        return built[0]
    configs, built, build = [], [], ways.build_from
    monkeypatch.setattr(ways, "open_first_session", kept)
    monkeypatch.setattr(ways, "build_from", building)
    monkeypatch.setattr(ways, "time", SimpleNamespace(perf_counter=itertools.count().__next__))
    settings = models.resolve("gan", {"batch_size": 4, "g_steps": 2})
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(
        {"model": "gan", "hyperparameters": settings.asked, "way": way}) + "\n0.001\n"))
    ways.serve()
    assert capsys.readouterr().out.split() == ["10.0"] * 2      # 20 iterations, and two looks
    graph, = built
    assert graph.many.x_real.shape[1] == 4 and graph.many.z_noise.shape[1] == 8
    compiled = {name for op in graph.x_real.graph.get_operations() for name in op.node_def.attr
                if "XlaMustCompile" in name and op.node_def.attr[name].b}
    assert bool(compiled) == (way == "compiled")
    assert [config.intra_op_parallelism_threads for config in configs] == [
        1 if way == "loop" else 0]


@pytest.mark.parametrize("broken", ["no first line", "ends later"])
def test_a_way_that_does_not_work_here_is_not_chosen(broken, monkeypatch, tmp_path):
    """The process of the compiled one ends before its first iterations, or after them.

    The rate of the other is the median of its rounds.
    """
    worker = tmp_path / "worker.py"
    worker.write_text(
        "import json, sys\n"
        "asked = json.loads(sys.stdin.readline())\n"
        "assert asked['model'] == 'gan' and asked['hyperparameters']['batch_size'] == 32\n"
        f"if asked['way'] == 'compiled' and {broken == 'no first line'}: sys.exit()\n"
        "print(100.0, flush=True)\n"
        "for line, rate in zip(sys.stdin, [1.0, 2.0, 3.0, 4.0, 0.5]):\n"
        "    if asked['way'] == 'compiled': sys.exit()\n"
        "    print(rate, flush=True)\n")
    monkeypatch.setattr(ways, "_SERVE", f"exec(open({str(worker)!r}).read())")
    assert ways.measure(models.resolve("gan", {"batch_size": 32})) == {"loop": 2.0}


def test_without_another_process_iterations_are_a_loop(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("TF1GAN_CACHE", str(tmp_path))
    for python in ("/bin/false", str(tmp_path / "nothing")):
        monkeypatch.setattr(sys, "executable", python)
        assert way_of() == "loop"
        assert "could not be measured" in capsys.readouterr().out
    assert not os.listdir(str(tmp_path))


def test_with_several_updates_both_ways_have_the_same_powers_of_adam(train):
    folders = [train(run=way, steps=9, way=way, d_steps=3, g_steps=2, dropout=0.0)
               for way in models.WAYS]
    losses = [runs.read_history(folder)[0] for folder in folders]
    assert np.allclose(*losses, rtol=1e-4)
    powers = []
    for folder in folders:
        reader = tf.train.load_checkpoint(runs.checkpoints(folder)[-1])
        powers.append({name: reader.get_tensor(name)
                       for name in reader.get_variable_to_shape_map() if "_power" in name})
    assert len(powers[0]) == 4 and powers[0] == powers[1]


@pytest.mark.slow
def test_what_measures_ends_with_what_has_started_it(tmp_path):
    """Even where that is killed and can end nothing."""
    at = tmp_path / "pid"
    serve = ("import os; from tf1gan.training import ways; "
             f"open({str(at)!r}, 'w').write(str(os.getpid())); ways.serve()")
    parent = subprocess.Popen([sys.executable, "-c", (
        "import time\nfrom tf1gan import models\nfrom tf1gan.training import ways\n"
        f"ways._SERVE = {serve!r}\n"
        "with ways._side(models.resolve('gan', {}), 'loop'): time.sleep(60)")],
        env=process.of_another_python())
    try:
        soon(lambda: at.exists() and at.read_text())
        assert is_running(int(at.read_text()))
    finally:
        parent.kill()
        parent.wait()
    assert soon(lambda: not is_running(int(at.read_text())))


def soon(is_so, seconds=20):
    """Whether something is so within some seconds."""
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:
        time.sleep(0.05)
    return is_so()


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.slow
def test_both_ways_are_measured(monkeypatch, forked):
    monkeypatch.setattr(sys, "executable", forked)
    found = ways.measure(models.resolve("gan", {"batch_size": 4}), rounds=1, seconds=0.01)
    assert list(found) == ["loop", "compiled"] and all(rate > 0 for rate in found.values())


def test_a_compiled_run_that_is_continued_stays_compiled_and_the_same(train):
    whole = train(run="whole", steps=7, way="compiled")
    train(run="parts", steps=3, way="compiled")
    parts = train(run="parts", steps=7)
    assert compare(whole, parts) == []
    assert runs.read_config(parts)["way"] == "compiled"
    loop = train(run="loop", steps=7)
    assert runs.read_config(loop)["way"] == "loop"
    losses = [runs.read_history(folder)[0] for folder in (whole, loop)]
    assert np.allclose(*losses, rtol=1e-3)
    assert runs.LOSSES in compare(whole, loop)      # one was compiled, and rounds differently
