"""`tf.contrib.layers`, which is tf_slim's: contrib's own code, with contrib's defaults."""

import importlib

from tf1gan.legacy.api import slim_repairs
from tf1gan.legacy.names import Restored
from tf1gan.legacy.numbers import counts

DROPPED = "2.0"
GIVES = None            # tf_slim's
NEEDS = ("tf_slim",)
PATHS = ("layers", "python.layers", "python.layers.layers")
REFUSED = dict.fromkeys(
    ("multi_class_target", "regression_target"),
    "tf.contrib.learn has heads in its place, such as multi_class_head, and tf.losses has its "
    "losses")

# Names that tf_slim.layers leaves in its module.
_INSIDE = ("bias_add", "conv1d", "conv2d", "conv3d", "relu", "relu6", "elu", "linear",
           "legacy_fully_connected", "legacy_linear", "legacy_relu", "softmax")
_COLUMNS = """
bucketized_column check_feature_columns create_feature_spec_for_parsing crossed_column
embedding_column infer_real_valued_columns input_from_feature_columns
joint_weighted_sum_from_feature_columns make_place_holder_tensors_for_base_features one_hot_column
parse_feature_columns_from_examples parse_feature_columns_from_sequence_examples
real_valued_column safe_embedding_lookup_sparse scattered_embedding_column
sequence_input_from_feature_columns shared_embedding_columns sparse_column_with_hash_bucket
sparse_column_with_integerized_feature sparse_column_with_keys sparse_column_with_vocabulary_file
transform_features weighted_sparse_column weighted_sum_from_feature_columns
""".split()
_MODULES = ("initializers", "regularizers", "normalization", "utils", "optimizers")


def make(given):
    today = slim_repairs.module("layers")
    inside = vars(importlib.import_module("tf_slim.layers.layers"))
    names = dict(vars(today))
    names.update({name: inside[name] for name in _INSIDE if name in inside})
    names.update({name: slim_repairs.module(f"layers.{name}") for name in _MODULES})
    names["scale_gradient"] = counted_scale(given.seeds, today)
    names.update(encoders(given.tf))
    names.update(feature_columns(given.seeds))
    return names


def encoders(tf):
    """What slim has, too, and tf_slim has not: whole numbers embedded."""
    from tf1gan.legacy.restored.contrib import _encoders
    return dict({name: getattr(_encoders, name) for name in (
        "bow_encoder", "embed_sequence", "embedding_lookup_unique")},
        safe_embedding_lookup_sparse=tf.nn.safe_embedding_lookup_sparse)


def counted_scale(seeds, today):
    return counts.counting(seeds, today.scale_gradient, None, "tf.contrib.layers.scale_gradient")


def feature_columns(seeds):
    """The columns of before tf.feature_column, and what is made of features by them."""
    from tf1gan.legacy.restored.contrib._feature_columns import (
        base,
        combined,
        crosses,
        dense,
        embedded,
        inputs,
        lookups,
        sparse,
    )
    crosses.seeds = seeds
    classes, names = {"_FeatureColumn": base.FeatureColumn}, {}
    for module in (combined, dense, embedded, inputs, lookups, sparse):
        names.update({name: vars(module)[name] for name in _COLUMNS if name in vars(module)})
        classes.update({name: value for name, value in vars(module).items()
                        if isinstance(value, type) and name.endswith("Column")})
    names.update(
        SPARSE_FEATURE_CROSS_DEFAULT_HASH_KEY=crosses.DEFAULT_HASH_KEY,
        feature_column=Restored("tensorflow.contrib.layers.feature_column", None,
                                dict(names, **classes)),
        feature_column_ops=Restored("tensorflow.contrib.layers.feature_column_ops", None, names))
    return names
