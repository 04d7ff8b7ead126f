"""An Estimator of a model function: trained, evaluated, asked, exported, gone on with."""
import os
import tempfile

import numpy as np
import tensorflow as tf

rs = np.random.RandomState(0)
images = rs.rand(64, 6, 6, 1).astype(np.float32)
labels = (images.mean(axis=(1, 2, 3)) * 40).astype(np.int32) % 3


def model(features, labels, mode, params):
    training = mode == tf.estimator.ModeKeys.TRAIN
    h = tf.layers.conv2d(features["x"], 4, 3, activation=tf.nn.relu, use_bias=False)
    h = tf.layers.max_pooling2d(h, 2, 2)
    h = tf.layers.batch_normalization(h, training=training)
    h = tf.layers.dense(tf.layers.flatten(h), params["units"], tf.nn.relu)
    h = tf.layers.dropout(h, 0.3, training=training)
    logits = tf.layers.dense(h, 3)
    classes = tf.argmax(logits, 1)
    predictions = {"classes": classes, "probabilities": tf.nn.softmax(logits, name="softmax")}
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions, export_outputs={
            "classify": tf.estimator.export.PredictOutput(predictions)})
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops={
            "accuracy": tf.metrics.accuracy(labels, classes)})
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        step = tf.train.AdamOptimizer(0.01).minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=step)


def of_data_set():
    data = tf.data.Dataset.from_tensor_slices(({"x": images}, labels))
    return data.shuffle(64, seed=3).batch(16).repeat()


folder = tempfile.mkdtemp()
config = tf.estimator.RunConfig(tf_random_seed=5, save_checkpoints_steps=10, log_step_count_steps=5)
estimator = tf.estimator.Estimator(model, folder, config, params={"units": 8})
of_arrays = tf.estimator.inputs.numpy_input_fn({"x": images}, labels, batch_size=16, num_epochs=None,
                                               shuffle=False)
tensors = tf.train.LoggingTensorHook({"p": "softmax"}, every_n_iter=10)
estimator.train(of_arrays, steps=10, hooks=[tensors])
once = tf.estimator.inputs.numpy_input_fn({"x": images}, labels, batch_size=16, num_epochs=1,
                                          shuffle=False)
print(sorted(estimator.evaluate(once).items()))
estimator.train(of_data_set, max_steps=15)
print(sorted(estimator.evaluate(once, name="again").items()))
for found in list(estimator.predict(once, predict_keys=["probabilities"]))[:3]:
    print(found["probabilities"])
print([(name, float(np.abs(estimator.get_variable_value(name)).sum()))
       for name in sorted(estimator.get_variable_names())])


def served():
    x = tf.placeholder(tf.float32, [None, 6, 6, 1], name="x")
    return tf.estimator.export.ServingInputReceiver({"x": x}, {"x": x})


exported = estimator.export_savedmodel(tempfile.mkdtemp(), served).decode()
with tf.Session(graph=tf.Graph()) as session:
    meta = tf.saved_model.loader.load(session, ["serve"], exported)
    served_by = meta.signature_def["classify"]
    session.run(served_by.outputs["probabilities"].name,
                {served_by.inputs["x"].name: images[:3]})
results = tf.estimator.train_and_evaluate(
    estimator, tf.estimator.TrainSpec(of_data_set, max_steps=30),
    tf.estimator.EvalSpec(once, steps=None, throttle_secs=0, start_delay_secs=0, exporters=[
        tf.estimator.FinalExporter("final", served)]))
print(sorted(results[0].items()))
print(sorted(os.listdir(folder + "/export")))
