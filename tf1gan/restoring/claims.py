"""What a file claims to hold, looked at before any memory is given to it.

`look` reads the bytes of a graph, and needs no TensorFlow. `graph_claims` looks at what is left
when a part of it was chosen.
"""

import contextlib
import itertools
import math
import mmap
import os
import re

from tf1gan import files
from tf1gan.errors import UserError
from tf1gan.runs import wire

MOST_NODES = 100000             # of a graph: larger ones take more memory than this should
LARGEST = 2 ** 31               # bytes; no message of protobuf is larger
LARGEST_TEXT = 2 ** 26          # bytes of a graph as text; reading it takes ten times as much
SAVED_MODEL = ("saved_model.pb", "saved_model.pbtxt")
_MOST_PARTS = 3000000           # of all nodes: names, inputs, attributes
_MOST_OF_ONE = 200000           # of one node
_SHORT = 10000                  # bytes of an attribute that is not looked into
_MOST_TEXTS = 1000000           # in one constant
_TEXTS = (8, 14, 15)            # the parts of a tensor that are texts, or handles
_MOST_GRAPHS = 100              # of a SavedModel
_LARGEST_OF_ALL = 2 ** 32       # the same, whether they are used or not
_NODE_AS_TEXT = re.compile(rb"\bnode\s*:?\s*[{<]")
_PART_AS_TEXT = re.compile(rb"[{<:]")
_NOT_OF_TEXT = re.compile(rb"[\0-\x08\x0e-\x1f]")
_WORD = re.compile(rb"[A-Za-z>_][\w>.\-/]*")
SIZES = {2: 8, 4: 1, 5: 2, 6: 1, 8: 8, 9: 8, 10: 1, 14: 2, 17: 2, 18: 16, 19: 2, 22: 4, 23: 8}


def look(path):
    """Looks at the graph that a path means, if there is one.

    Raises UserError where it claims to be larger than it can be, or has a cycle.
    """
    for file in _graphs_at(os.fspath(path)):
        try:
            with mapped(file) as content:
                check_content(file, content)
        except UserError:
            raise
        except (OSError, ValueError):       # for those who read it to say
            pass


def check_content(path, content):
    """The same of a file's bytes. Raises ValueError, too: they are no graph."""
    if is_text(content):
        check_text(path, content)
    else:
        _check_graphs(path, content, spans(path, content))


def _graphs_at(path):
    names = [path, re.sub(r"\.(index|data-\d{5}-of-\d{5})$", "", path) + ".meta"]
    names += [os.path.join(path, name) for name in SAVED_MODEL]
    with contextlib.suppress(OSError):
        name = os.path.basename(listed(os.path.join(path, "checkpoint")))
        names += [os.path.join(path, name + ".meta")] if name else []
    return [name for name in names if os.path.isfile(name) and os.path.getsize(name)]


def listed(path):
    """The checkpoint that TensorFlow's list names, or "" where there is none."""
    if not os.path.isfile(path):
        return ""
    with files.opened(path) as file:
        found = re.match(rb'model_checkpoint_path: "([^"\n]*)"', file.read(4096))
    return found.group(1).decode("utf-8", "replace") if found else ""


@contextlib.contextmanager
def mapped(path):
    """A file's bytes, not in memory until they are looked at. Raises OSError or ValueError."""
    if os.path.getsize(path) >= LARGEST:
        raise ValueError("it is too large for a graph (2 GB)")
    with files.opened(path) as file, \
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        yield content


def is_text(content):
    start = content[:4096]
    return start.lstrip()[:1].isalpha() and not _NOT_OF_TEXT.search(start)


# -- Text ------------------------------------------------------------------------------------

def check_text(path, content):
    """The number of nodes of a graph as text. Raises UserError where there are too many."""
    if len(content) > LARGEST_TEXT:
        raise UserError(f"{path} is a graph as text of more than {LARGEST_TEXT >> 20} MB, which "
                        "is not read")
    nodes, parts = (sum(1 for _ in itertools.islice(each.finditer(content), most + 1))
                    for each, most in ((_NODE_AS_TEXT, MOST_NODES), (_PART_AS_TEXT, _MOST_PARTS)))
    _check_count(path, nodes, parts if nodes else 0)
    return nodes


def _check_count(path, nodes, parts):
    if nodes > MOST_NODES:
        raise UserError(f"{path} has a graph of more than {MOST_NODES} operations, which is not "
                        "read")
    if parts > _MOST_PARTS:
        raise UserError(f"{path} has a graph of more than {_MOST_PARTS} parts, which is not read")


# -- Bytes -----------------------------------------------------------------------------------

def is_graph(content):
    """Whether the bytes are a GraphDef's, rather than a MetaGraphDef's: by its first part."""
    for field, begin, end in wire.fields(content):
        if field == 1:
            for inner, start, stop in wire.fields(content, begin, end):
                if inner == 2:
                    return bool(_WORD.fullmatch(content[start:stop]))
            return False
    return False


