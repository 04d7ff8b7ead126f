"""Masks of weights, and what updates them: the smallest are left out, more with the steps."""

import re

MASKS, THRESHOLDS, MASKED, WEIGHTS = "masks", "thresholds", "masked_weights", "kernel"
MASKED_NAME = "weights/masked_weight"


def note(tf, mask, threshold, masked, weights):
    """Puts a mask into its collections, where it is not there yet."""
    if not any(mask is held for held in tf.get_collection_ref(MASKS)):
        for key, held in ((THRESHOLDS, threshold), (MASKS, mask), (MASKED, masked),
                          (WEIGHTS, weights)):
            tf.add_to_collection(key, held)


def make(given):
    """name -> function or class."""
    from tf1gan.legacy.restored.contrib import _training
    tf = given.tf

    def apply_mask(x, scope=""):
        """Weights times a mask, which begins with ones."""
        with tf.variable_scope(scope):
            mask = tf.get_variable("mask", x.shape, initializer=tf.ones_initializer(),
                                   trainable=False, dtype=x.dtype)
        with tf.variable_scope(scope):
            threshold = tf.get_variable("threshold", [], initializer=tf.zeros_initializer(),
                                        trainable=False, dtype=x.dtype)
        masked = tf.multiply(mask, x, MASKED_NAME)
        note(tf, mask, threshold, masked, x)
        return masked

    def get_weight_sparsity():
        """What part of each mask is 0."""
        return [tf.nn.zero_fraction(mask) for mask in tf.get_collection(MASKS)]

    def get_pruning_hparams():
        """The hyperparameters of Pruning, with what they are without being set."""
        return _training.HParams(
            name="model_pruning", begin_pruning_step=0, end_pruning_step=-1,
            weight_sparsity_map=[""], block_dims_map=[""], threshold_decay=0.0,
            pruning_frequency=10, nbins=256, block_height=1, block_width=1,
            block_pooling_function="AVG", initial_sparsity=0.0, target_sparsity=0.5,
            sparsity_function_begin_step=0, sparsity_function_end_step=100,
            sparsity_function_exponent=3.0, use_tpu=False)

    class Pruning:
        """What updates the masks of a graph, by hyperparameters."""

        def __init__(self, spec=None, global_step=None, sparsity=None):
            self._spec = spec = spec or get_pruning_hparams()
            _check(spec)
            given_step = tf.train.get_global_step() if global_step is None else global_step
            self._step = tf.cast(given_step, tf.int32)
            self._sparsity = self._planned() if sparsity is None else sparsity
            self._assignments, self._updated = [], self._last_update()
            self._usual_block = [spec.block_height, spec.block_width]
            self._blocks = {re.compile(name): _block(name, sizes) for name, sizes in _pairs(
                spec.block_dims_map)}
            self._shares = {re.compile(name): float(share) for name, share in _pairs(
                spec.weight_sparsity_map)}
            if any(share >= 1.0 for share in self._shares.values()):
                raise ValueError("The sparsity of weights is below 1.")
            given.seeds.inexact_from_here("tf.contrib.model_pruning.Pruning")

        def _planned(self):
            """From initial_sparsity to target_sparsity, fast at first."""
            spec = self._spec
            with tf.name_scope(spec.name):
                first, last = spec.sparsity_function_begin_step, spec.sparsity_function_end_step
                done = tf.minimum(1.0, tf.maximum(0.0, tf.div(
                    tf.cast(self._step - first, tf.float32), last - first)))
                return tf.add(tf.multiply(
                    spec.initial_sparsity - spec.target_sparsity,
                    tf.pow(1 - done, spec.sparsity_function_exponent)),
                    spec.target_sparsity, name="sparsity")

        def _last_update(self):
            with tf.variable_scope(self._spec.name, use_resource=self._spec.use_tpu) as scope:
                try:
                    return tf.get_variable(
                        "last_mask_update_step", [], initializer=tf.zeros_initializer(),
                        trainable=False, dtype=tf.int32)
                except ValueError:      # that of another Pruning
                    scope.reuse_variables()
                    return tf.get_variable("last_mask_update_step", dtype=tf.int32)

        @staticmethod
        def _one(found, told, name):
            if len(found) > 1:
                raise ValueError(f"{told} has several patterns for {name}.")
            return found[0] if found else None

        def _mask(self, weights, threshold):
            """(the new threshold, the new mask): what is below the threshold is left out."""
            name = weights.op.name
            share = self._one([share for pattern, share in self._shares.items()
                               if pattern.search(name)], "weight_sparsity_map", name)
            sparsity = self._sparsity if share is None else tf.multiply(
                self._sparsity, tf.div(share, self._spec.target_sparsity))
            with tf.name_scope(name + "_pruning_ops"):
                sizes = tf.abs(weights)
                left = tf.cast(tf.round(tf.cast(tf.size(sizes), tf.float32) * (1 - sparsity)),
                               tf.int32)
                ordered, _ = tf.nn.top_k(tf.reshape(sizes, [-1]), k=tf.size(sizes))
                decay = self._spec.threshold_decay
                smooth = tf.add_n([tf.multiply(tf.gather(ordered, left - 1), 1 - decay),
                                   tf.multiply(threshold, decay)])
                return smooth, tf.cast(tf.greater_equal(sizes, smooth), tf.float32)

        def _mask_of_blocks(self, weights, threshold):
            name = weights.op.name
            block = self._one([block for pattern, block in self._blocks.items()
                               if pattern.search(name)], "block_dims_map", name)
            block = block or self._usual_block
            flat = tf.squeeze(weights)
            if flat.shape.rank != 2 or block == [1, 1]:
                return self._mask(weights, threshold)
            kind, sizes = self._spec.block_pooling_function, flat.shape.as_list()
            if kind not in ("AVG", "MAX"):
                raise ValueError(f"Blocks are pooled by AVG or MAX, not {kind}.")
            # In place: as on 1.15.5, a -1 is the size of the first weights from then on.
            block[:] = [whole if size == -1 else size for size, whole in zip(block, sizes)]
            with tf.name_scope(name + "_pruning_ops"):
                pooled = tf.nn.pool(tf.reshape(tf.abs(flat), [1] + sizes + [1]), block, kind,
                                    strides=block, padding="SAME", name=name + "_pooled")
                smooth, mask = self._mask(tf.squeeze(pooled, [0, 3]), threshold)
                for axis, size in enumerate(block):
                    rows = tf.constant([row // size for row in range(sizes[axis])])
                    mask = tf.gather(mask, rows, axis=axis)
            return smooth, tf.reshape(mask, tf.shape(weights))

        def _assign(self):
            masks, thresholds, all_weights = (tf.get_collection(key) for key in (
                MASKS, THRESHOLDS, WEIGHTS))
            if len(masks) != len(thresholds):
                raise ValueError(f"There are {len(masks)} masks and {len(thresholds)} thresholds.")
            for mask, threshold, weights in zip(masks, thresholds, all_weights):
                smooth, made = self._mask_of_blocks(weights, threshold)
                self._assignments += [
                    tf.assign(threshold, smooth, name=threshold.op.name + "_assign"),
                    tf.assign(mask, made, name=mask.op.name + "_assign")]

        def mask_update_op(self):
            """An operation that updates all masks."""
            with tf.name_scope(self._spec.name):
                if not self._assignments:
                    self._assign()
                with tf.control_dependencies([tf.assign(
                        self._updated, self._step, name="last_mask_update_step_assign")]):
                    with tf.control_dependencies(self._assignments):
                        return tf.no_op("mask_update")

        def conditional_mask_update_op(self):
            """The same, every pruning_frequency steps between the first and the last."""
            spec = self._spec
            with tf.name_scope(spec.name):
                is_within = tf.logical_and(
                    tf.greater_equal(self._step, spec.begin_pruning_step),
                    tf.logical_or(tf.less_equal(self._step, spec.end_pruning_step),
                                  tf.less(spec.end_pruning_step, 0)))
                is_its_turn = tf.less_equal(tf.add(self._updated, spec.pruning_frequency),
                                            self._step)
                is_now = tf.logical_and(is_within, is_its_turn)
            return tf.cond(is_now, self.mask_update_op, tf.no_op)

        def add_pruning_summaries(self):
            with tf.name_scope(self._spec.name + "_summaries"):
                tf.summary.scalar("sparsity", self._sparsity)
                tf.summary.scalar("last_mask_update_step", self._updated)
                for mask, threshold in zip(tf.get_collection(MASKS),
                                           tf.get_collection(THRESHOLDS)):
                    tf.summary.scalar(mask.op.name + "/sparsity", tf.nn.zero_fraction(mask))
                    tf.summary.scalar(threshold.op.name + "/threshold", threshold)

        def print_hparams(self):
            tf.logging.info(self._spec.to_json())
    return dict(
        apply_mask=apply_mask, get_weight_sparsity=get_weight_sparsity,
        get_pruning_hparams=get_pruning_hparams, Pruning=Pruning,
        **{f"get_{name}": lambda key=key: tf.get_collection(key) for name, key in (
            ("masks", MASKS), ("thresholds", THRESHOLDS), ("masked_weights", MASKED),
            ("weights", WEIGHTS))})


def _check(spec):
    """Raises ValueError, where hyperparameters cannot be."""
    for is_right, told in (
            (spec.begin_pruning_step >= 0, "begin_pruning_step is 0 or more"),
            (spec.begin_pruning_step < spec.end_pruning_step or spec.end_pruning_step == -1,
             "end_pruning_step comes after begin_pruning_step, or is -1"),
            (spec.sparsity_function_begin_step >= 0, "sparsity_function_begin_step is 0 or more"),
            (spec.sparsity_function_begin_step < spec.sparsity_function_end_step,
             "sparsity_function_end_step comes after sparsity_function_begin_step"),
            (0.0 <= spec.threshold_decay < 1.0, "threshold_decay is below 1"),
            (0.0 <= spec.initial_sparsity < 1.0, "initial_sparsity is below 1"),
            (0.0 <= spec.target_sparsity < 1.0, "target_sparsity is below 1")):
        if not is_right:
            raise ValueError(f"{told}, and neither is below 0.")


def _pairs(values):
    return [value.split(":") for value in values if value]


def _block(name, sizes):
    sizes = sizes.split("x")
    if len(sizes) != 2:
        raise ValueError(f"The block of {name} is HEIGHTxWIDTH, not {'x'.join(sizes)}.")
    return [int(size) for size in sizes]
