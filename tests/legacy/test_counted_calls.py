"""After each call the next seed is derived from as many operations as on 1.15.5, or that is said.

All calls are compared by compare_calls.py; here is one of some functions, and of more where there
is time, with what it kept of 1.15.5, and of a few where a Python with 1.15.5 is found.
"""

import json
import os
import stat
import sys
import zlib

import compare_calls
import pytest

FUNCTIONS = compare_calls.by_function()
# Single calls that differ or fail here.
KNOWN = dict.fromkeys((
    # Graphs of whole numbers that 1.15.5 built, and no processor computed.
    "tf.acos(i(2,3))", "tf.asin(i(2,3))", "tf.atan(i(2,3))", "tf.tan(i(2,3))",
    # As the indices have no batch, which 1.15.5 saw when it ran.
    "tf.gather(f(4,6), i(), batch_dims=1)", "tf.gather(f(4,6), 1, batch_dims=1)",
    # A gradient of a variable itself beside that of its gradient.
    "tf.train.AdamOptimizer().compute_gradients(loss('resource'), grad_loss=f())"))


def one_of_each(every, of_images=0):
    """Every so many functions, and one call of each, always the same: not only the plainest."""
    return {name: [calls[zlib.crc32(name.encode()) % len(calls)]]
            for place, (name, calls) in enumerate(FUNCTIONS.items())
            if place % (of_images if of_images and name.startswith("tf.image.") else every) == 0}


# Of functions that `one_of_each` leaves to compare_calls.py.
MORE = {"tf.layers.conv2d_transpose": ["data_format='channels_first'"],
        "tf.signal.linear_to_mel_weight_matrix": ["()", "num_spectrogram_bins=20"],
        "applied": ["experimental.enumerate_dataset", "experimental.parallel_interleave",
                    "experimental.choose_from", "[.3, .7]", "experimental.copy_to_device",
                    "num_parallel_calls=2)", "experimental.make_csv_dataset", "label_key='b')",
                    "label_key='b', shuffle=False", "[x], [3])).batch(2)"],
        "looked": ["fit(data.repeat(), steps_per_epoch=2, verbose=0", "predict(data"],
        "ragged": ["to_tensor", "_sum(", "tf.concat", "tf.gather(", "splits([1, 2]", "ngrams",
                   "from_tensors"]}


def test_calls_that_once_differed_count_as_on_1_15_5_or_are_said(forked):
    found = {name: [[call for call in FUNCTIONS[name] if word in call][:2] for word in words]
             for name, words in MORE.items()}
    assert all(map(all, found.values()))
    functions = {name: sum(calls, []) for name, calls in found.items()}
    found, lines = differing(forked, functions, compare_calls.read_kept(FUNCTIONS))
    assert not found, "\n".join(lines)


def differing(python, functions, then):
    calls = [call for some in functions.values() for call in some]
    here = dict(zip(calls, compare_calls.made(python, calls)))
    lines = []
    found = compare_calls.compare(functions, then, here, lines.append)
    return [call for call in found if call not in KNOWN], lines


@pytest.mark.parametrize("every, of_images", [
    (12, 0), pytest.param(4, 1, marks=pytest.mark.slow)])
def test_some_calls_count_as_was_kept_of_1_15_5(forked, every, of_images):
    then = compare_calls.read_kept(FUNCTIONS)
    assert [call for calls in FUNCTIONS.values() for call in calls if not then.get(call)] == [], \
        "counts.json lacks these: python compare_calls.py --keep --only FUNCTION"
    found, lines = differing(forked, one_of_each(every, of_images), then)
    assert not found, "\n".join(lines)


def test_some_calls_count_as_on_1_15_5_itself(forked, other_forked):
    functions = one_of_each(8)
    calls = [call for some in functions.values() for call in some]
    rows = compare_calls.made(other_forked, calls)
    then = {call: compare_calls.kept(row) for call, row in zip(calls, rows)}
    kept = compare_calls.read_kept(FUNCTIONS)
    assert {call: then[call] for call in calls if kept[call]} == {
        call: kept[call] for call in calls if kept[call]}
    found, lines = differing(forked, functions, then)
    assert not found, "\n".join(lines)


