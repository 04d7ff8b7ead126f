"""Keras's recurrent layers after masks: what they give and learn, seeds of dropout, names."""
import numpy as np
import tensorflow as tf

L = tf.keras.layers
words = np.array([[1, 2, 0, 0], [3, 0, 4, 0], [0, 0, 0, 0]])
rows = np.random.RandomState(0).randn(3, 4, 2).astype("float32")
rows[0, 2:] = 0
LAYERS = [
    lambda: [L.LSTM(3)],
    lambda: [L.GRU(3, return_sequences=True, dropout=.3)],
    lambda: [L.Bidirectional(L.SimpleRNN(3, recurrent_dropout=.2))],
    lambda: [L.RNN([L.LSTMCell(3), L.GRUCell(2)])],
    lambda: [L.LSTM(3, return_sequences=True, go_backwards=True), L.LSTM(1)],
    lambda: [L.GRU(3, unroll=True)],
]
for given, first in ((words, lambda: L.Embedding(5, 2, mask_zero=True, input_length=4)),
                     (rows, lambda: L.Masking(0., input_shape=(4, 2)))):
    for make in LAYERS:
        tf.keras.backend.clear_session()
        tf.set_random_seed(3)
        np.random.seed(1)
        model = tf.keras.Sequential([first()] + make())
        print([operation.get_attr("seed2") for operation in
               tf.get_default_graph().get_operations() if operation.type == "RandomUniform"])
        print(np.random.randint(1000))
        model.set_weights([np.random.randn(*weight.shape) for weight in model.get_weights()])
        model.compile("sgd", "mse")
        goal = np.ones((3,) + model.output_shape[1:])
        for _ in range(2):
            print("%.4g" % model.train_on_batch(given, goal))
        print(np.round(model.predict(given).astype(float), 3).tolist())
        print([weight.name for weight in model.weights])
