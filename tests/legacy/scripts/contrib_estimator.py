"""tf.contrib.estimator: what is put around an estimator, and heads of every kind."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib.estimator.python.estimator import extenders

contrib, rs = tf.contrib.estimator, np.random.RandomState(0)
x = rs.randn(32, 4).astype(np.float32)
weights = rs.rand(32, 1).astype(np.float32)
numbers = (x.dot(np.array([[0.5], [-1.0], [2.0], [0.1]])) + 0.3).astype(np.float32)
config = tf.estimator.RunConfig(tf_random_seed=5)


def inputs(labels, steps=None):
    return tf.estimator.inputs.numpy_input_fn(
        {"x": x, "w": weights}, labels, batch_size=8, shuffle=False, num_epochs=steps)


def shown(estimator, labels, steps=12):
    estimator.train(inputs(labels), steps=steps)
    print(sorted((name, float(value)) for name, value in estimator.evaluate(
        inputs(labels, 1)).items()))
    for found in list(estimator.predict(inputs(None, 1)))[:2]:
        print([(str(name), np.asarray(value, np.float64).tolist())
               for name, value in sorted(found.items(), key=str)
               if np.asarray(value).dtype.kind in "fiu"])
    return estimator


def with_head(head, labels, optimizer=None):
    def model(features, labels, mode):
        h = tf.layers.dense(features["x"], 3, tf.nn.tanh)
        logits = tf.layers.dense(h, head.logits_dimension)
        return head.create_estimator_spec(features, mode, logits, labels, train_op_fn=lambda loss: (
            optimizer or tf.train.GradientDescentOptimizer(0.3)).minimize(
                loss, tf.train.get_global_step()))
    return shown(tf.estimator.Estimator(model, config=config), labels)


column = tf.feature_column.numeric_column("x", [4])
clipped = contrib.clip_gradients_by_norm(tf.train.AdamOptimizer(0.1), 0.5)
print(len(clipped.get_name()), clipped.get_slot_names())
linear = tf.estimator.LinearRegressor([column], config=config, optimizer=clipped)
linear = contrib.add_metrics(linear, lambda labels, predictions: {
    "rmse": tf.metrics.root_mean_squared_error(labels, predictions["predictions"])})
linear = extenders.forward_features(linear, ["w"])
shown(linear, numbers)
deep = tf.estimator.DNNRegressor([3], [column], config=config, optimizer=contrib.
                                 clip_gradients_by_norm(tf.train.MomentumOptimizer(0.1, 0.9), 0.1))
shown(contrib.forward_features(deep), numbers)
classes = rs.randint(0, 3, [32, 1])
several = rs.randint(0, 2, [32, 3])
with_head(contrib.multi_class_head(3, "w"), classes)
with_head(contrib.binary_classification_head(thresholds=[0.3]), several[:, :1])
with_head(contrib.regression_head(label_dimension=1), numbers)
with_head(contrib.poisson_regression_head(), classes.astype(np.float32))
with_head(contrib.logistic_regression_head("w"), weights)
labels = contrib.multi_label_head(3, "w", [0.4, 0.6], name="labels",
                                  classes_for_class_based_metrics=[0, 2])
with_head(labels, several)
with_head(contrib.multi_label_head(3, loss_reduction=tf.losses.Reduction.SUM), several)
with_head(contrib.multi_head([labels, contrib.regression_head(name="number")], [0.5, 2.0]),
          dict(labels=several, number=numbers), tf.train.GradientDescentOptimizer(0.02))
both = contrib.multi_head([contrib.multi_class_head(3, name="one"),
                           contrib.regression_head(name="two")], [1.0, 2.0])
with tf.Graph().as_default(), tf.Session() as session:
    tf.set_random_seed(4)
    logits = tf.placeholder_with_default(x, [None, None])
    loss = both.create_loss({}, "eval", logits, dict(one=tf.constant(classes),
                                                     two=tf.constant(numbers)))
    print([float(value) for value in session.run([
        loss.training_loss, loss.weights["one"], loss.weights["two"], tf.random_uniform([])])])
for call in (lambda: contrib.multi_label_head(1), lambda: contrib.multi_label_head(3, thresholds=[2]),
             lambda: contrib.multi_label_head(3, label_vocabulary=["a"]),
             lambda: contrib.multi_head([]), lambda: contrib.multi_head([labels], [1, 2]),
             lambda: contrib.multi_head([contrib.regression_head()]),
             lambda: contrib.add_metrics(deep, lambda other: {}),
             lambda: contrib.forward_features(deep, 3), lambda: contrib.forward_features(deep, [3]),
             lambda: list(contrib.forward_features(deep, "none").predict(inputs(None, 1))),
             lambda: contrib.multi_class_head(2)):
    try:
        call()
        print(0)
    except Exception as error:
        print(len(type(error).__name__))