def spans(path, content):
    """Where the graphs of a file begin and end.

    Raises UserError where a SavedModel has too many, ValueError for no message of protobuf's.
    """
    if os.path.basename(path) == SAVED_MODEL[0]:
        metas = [(begin, end) for (field, begin, end), _ in zip(
            wire.fields(content), range(3 * _MOST_GRAPHS)) if field == 2]
        if len(metas) > _MOST_GRAPHS:
            raise UserError(f"{path} has more than {_MOST_GRAPHS} graphs, which are not read")
    else:
        metas = [(0, len(content))]
        if is_graph(content):
            return metas
    return [span for meta in metas for span in wire.inside(content, (2,), *meta)]


def _check_graphs(path, content, graphs):
    nodes = parts = claimed = 0
    for span in graphs:
        for body in _bodies(content, *span):
            edges, broken, found = {}, set(), list(itertools.islice(body, MOST_NODES + 1))
            nodes += len(found)
            _check_count(path, nodes, parts)
            for begin, end in found:
                name, operation, inputs, count, claim = _node(content, begin, end)
                parts, claimed = parts + count, claimed + claim
                _check_count(path, nodes, parts)
                if count > _MOST_OF_ONE:
                    raise UserError(f"{path} has an operation of more than {_MOST_OF_ONE} parts, "
                                    "which is not read")
                edges[name] = inputs
                if operation.endswith(b"NextIteration"):
                    broken.add(name)
            if math.isinf(claimed):
                raise UserError(f"{path} has a constant of more than {_MOST_TEXTS} texts, which is "
                                "not read")
            if claimed > _LARGEST_OF_ALL:
                raise UserError(f"{path}: the constants of its graph claim "
                                f"{claimed / 2 ** 20:.0f} MB, which the file does not hold")
            circle = _in_a_circle(edges, broken)
            if circle is not None:
                raise UserError(f"{path} has a graph with a cycle through "
                                f"{circle.decode('utf-8', 'replace')}, which TensorFlow cannot run")


def _bodies(content, begin, end):
    """Iterators of the spans of nodes: the graph's own, and each function's."""
    yield wire.inside(content, (1,), begin, end)
    for function in wire.inside(content, (2, 1), begin, end):
        yield wire.inside(content, (3,), *function)


def _node(content, begin, end):
    """(name, operation, names of what it takes, how many parts it has, bytes that it claims)."""
    name = operation = b""
    inputs, count, claim = [], 0, 0
    for field, start, stop in wire.fields(content, begin, end):
        count += 1
        if field == 1:
            name = content[start:stop]
        elif field == 2:
            operation = content[start:stop]
        elif field == 3:
            inputs.append(content[start:stop].lstrip(b"^").partition(b":")[0])
            if count > min(_MOST_OF_ONE, _MOST_PARTS):
                break
        elif field == 5:
            claim += _claim(content, start, stop) if operation == b"Const" else 0
            count += _list(content, start, stop)
    return name, operation, inputs, count, claim


def _claim(content, begin, end):
    """The bytes of a constant's attribute that its file does not have."""
    for first, last in wire.inside(content, (2, 8), begin, end):    # its value, if that is a tensor
        size, dtype, texts = 1.0, 1, 0
        for part, a, b in wire.fields(content, first, last):
            texts += part in _TEXTS
            if texts > _MOST_TEXTS:
                return math.inf
            if part == 1:
                dtype = wire.number(content, a, b)[0]
            elif part == 2:
                size *= _numbers(content, a, b)
        return excess(size * SIZES.get(dtype, 4), last - first)
    return 0


def _list(content, begin, end):
    """The bytes of an attribute that is a list: each of its numbers may be one."""
    if end - begin < _SHORT:
        return 0
    return sum(last - first for first, last in wire.inside(content, (2, 1), begin, end))


def _numbers(content, begin, end):
    count = 1.0
    for dimension in wire.inside(content, (2,), begin, end):
        sizes = [wire.number(content, *each)[0] for each in wire.inside(content, (1,), *dimension)]
        count *= sizes[-1] if sizes and sizes[-1] < 2 ** 63 else 0
    return count


def excess(size, held):
    return size if size > 16 * held else 0


def _in_a_circle(edges, broken):
    """A name from which one comes back to it, or None."""
    left = {name: sum(each in edges and each not in broken for each in inputs)
            for name, inputs in edges.items()}
    taking = {}
    for name, inputs in edges.items():
        for each in inputs:
            if each not in broken:
                taking.setdefault(each, []).append(name)
    waiting = [name for name, count in left.items() if not count]
    for name in waiting:            # it grows
        for each in taking.get(name, ()):
            left[each] -= 1
            if not left[each]:
                waiting.append(each)
    return None if len(waiting) == len(edges) else next(
        name for name, count in left.items() if count)
