"""Files that claim more than they hold: refused by their bytes, before TensorFlow is loaded."""

import json
import os
import struct
import subprocess
import sys

import numpy as np
import pytest
from helpers import ROOT

from tf1gan import restoring, runs
from tf1gan.compat import tf
from tf1gan.errors import UserError
from tf1gan.restoring import claims, graph_claims


def number(value):
    found = b""
    while value > 127:
        found, value = found + bytes([value & 127 | 128]), value >> 7
    return found + bytes([value])


def part(field, content):
    """A field of a message of protobuf's."""
    content = number(content) if isinstance(content, int) else content
    return number(field << 3 | 2) + number(len(content)) + content


def whole(field, value):
    return number(field << 3) + number(value)


def node(name, operation, inputs=(), attributes=b""):
    return part(1, part(1, name) + part(2, operation) + b"".join(part(3, each) for each in inputs)
                + attributes)


def constant(*sizes, dtype=1):
    shape = b"".join(part(2, whole(1, size)) for size in sizes)
    tensor = whole(1, dtype) + part(2, shape) + part(5, b"\0\0\x80\x3f")
    return node(b"c", b"Const", (), part(5, part(1, b"value") + part(2, part(8, tensor))))


NODE = node(b"a", b"NoOp")
X = node(b"x", b"Placeholder")
INFO = part(1, part(4, b"serve"))
MANY = "more than 100000 operations"


def a_function(*nodes):
    return part(2, part(1, part(1, part(1, b"f")) + b"".join(
        each.replace(b"\x0a", b"\x1a", 1) for each in nodes)))


