"""A model of Keras as an Estimator, one begun with another's weights, and a head."""
import numpy as np
import tensorflow as tf

rs = np.random.RandomState(0)
x = rs.rand(40, 3).astype(np.float32)
y = (x.sum(1) > 1.5).astype(np.int32)
config = tf.estimator.RunConfig(tf_random_seed=3)


def of_tensors():
    return tf.data.Dataset.from_tensor_slices(
        ({"first_input": x}, y[:, None].astype(np.float32))).batch(8).repeat()


def given(epochs):
    return tf.estimator.inputs.numpy_input_fn({"x": x}, y, batch_size=8, num_epochs=epochs,
                                              shuffle=False)


model = tf.keras.Sequential([
    tf.keras.layers.Dense(4, "relu", input_shape=(3,), name="first"),
    tf.keras.layers.Dense(1, "sigmoid", name="second")])
model.compile("sgd", "binary_crossentropy", metrics=["accuracy"])
model.set_weights([np.full(weights.shape, 0.1) for weights in model.get_weights()])
estimator = tf.keras.estimator.model_to_estimator(model, config=config)
estimator.train(of_tensors, steps=10)
print(sorted(estimator.evaluate(of_tensors, steps=5).items()), estimator.get_variable_names())

columns = [tf.feature_column.numeric_column("x", (3,))]
first = tf.estimator.DNNClassifier([4], columns, config=config)
first.train(given(None), steps=5)
second = tf.estimator.DNNClassifier([4], columns, config=config, warm_start_from=first.model_dir)
second.train(given(None), steps=1)
print(sorted(second.evaluate(given(1)).items()))


def with_a_head(features, labels, mode):
    return tf.estimator.BinaryClassHead().create_estimator_spec(
        features, mode, tf.layers.dense(features["x"], 1), labels,
        train_op_fn=lambda loss: tf.train.GradientDescentOptimizer(0.1).minimize(
            loss, tf.train.get_global_step()))


third = tf.estimator.Estimator(with_a_head, config=config)
third.train(given(None), steps=4)
print(sorted(third.evaluate(given(1)).items()))
