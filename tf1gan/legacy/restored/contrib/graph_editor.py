"""`tf.contrib.graph_editor`: operations found, copied with other inputs, and connected anew.

What is there is what gradient checkpointing and unrolled networks are made with.
"""

import re

from tf1gan.legacy.refusal import refuse
from tf1gan.legacy.restored.contrib import _graph_copies

DROPPED = "2.0"
GIVES = """
SubGraphView add_control_inputs copy copy_with_input_replacements edit filter_ops
filter_ops_from_regex reroute select subgraph transform util
filter_ts filter_ts_from_regex get_backward_walk_ops get_forward_walk_ops
get_walks_intersection_ops get_walks_union_ops get_within_boundary_ops graph_replace make_view
remove_control_inputs reroute_ts select_ops select_ts sgv swap_ts
"""
NEEDS = ()
PATHS = ("select", "transform", "reroute", "edit", "subgraph", "util")
_REST = "few people's scripts use it, and it was left out"
REFUSED = {name: _REST for name in (
    "ControlOutputs Transformer TransformerInfo assign_renamed_collections_handler bypass "
    "can_be_regex check_cios compute_boundary_ts connect copy_op_handler detach "
    "detach_control_inputs detach_control_outputs detach_inputs detach_outputs get_consuming_ops "
    "get_generating_ops get_name_scope_ops get_ops_ios get_tensors keep_t_if_possible_handler "
    "make_list_of_op make_list_of_t make_placeholder_from_dtype_and_shape "
    "make_placeholder_from_tensor make_regex make_view_from_scope ph placeholder_name "
    "replace_t_with_placeholder_handler reroute_inputs reroute_ios reroute_outputs "
    "select_ops_and_ts sgv_scope swap_inputs swap_ios swap_outputs "
    "transform_op_if_inside_handler").split()}
# What a view had beside its operations, inputs and outputs.
_OF_VIEWS = frozenset("""
connected_inputs connected_outputs consumers copy find_op_by_name input_index is_passthrough op
output_index passthroughs remap remap_default remap_inputs remap_outputs remap_outputs_make_unique
remap_outputs_to_consumers remove_unused_ops
""".split())


class SubGraphView:
    """Some operations of a graph, and the tensors that go in and out."""

    def __init__(self, inside_ops=()):
        self.ops = list(inside_ops)
        inside = set(self.ops)
        self.graph = self.ops[0].graph if self.ops else None
        self.inputs = _unique(t for op in self.ops for t in op.inputs if t.op not in inside)
        self.outputs = _unique(t for op in self.ops for t in op.outputs if not t.consumers()
                               or any(user not in inside for user in t.consumers()))

    def __getattr__(self, name):
        if name in _OF_VIEWS:
            refuse(f"tf.contrib.graph_editor.SubGraphView.{name} is not restored: {_REST}")
        raise AttributeError(f"'SubGraphView' object has no attribute '{name}'")


def make(given):
    names = dict(_walks(), **_selections())
    names.update(_edits(), SubGraphView=SubGraphView)
    names.update(_graph_copies.make(given.tf, names))
    return names


def _unique(things):
    return list(dict.fromkeys(things))


def _listed(things):
    """Things as a list; operations of a view or of a graph."""
    if isinstance(things, SubGraphView):
        return list(things.ops)
    if hasattr(things, "get_operations"):
        return things.get_operations()
    is_many = isinstance(things, (list, tuple, set, frozenset, type({}.values()),
                                  type({}.keys())))
    return list(things) if is_many else [things]


def _operations(things):
    """Operations, of operations and tensors."""
    return [thing if hasattr(thing, "node_def") else thing.op for thing in _listed(things)]


def _tensors(things):
    if hasattr(things, "get_operations"):
        return [t for op in things.get_operations() for t in op.outputs]
    is_many = hasattr(things, "__iter__") and not hasattr(things, "consumers")
    things = things if is_many else [things]
    return [thing for thing in things if hasattr(thing, "consumers")]


# -- Walks -----------------------------------------------------------------------------------

