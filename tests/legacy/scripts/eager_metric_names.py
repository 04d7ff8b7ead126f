"""Names of Keras's metrics and of a loaded model's optimizer in eager execution."""
import numpy as np
import tensorflow as tf
tf.enable_eager_execution()
K = tf.keras
rs = np.random.RandomState(0)
X, Y = rs.rand(14, 3).astype("f"), rs.rand(14, 3).astype("f")


def show(names):
    # Numbers are compared, so a name is written as one.
    print(names, [sum(map(ord, name)) for name in names])


for metrics in (["cosine_proximity", "logcosh"], ["cosine_similarity"],
                [K.losses.kullback_leibler_divergence], [K.metrics.KLDivergence()]):
    model = K.Sequential([K.layers.Dense(3, "softmax", input_shape=(3,),
                                         kernel_initializer="ones")])
    model.compile(K.optimizers.Adam(.01), "kld", metrics=metrics, weighted_metrics=["logcosh"])
    seen = model.fit(X, Y, verbose=0, shuffle=False, validation_split=.2).history
    show(sorted(seen) + model.metrics_names)
    print([round(float(seen[name][0]), 4) for name in sorted(seen)])
model.compile(K.optimizers.Adam(.01), "mse")
model.fit(X, Y, verbose=0)
model.save("model.h5")
K.backend.clear_session()
model = K.models.load_model("model.h5")
show([variable.name for variable in model.optimizer.weights])
model.fit(X, Y, verbose=0)
show([variable.name for variable in model.optimizer.weights])