# Name -> (the file's name, its bytes, words of the refusal).
HOSTILE = {
    "a million nodes": ("a.pb", NODE * 1000000, MANY),
    "as text": ("a.pbtxt", b'node { name: "a" op: "NoOp" }\n' * 1000000, MANY),
    "as text in one line": ("a.pbtxt", b'node{name:"a"op:"NoOp"}' * 200000, MANY),
    "that begin as text does": ("a.pb", node(b"a" * 58, b"NoOp") * 200000, MANY),
    "of a .meta": ("a.meta", INFO + part(2, NODE * 200000), MANY),
    "in many parts": ("a.meta", INFO + part(2, NODE * 60000) * 3, MANY),
    "of a function": ("a.pb", X + a_function(*[NODE] * 200000), MANY),
    "of a SavedModel": ("saved_model.pb", whole(1, 1) + part(2, INFO + part(2, NODE * 200000)),
                        MANY),
    "very many inputs": ("a.pb", node(b"a", b"AddN", [b"b"] * 2100), "more than 2000 parts"),
    "very many attributes as text": (
        "a.pbtxt", b'node { name: "a" op: "NoOp" ' + b"attr { " * 2100, "more than 2000 parts"),
    "many graphs": ("saved_model.pb", whole(1, 1) + part(2, INFO) * 200, "more than 100 graphs"),
    "a constant of 8 GB": ("a.pb", X + constant(2 ** 31), "claim 8192 MB"),
    "complex ones": ("a.pb", X + constant(2 ** 14, 2 ** 15, dtype=18), "claim 8192 MB"),
    "hundreds that are small": ("a.pb", X + constant(2 ** 24) * 100, "claim [0-9]* MB"),
    "a circle": ("a.pb", X + node(b"a", b"Add", [b"x", b"b"]) + node(b"b", b"Add", [b"^a:0"]),
                 "a cycle through [ab],"),
    "a circle in a function": ("a.pb", X + a_function(node(b"a", b"Add", [b"a:z:0"])),
                               "a cycle through a,"),
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_what_a_graph_claims_is_refused_in_a_line(name, tmp_path, monkeypatch):
    file, content, words = HOSTILE[name]
    if "very many" in name:
        monkeypatch.setattr(claims, "_MOST_PARTS", 2000)
    (tmp_path / file).write_bytes(content)
    path = str(tmp_path if file.startswith("saved_model") else tmp_path / file)
    with pytest.raises(UserError, match=words) as refusal:
        claims.look(path)
    assert str(tmp_path) in str(refusal.value) and "\n" not in str(refusal.value)


@pytest.mark.parametrize("content", [
    X + node(b"m", b"Merge", [b"x", b"n"]) + node(b"n", b"NextIteration", [b"m"]),
    X + constant(2 ** 24),                      # as tf.constant(1., shape=[...]) writes it
    part(1, part(1, b"1.15") + part(5, b"1.15.5")) + part(2, X),
    b"", b"\x0a\xff\xff\xff\xff\x07a", b"\0" * 100, b"node {", np.random.RandomState(0).bytes(100)],
    ids=["a loop", "a large constant", "a meta graph", "empty", "cut", "zeros", "a cut text",
         "anything"])
def test_all_else_is_left_to_those_who_read_it(content, tmp_path):
    (tmp_path / "a.meta").write_bytes(content)
    assert claims.look(str(tmp_path / "a.meta")) is None
    assert claims.look(str(tmp_path / "a.index")) is None


@pytest.mark.parametrize("count, calls, refused", [
    (9, 10, True), (150, 1, True), (5, 10, False), (50, 1, False)])
def test_functions_that_call_one_another_too_often_or_too_deeply_are_refused(count, calls, refused):
    graph = tf.GraphDef()
    graph.node.add(name="y", op="f0")
    for number in range(count):
        function = graph.library.function.add()
        function.signature.name = f"f{number}"
        for call in range(calls):
            function.node_def.add(name=f"n{call}", op=f"f{number + 1}")
    if refused:
        with pytest.raises(UserError, match="a.pb has functions that call one another so deeply"):
            graph_claims.check("a.pb", graph)
    else:
        graph_claims.check("a.pb", graph)


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="asks Linux")
def test_hostile_graphs_take_little_memory_and_no_tensorflow(tmp_path):
    """Of the commands themselves: TensorFlow alone takes more than the limit here."""
    (tmp_path / "a.pb").write_bytes(NODE * 1000000)
    program = """
import sys
from tf1gan import cli
try:
    cli.run("tf1gan", sys.argv[1:])
except SystemExit as ended:
    status = ended.code
with open("/proc/self/status") as file:
    most, = [line.split()[1] for line in file if line.startswith("VmHWM:")]
print(status, "tensorflow" in sys.modules, most)
"""
    for command in (["inspect"], ["convert", "--out", "out"], ["sample"]):
        done = subprocess.run([sys.executable, "-c", program, command[0], "a.pb"] + command[1:],
                              cwd=str(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              universal_newlines=True, env=dict(os.environ, PYTHONPATH=ROOT))
        status, loaded, most = done.stdout.split()
        assert (status, loaded) == ("2", "False") and MANY in done.stderr, done.stderr
        assert len(done.stderr.splitlines()) == 1 and int(most) < 100 * 1024


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
@pytest.mark.parametrize("name", ["a.pb", "a.meta", "a.json", "a.yaml", "a.h5", "a.pkl",
                                  "a.pbtxt", "saved_model.pb", "checkpoint"])
def test_a_pipe_is_not_waited_for(name, tmp_path):
    from tf1gan import converting
    os.mkfifo(str(tmp_path / name))
    folder = name in ("saved_model.pb", "checkpoint")
    path = str(tmp_path if folder else tmp_path / name)
    for does in (claims.look, restoring.inspect, converting.inspect, converting.has_graph):
        try:
            does(path)
        except UserError as error:
            assert path in str(error)
    if not folder:
        assert "is a pipe or a device, and no file" in restoring.what_is(path)


def test_links_that_lead_nowhere_are_said_to(tmp_path):
    for one, other in (("a.pb", "b.pb"), ("b.pb", "a.pb")):
        os.symlink(other, str(tmp_path / one))
    path = str(tmp_path / "a.pb")
    assert claims.look(path) is None and "a link to what is not there" in restoring.what_is(path)


def checksum(content):
    """CRC-32C, turned as LevelDB has it."""
    found = 2 ** 32 - 1
    for byte in content:
        found ^= byte
        for _ in range(8):
            found = found >> 1 ^ (0x82f63b78 if found & 1 else 0)
    found ^= 2 ** 32 - 1
    return ((found >> 15 | found << 17) + 0xa282ead8) & 0xffffffff


def index(*entries):
    """A checkpoint's index of (key, message)."""
    content = b""

    def put(entries):
        nonlocal content
        block = b"".join(number(0) + number(len(key)) + number(len(value)) + key + value
                         for key, value in entries) + struct.pack("<II", 0, 1) + b"\0"
        place = number(len(content)) + number(len(block) - 1)
        content += block + struct.pack("<I", checksum(block))
        return place
    data = put(entries)
    ends = put([]) + put([(b"zzz", data)])
    return content + ends.ljust(40, b"\0") + b"\x57\xfb\x80\x8b\x24\x75\x47\xdb"


@pytest.mark.parametrize("sizes, held", [((2 ** 20, 2 ** 12), 2 ** 34), ((2 ** 40, 2 ** 40), 8)])
def test_a_checkpoint_that_claims_gigabytes_gets_no_memory_for_them(sizes, held, tmp_path):
    shape = b"".join(part(2, whole(1, size)) for size in sizes)
    entry = whole(1, 1) + part(2, shape) + whole(5, held)
    prefix = str(tmp_path / "m")
    (tmp_path / "m.index").write_bytes(index((b"", whole(1, 1)), (b"w", entry)))
    (tmp_path / "m.data-00000-of-00001").write_bytes(bytes(8))
    with pytest.raises(UserError, match="claims 4096 MB of weights or more, and its files|"
                                        "w has an impossible shape"):
        runs.read_checkpoint(prefix)
    (tmp_path / "m.index").write_bytes(index((b"", whole(1, 1)), (
        b"w", whole(1, 1) + part(2, part(2, whole(1, 2))) + whole(5, 8) + bytes([6 << 3 | 5])
        + struct.pack("<I", checksum(bytes(8))))))
    assert runs.read_checkpoint(prefix)[0] == {"w": [2]}


def test_json_s_numbers_are_not_taken_for_a_graph(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({"node": [{"a": int(np.int64(1))}]}))
    assert claims.look(str(tmp_path / "a.json")) is None


def test_a_constant_that_is_there_is_no_claim(tmp_path, monkeypatch):
    monkeypatch.setattr(claims, "_LARGEST_OF_ALL", 1000)
    numbers = part(2, part(2, whole(1, 1000))) + part(4, bytes(4000))
    held = node(b"c", b"Const", (), part(5, part(1, b"value") + part(2, part(8, numbers))))
    (tmp_path / "a.pb").write_bytes(X + held)
    assert claims.look(str(tmp_path / "a.pb")) is None
    (tmp_path / "a.pb").write_bytes(X + constant(1000))
    with pytest.raises(UserError, match="claim"):
        claims.look(str(tmp_path / "a.pb"))