def _walks():
    def walk(seeds, inclusive, within_ops, within_ops_fn, neighbours):
        within = None if within_ops is None else set(_operations(within_ops))
        reached = _unique(seeds if not within else [op for op in seeds if op in within])
        first, seen, waiting = set(reached), set(reached), list(reached)
        while waiting:
            for near in neighbours(waiting.pop(0)):
                if near not in seen and (within is None or near in within) and (
                        within_ops_fn is None or within_ops_fn(near)):
                    seen.add(near)
                    reached.append(near)
                    waiting.append(near)
        return reached if inclusive else [op for op in reached if op not in first]

    def get_forward_walk_ops(seed_ops, inclusive=True, within_ops=None, within_ops_fn=None,
                             stop_at_ts=(), control_outputs=None):
        stop = set(_tensors(stop_at_ts))
        tensors = _tensors(seed_ops)
        seeds = [op for t in tensors for op in t.consumers()] if tensors else _operations(seed_ops)

        def after(op):
            return [user for t in op.outputs if t not in stop for user in t.consumers()] + (
                list(op._control_outputs) if control_outputs else [])
        return walk(seeds, inclusive, within_ops, within_ops_fn, after)

    def get_backward_walk_ops(seed_ops, inclusive=True, within_ops=None, within_ops_fn=None,
                              stop_at_ts=(), control_inputs=False):
        stop = set(_tensors(stop_at_ts))

        def before(op):
            return [t.op for t in op.inputs if t not in stop] + (
                list(op.control_inputs) if control_inputs else [])
        return walk(_operations(seed_ops), inclusive, within_ops, within_ops_fn, before)

    def get_walks_intersection_ops(forward_seed_ops, backward_seed_ops, forward_inclusive=True,
                                   backward_inclusive=True, within_ops=None, within_ops_fn=None,
                                   control_inputs=False, control_outputs=None, control_ios=None):
        control = bool(control_ios)
        backward = set(get_backward_walk_ops(
            backward_seed_ops, backward_inclusive, within_ops, within_ops_fn,
            control_inputs=control_inputs or control))
        return [op for op in get_forward_walk_ops(
            forward_seed_ops, forward_inclusive, within_ops, within_ops_fn,
            control_outputs=control_outputs or control) if op in backward]

    def get_walks_union_ops(forward_seed_ops, backward_seed_ops, forward_inclusive=True,
                            backward_inclusive=True, within_ops=None, within_ops_fn=None,
                            control_inputs=False, control_outputs=None, control_ios=None):
        control = bool(control_ios)
        return _unique(get_forward_walk_ops(
            forward_seed_ops, forward_inclusive, within_ops, within_ops_fn,
            control_outputs=control_outputs or control) + get_backward_walk_ops(
                backward_seed_ops, backward_inclusive, within_ops, within_ops_fn,
                control_inputs=control_inputs or control))

    def get_within_boundary_ops(ops, seed_ops, boundary_ops=(), inclusive=True,
                                control_inputs=False, control_outputs=None, control_ios=None):
        """Those of `ops` that are reached from the seeds, in whatever direction."""
        reached, boundary = set(_operations(seed_ops)), set(_operations(boundary_ops))
        if reached & boundary:
            raise ValueError("Some seeds are of the boundary.")

        def around(op):
            near = [t.op for t in op.inputs] + [user for t in op.outputs for user in t.consumers()]
            near += op._control_outputs if control_outputs or control_ios else []
            return near + (list(op.control_inputs) if control_inputs or control_ios else [])
        waiting = list(reached)
        while waiting:
            for near in set(around(waiting.pop())) - reached:
                if near not in boundary:
                    waiting.append(near)
                if near not in boundary or inclusive:
                    reached.add(near)
        return [op for op in _operations(ops) if op in reached]
    return dict(get_forward_walk_ops=get_forward_walk_ops,
                get_backward_walk_ops=get_backward_walk_ops,
                get_walks_intersection_ops=get_walks_intersection_ops,
                get_walks_union_ops=get_walks_union_ops,
                get_within_boundary_ops=get_within_boundary_ops)


# -- Selections ------------------------------------------------------------------------------

