"""What an estimator is given: arrays, or a function that makes tensors."""

from tensorflow.python.framework import ops, tensor_util

from tf1gan.legacy.restored.contrib.learn import feeding


def infer_real_valued_columns_from_input_fn(input_fn):
    """A real_valued_column for each feature that a function gives."""
    from tf1gan.legacy.restored.contrib._feature_columns import inputs as columns
    with ops.Graph().as_default():
        features, _ = input_fn()
        return columns.infer_real_valued_columns(features)


def infer_real_valued_columns_from_input(x):
    """A real_valued_column of the numbers in a row of an array."""
    return infer_real_valued_columns_from_input_fn(of(x, None, None, None, None)[0])


def check(x, y, input_fn, feed_fn, batch_size):
    """Raises ValueError for arrays and a function at once, for neither, and for tensors."""
    if input_fn is None:
        if x is None:
            raise ValueError("Either x or input_fn is needed.")
        if tensor_util.is_tf_type(x) or y is not None and tensor_util.is_tf_type(y):
            raise ValueError("x and y are arrays: tensors come from an input_fn.")
        if feed_fn is not None:
            raise ValueError("feed_fn is for an input_fn, not for x and y.")
    elif x is not None or y is not None or batch_size is not None:
        raise ValueError("x, y and batch_size are not for an input_fn.")


def of(x, y, input_fn, feed_fn, batch_size, shuffle=False, epochs=1):
    """(function that makes the inputs, function that feeds them or None)."""
    check(x, y, input_fn, feed_fn, batch_size)
    if input_fn is not None:
        return input_fn, feed_fn
    feeder = feeding.setup_train_data_feeder(x, y, n_classes=None, batch_size=batch_size,
                                             shuffle=shuffle, epochs=epochs)
    return feeder.input_builder, feeder.get_feed_dict_fn()
