"""Sequences found from their ends back to their beginnings."""

from tensorflow.python.framework import dtypes, ops
from tensorflow.python.ops import array_ops, array_ops_stack, functional_ops, math_ops


def gather_tree(step_ids, parent_ids, max_sequence_lengths, end_token, name=None):
    """The sequences that end in each beam, [time, batch, beam], found from their ends back.

    1.15 had one operation for it, in contrib.
    """
    loops = ops.get_collection_ref(ops.GraphKeys.WHILE_CONTEXT)
    before = len(loops)
    with ops.name_scope(name, "GatherTree") as scope:
        found = as_one(*(ops.convert_to_tensor(value, dtypes.int32) for value in (
            step_ids, parent_ids, max_sequence_lengths, end_token)), scope)
    del loops[before:]          # an operation has no loop that scripts can find
    if not loops:
        ops.get_default_graph().clear_collection(ops.GraphKeys.WHILE_CONTEXT)
    return found


def walked_back(step_ids, parent_ids, lengths, end_token, name=None):
    time, rows, beams = array_ops_stack.unstack(array_ops.shape(step_ids))
    own = array_ops.tile(array_ops.expand_dims(math_ops.range(beams), 0), [rows, 1])
    last = array_ops.expand_dims(lengths - 1, 1)

    def back(state, now):
        beam, _ = state
        moment, steps, parents = now
        beam = array_ops.where(math_ops.equal(moment + 0 * last + 0 * beam, last + 0 * beam), own,
                               beam)
        inside = moment + 0 * beam <= last + 0 * beam
        found = array_ops.batch_gather(steps, beam)
        parent = array_ops.batch_gather(parents, beam)
        return array_ops.where(inside, parent, beam), array_ops.where(
            inside, found, end_token + 0 * found)
    _, found = functional_ops.scan(back, (math_ops.range(time), step_ids, parent_ids),
                                   (own, own), reverse=True)
    ended = math_ops.cumsum(math_ops.cast(math_ops.equal(found, end_token), dtypes.int32),
                            axis=0, exclusive=True)
    found = array_ops.where(ended > 0, end_token + 0 * found, found, name=name)
    found.set_shape(step_ids.shape)
    return found


as_one = walked_back        # which seq2seq counts as one operation


def in_order(value, parent_ids, lengths):
    """What each step of each beam has, [time, batch, beam, ...], in the order of its sequence."""
    sizes = [dim.value or array_ops.shape(parent_ids)[axis]
             for axis, dim in enumerate(parent_ids.shape.dims)]
    time, rows, beams = sizes
    own = array_ops.expand_dims(array_ops.expand_dims(math_ops.range(beams), 0), 0)
    own = array_ops.tile(own, [time, rows, 1])
    longest = math_ops.cast(math_ops.reduce_max(lengths, axis=1), dtypes.int32)
    order = gather_tree(own, parent_ids, max_sequence_lengths=longest, end_token=beams + 1)
    inside = array_ops.transpose(array_ops.sequence_mask(lengths, maxlen=time), perm=[2, 0, 1])
    order = array_ops.where(inside, x=order, y=own)
    moments = array_ops.tile(array_ops.reshape(math_ops.range(time), [-1, 1, 1]), [1, rows, beams])
    places = array_ops.tile(array_ops.reshape(math_ops.range(rows), [-1, 1, 1]), [1, time, beams])
    indices = array_ops_stack.stack(
        [moments, array_ops.transpose(places, perm=[1, 0, 2]), order], -1)
    shape = array_ops.shape(value)
    value = array_ops.reshape(value, [time, rows, beams, -1])
    return array_ops.reshape(array_ops.gather_nd(value, indices), shape)