def _selections():
    def chosen(things, wanted):
        return list(things) if wanted is True else [thing for thing in things if wanted(thing)]

    def filter_ops(ops, positive_filter):
        return chosen(_operations(ops), positive_filter)

    def filter_ts(ops, positive_filter):
        ops = _operations(ops)
        return chosen(_unique([t for op in ops for t in op.inputs]
                              + [t for op in ops for t in op.outputs]), positive_filter)

    def by_name(regex):
        pattern = re.compile(regex) if isinstance(regex, str) else regex
        return lambda thing: pattern.search(thing.name) is not None

    def select(arguments, named, of_graph, as_list):
        graph, wanted = named.get("graph"), named.get("positive_filter") or (lambda thing: True)
        found = []
        for argument in arguments:
            if isinstance(argument, str) or hasattr(argument, "search"):
                if graph is None:
                    raise ValueError("A regex selects in a graph: graph=... says in which.")
                found += [thing for thing in of_graph(graph) if by_name(argument)(thing)]
            else:
                found += as_list(argument)
        return [thing for thing in _unique(found) if wanted(thing)]

    def select_ops(*args, **kwargs):
        return select(args, kwargs, lambda graph: graph.get_operations(), lambda things: [
            thing for thing in _listed(things) if hasattr(thing, "node_def")])

    def select_ts(*args, **kwargs):
        return select(args, kwargs, lambda graph: [
            t for op in graph.get_operations() for t in op.outputs], _tensors)

    def make_view(*args, **kwargs):
        if len(args) == 1 and isinstance(args[0], SubGraphView):
            return args[0]
        return SubGraphView(select_ops(*args, **kwargs))
    return dict(filter_ops=filter_ops, filter_ts=filter_ts, select_ops=select_ops,
                select_ts=select_ts, make_view=make_view, sgv=make_view,
                filter_ops_from_regex=lambda ops, regex: filter_ops(ops, by_name(regex)),
                filter_ts_from_regex=lambda ops, regex: filter_ts(ops, by_name(regex)))


# -- Edits -----------------------------------------------------------------------------------

def _edits():
    def reroute_ts(ts0, ts1, can_modify=None, cannot_modify=None):
        """Whoever reads a tensor of `ts1` reads that of `ts0` in its place. Returns how often."""
        return rerouted(ts0, ts1, can_modify, cannot_modify)

    def swap_ts(ts0, ts1, can_modify=None, cannot_modify=None):
        return rerouted(ts0, ts1, can_modify, cannot_modify, both=True)

    def rerouted(ts0, ts1, can_modify, cannot_modify, both=False):
        ts0, ts1 = _tensors(ts0), _tensors(ts1)
        if len(ts0) != len(ts1):
            raise ValueError(f"{len(ts0)} tensors do not stand for {len(ts1)}.")
        for one, other in zip(ts0, ts1):
            if not one.dtype.is_compatible_with(other.dtype) \
                    or not one.shape.is_compatible_with(other.shape):
                raise ValueError(f"{one} does not stand for {other}.")
        can = None if can_modify is None else set(_operations(can_modify))
        cannot = set() if cannot_modify is None else set(_operations(cannot_modify))

        def users(tensor):
            return [op for op in _unique(tensor.consumers())
                    if (can is None or op in can) and op not in cannot]

        def moved(new, old, users):
            found = [(op, place) for op in users for place, t in enumerate(op.inputs) if t is old]
            for op, place in found:
                op._update_input(place, new)
            return len(found)
        # Who reads what is asked before anything changes; where an operation reads it, after.
        pairs = [(one, other, users(one), users(other)) for one, other in zip(ts0, ts1)
                 if one is not other]
        return sum(moved(one, other, of_other) + (moved(other, one, of_one) if both else 0)
                   for one, other, of_one, of_other in pairs)

    def add_control_inputs(op, cops):
        for one in _operations(op):
            one._add_control_inputs([before for before in _operations(cops)
                                     if before not in one.control_inputs])

    def remove_control_inputs(op, cops):
        gone = set(_operations(cops))
        for one in _operations(op):
            kept = [before for before in one.control_inputs if before not in gone]
            one._remove_all_control_inputs()
            one._add_control_inputs(kept)
    return dict(reroute_ts=reroute_ts, swap_ts=swap_ts, add_control_inputs=add_control_inputs,
                remove_control_inputs=remove_control_inputs)
