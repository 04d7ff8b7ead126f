"""The feature columns of `tf.contrib.layers`, which were before those of `tf.feature_column`."""