FLIP = """
import tensorflow as tf

@tf.RegisterGradient("Flip")
def flip(op, grad):
    return [tf.negative(grad) * 0.5 + tf.reduce_mean(grad, axis=0)]

tf.set_random_seed(3)
x = tf.placeholder(tf.float32, [None, 2])
with tf.get_default_graph().gradient_override_map({"Identity": "Flip"}):
    y = tf.identity(x) * x
gradient = tf.gradients(tf.gradients(y, x)[0] ** 2, x)[0]
draw = tf.random_uniform([2])
print([round(float(each), 5) for each in tf.Session().run(draw)])
"""


def test_what_a_gradient_of_the_scripts_own_calls_is_counted(script, tmp_path):
    (tmp_path / "flip.py").write_text(FLIP)
    done = script("run_legacy.py", "flip.py")
    assert done.returncode == 0 and "another number of operations" not in done.stderr, done.stderr
    assert done.stdout == "[0.08921, 0.08456]\n"       # as on 1.15.5


@pytest.mark.parametrize("then, here, said, wanted", [
    ("12", "12", False, ("equal", None)), ("12", "13", False, ("DIFFERS", None)),
    ("12", "13", True, ("said", None)), ("3 12", "4 12", False, ("DIFFERS", None)),
    ("12|20", "12|20", False, ("equal", "equal")), ("12|20", "12|21", False, ("equal", "DIFFERS")),
    ("12|20", "12|21", True, ("equal", "said")), ("12", "e", False, ("fails here", None)),
    ("e", "12", False, ("fails there", None)), ("", "12", False, (None, None)),
])
def test_what_is_found_of_a_call(then, here, said, wanted):
    seeds, _, gradient = here.partition("|")
    row = dict(seeds="an error" if seeds == "e" else list(map(int, seeds.split())),
               said=["a line"] if said else [])
    if gradient:
        row["gradients"] = [int(gradient)]
    assert compare_calls.verdict(then, row) == wanted


def test_keep_asks_and_writes_the_functions_that_only_names(tmp_path, monkeypatch):
    asked, kept = [], tmp_path / "counts.json"
    functions = {"tf.a": ["tf.a(1)", "tf.a(2)"], "tf.b": ["tf.b(1)"], "tf.new": ["tf.new()"]}

    def made(python, calls, processes=1):
        asked.extend((python, call) for call in calls)
        return [dict(seeds=[len(asked)], said=[]) for _ in calls]
    monkeypatch.setattr(compare_calls, "KEPT", str(kept))
    monkeypatch.setattr(compare_calls, "made", made)
    monkeypatch.setattr(compare_calls, "by_function", lambda only="": {
        name: calls for name, calls in functions.items() if only in name})
    kept.write_text(json.dumps({"tf.b": [compare_calls.digest(["tf.b(1)"]), ["12|20"]],
                                "tf.new": [0, ["7"]]}))
    monkeypatch.setattr(sys, "argv", "compare_calls.py --other then --only tf.a --keep".split())
    with pytest.raises(SystemExit):
        compare_calls.main()
    assert [call for python, call in asked if python == "then"] == ["tf.a(1)", "tf.a(2)"]
    assert {name: row[1] for name, row in json.loads(kept.read_text()).items()} == {
        "tf.a": ["2", "2"], "tf.b": ["12|20"], "tf.new": [""]}


@pytest.mark.parametrize("processes", [1, 2])
def test_a_call_that_ends_its_process_is_the_only_one_without_an_answer(tmp_path, processes):
    calls = ["a", "end", "b", "c", "end", "end", "d"]
    rows = compare_calls.made(python_that(tmp_path, """
with open(sys.argv[3], "w") as out:
    for call in json.load(open(sys.argv[2])):
        if call == "end":
            out.write('{"see')
            os._exit(9)
        out.write(json.dumps(call) + chr(10))
        out.flush()
"""), calls, processes)
    assert rows == [None if call == "end" else call for call in calls]


def test_a_python_that_makes_no_call_is_said(tmp_path):
    with pytest.raises(SystemExit, match="makes no calls: .*no tensorflow there"):
        compare_calls.made(python_that(tmp_path, "sys.exit('no tensorflow there')"), ["a"])


def python_that(folder, code):
    """A command that stands in for a Python that runs calls/made.py."""
    command = folder / "python"
    command.write_text(f"#!{sys.executable}\nimport json, os, sys\n{code}")
    os.chmod(command, stat.S_IRWXU)
    return str(command)
