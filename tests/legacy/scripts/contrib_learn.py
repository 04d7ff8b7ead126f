"""tf.contrib.learn's estimators: canned ones, one of a function, monitors, an Experiment."""

import tempfile

import numpy as np
import tensorflow as tf
from tensorflow.contrib import learn
from tensorflow.contrib.learn.python.learn import learn_runner
from tensorflow.contrib.learn.python.learn.estimators import model_fn as model_fn_lib

layers = tf.contrib.layers
random = np.random.RandomState(0)
flowers = random.randn(60, 4).astype(np.float32)
kinds = np.arange(60) % 3
flowers[:, 0] += kinds
config = learn.RunConfig(tf_random_seed=1)


def show(estimator):
    for name in sorted(estimator.get_variable_names()):
        print(name, np.abs(estimator.get_variable_value(name)).sum())


# Iris, by hidden layers, and houses, by arrays.
columns = [layers.real_valued_column("", dimension=4)]
classifier = learn.DNNClassifier(feature_columns=columns, hidden_units=[8, 6], n_classes=3,
                                 config=config)
classifier.fit(x=flowers, y=kinds, steps=15)
show(classifier)
print(classifier.evaluate(x=flowers, y=kinds)["accuracy"], list(classifier.predict(flowers[:9])))
print(classifier.predict_proba(flowers[:2], as_iterable=False))
regressor = learn.DNNRegressor([5], learn.infer_real_valued_columns_from_input(flowers),
                               config=config)
regressor.fit(x=flowers, y=flowers.sum(axis=1, keepdims=True), steps=10, batch_size=16)
print(regressor.evaluate(x=flowers, y=flowers.sum(axis=1), metrics={
    "error": tf.contrib.metrics.streaming_mean_absolute_error})["error"])


# The wide and deep model, of made-up people.
def people():
    names = random.choice(["ba", "ma", "phd"], 40), random.choice(["x", "y", "z"], 40)
    features = {name: tf.SparseTensor([[row, 0] for row in range(40)], values, [40, 1])
                for name, values in zip(("education", "occupation"), names)}
    features["age"] = tf.constant(random.uniform(17, 80, 40).astype(np.float32))
    return features, tf.constant(np.arange(40) % 2)


education = layers.sparse_column_with_keys("education", ["ba", "ma", "phd"])
occupation = layers.sparse_column_with_hash_bucket("occupation", 50)
age = layers.real_valued_column("age")
ages = layers.bucketized_column(age, [18, 30, 50])
both = learn.DNNLinearCombinedClassifier(
    linear_feature_columns=[education, ages, layers.crossed_column([education, occupation], 100),
                            layers.crossed_column([ages, occupation], 100)],
    dnn_feature_columns=[layers.embedding_column(education, 4), age,
                         layers.embedding_column(occupation, 4)],
    dnn_hidden_units=[6, 3], config=config, fix_global_step_increment_bug=True)
both.fit(input_fn=people, steps=4)
show(both)
random.seed(3)
print(sorted(both.evaluate(input_fn=people, steps=1).items()))


# A model of a function, validated as it is trained.
def convolutional(features, labels, mode, params):
    net = tf.layers.conv2d(tf.reshape(features, [-1, 2, 2, 1]), 3, 2, activation=tf.nn.relu)
    net = tf.layers.dropout(tf.reshape(net, [-1, 3]), 0.3, training=mode == learn.ModeKeys.TRAIN)
    logits = tf.layers.dense(net, 3)
    loss = train_op = None
    if mode != learn.ModeKeys.INFER:
        loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    if mode == learn.ModeKeys.TRAIN:
        train_op = layers.optimize_loss(loss, tf.contrib.framework.get_global_step(),
                                        params["rate"], "SGD")
    return model_fn_lib.ModelFnOps(mode=mode, loss=loss, train_op=train_op, predictions={
        "classes": tf.argmax(logits, 1), "probabilities": tf.nn.softmax(logits)})


accuracy = learn.MetricSpec(tf.metrics.accuracy, prediction_key="classes")
monitor = learn.monitors.ValidationMonitor(
    flowers, kinds, every_n_steps=4, metrics={"accuracy": accuracy}, check_interval_secs=None,
    early_stopping_rounds=20)
own = learn.SKCompat(learn.Estimator(
    model_fn=convolutional, params={"rate": 0.5},
    config=learn.RunConfig(tf_random_seed=2, save_checkpoints_steps=4)))
own.fit(flowers, kinds, batch_size=10, steps=12, monitors=[monitor])
print(monitor.best_step, monitor.best_value, own.predict(flowers[:3])["probabilities"])
print(own.score(flowers, kinds, metrics={"accuracy": accuracy}))


def experiment(run_config, hparams):
    return learn.Experiment(
        learn.LinearClassifier(columns, n_classes=hparams.classes, config=run_config),
        lambda: (tf.constant(flowers), tf.constant(kinds)),
        lambda: (tf.constant(flowers), tf.constant(kinds)), train_steps=6, eval_steps=1)


print(learn_runner.run(experiment, run_config=learn.RunConfig(
    model_dir=tempfile.mkdtemp(), tf_random_seed=1),
    hparams=tf.contrib.training.HParams(classes=3))[0]["loss"])
