"""A TPUEstimator without a TPU: trained, evaluated, asked; a scaffold, metrics of tensors."""
import tempfile
import numpy as np
import tensorflow as tf

tpu = tf.contrib.tpu
tf.logging.set_verbosity(tf.logging.ERROR)


def input_fn(params):
    rs = np.random.RandomState(5)
    x = rs.rand(64, 4).astype("float32")
    y = (x.sum(1, keepdims=True) > 2).astype("float32")
    data = tf.data.Dataset.from_tensor_slices((x, y)).repeat()
    return data.batch(params["batch_size"], drop_remainder=True)


def eval_input_fn(params):
    return input_fn(params).take(4)


def model_fn(features, labels, mode, params):
    logits = tf.layers.dense(tf.layers.dense(features, 8, tf.nn.relu), 1)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tpu.TPUEstimatorSpec(mode, predictions={"p": tf.sigmoid(logits)})
    loss = tf.losses.sigmoid_cross_entropy(labels, logits)
    if mode == tf.estimator.ModeKeys.EVAL:
        def metrics(labels, logits):
            return {"accuracy": tf.metrics.accuracy(labels, tf.round(tf.sigmoid(logits)))}
        return tpu.TPUEstimatorSpec(mode, loss=loss, eval_metrics=(metrics, [labels, logits]))
    optimizer = tf.train.AdamOptimizer(0.05)
    if params.get("use_tpu"):
        optimizer = tpu.CrossShardOptimizer(optimizer)
    def scaffold():
        return tf.train.Scaffold()
    return tpu.TPUEstimatorSpec(mode, loss=loss, scaffold_fn=scaffold,
                                train_op=optimizer.minimize(loss, tf.train.get_global_step()))


config = tpu.RunConfig(
    cluster=None, master=None, model_dir=tempfile.mkdtemp(), save_checkpoints_steps=10,
    tf_random_seed=7, tpu_config=tpu.TPUConfig(
        iterations_per_loop=5, num_shards=8,
        per_host_input_for_training=tpu.InputPipelineConfig.PER_HOST_V2))
estimator = tpu.TPUEstimator(use_tpu=False, model_fn=model_fn, config=config, train_batch_size=8,
                             eval_batch_size=8, predict_batch_size=8, params={})
estimator.train(input_fn=input_fn, max_steps=10)
print(sorted((k, round(float(v), 6)) for k, v in estimator.evaluate(eval_input_fn, steps=4).items()))
said = [p["p"] for p in estimator.predict(eval_input_fn)]
print(len(said), np.round(np.ravel(said)[:6], 6))
print(estimator.get_variable_names())
from tensorflow.contrib.tpu.python.ops import tpu_ops  # noqa: E402
from tensorflow.contrib.tpu.python.tpu import tpu_function  # noqa: E402

print(tpu_function.get_tpu_context().number_of_shards or 0,
      tpu_ops.cross_replica_sum.__name__)
