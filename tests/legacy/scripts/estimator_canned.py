"""Canned estimators with feature columns."""
import numpy as np
import tensorflow as tf

rs = np.random.RandomState(0)
x = {"a": rs.rand(48).astype(np.float32), "b": rs.rand(48, 2).astype(np.float32),
     "kind": np.array(["red", "green", "blue", "?"] * 12), "n": rs.randint(0, 50, 48), "m": rs.randint(0, 50, 48)}
y = (x["a"] * 3).astype(np.int32)
two = (x["a"] > .5).astype(np.int32)
real = x["a"] * 2 + x["b"].sum(1)
column = tf.feature_column
a, b = column.numeric_column("a"), column.numeric_column("b", shape=(2,))
bucketized = column.bucketized_column(a, [0.25, 0.5, 0.75])
kind = column.categorical_column_with_vocabulary_list("kind", ["red", "green", "blue"],
                                                      num_oov_buckets=1)
hashed = column.categorical_column_with_hash_bucket("m", 10, tf.int64)
crossed = column.crossed_column([bucketized, "kind"], 20)
identity = column.categorical_column_with_identity("n", 50)
wide = [bucketized, kind, crossed]
deep = [a, b, column.indicator_column(kind), column.embedding_column(identity, 3),
        column.embedding_column(hashed, 2)]
config = tf.estimator.RunConfig(tf_random_seed=5)


def given(labels, epochs):
    return tf.estimator.inputs.numpy_input_fn(x, labels, batch_size=12, num_epochs=epochs,
                                              shuffle=False)


for name, estimator, labels in (
        ("dnn", tf.estimator.DNNClassifier([8, 4], deep, n_classes=3, dropout=0.2, config=config), y),
        ("linear", tf.estimator.LinearClassifier(wide, config=config), two),
        ("both", tf.estimator.DNNLinearCombinedClassifier(
            linear_feature_columns=wide, dnn_feature_columns=deep, dnn_hidden_units=[6],
            config=config), two),
        ("baseline", tf.estimator.BaselineClassifier(n_classes=3, config=config), y),
        ("regress", tf.estimator.DNNRegressor([6], deep, config=config, optimizer="Adam"), real)):
    estimator.train(given(labels, None), steps=6)
    print(name, sorted(estimator.evaluate(given(labels, 1)).items()))
    first = next(iter(estimator.predict(given(None, 1))))
    print(sorted((key, value) for key, value in first.items()))
    print([(v, float(np.abs(estimator.get_variable_value(v)).sum()))
           for v in sorted(estimator.get_variable_names())])
