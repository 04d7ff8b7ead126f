"""Names of tf.keras's metrics and losses, and of what is made when a model is loaded."""
import numpy as np
import tensorflow as tf
K = tf.keras
rs = np.random.RandomState(0)
X, Y = rs.rand(14, 3).astype("f"), rs.rand(14, 3).astype("f")


def show(names):
    # Numbers are compared, so a name is written as one.
    print(names, [sum(map(ord, name)) for name in names])


def two_outputs():
    given = K.Input((3,))
    return K.Model(given, [K.layers.Dense(3, "softmax", kernel_initializer="ones", name=name)(given)
                           for name in ("d", "e")])


for loss, metrics, weighted in (
        ({"d": "cosine_proximity", "e": "logcosh"}, {"d": "cosine_proximity"},
         {"e": ["logcosh", "cosine_similarity"]}),
        (["cosine_similarity", "kld"], [K.losses.kullback_leibler_divergence], None),
        ("mse", [K.metrics.KLDivergence(), K.metrics.CosineSimilarity()], [K.losses.cosine])):
    model = two_outputs()
    model.compile("sgd", loss, metrics=metrics, weighted_metrics=weighted)
    seen = model.fit(X, [Y, Y], verbose=0, shuffle=False, validation_split=.2).history
    show(sorted(seen) + model.metrics_names)
    print([round(float(seen[name][0]), 4) for name in sorted(seen)])
show([one().name for one in (K.losses.KLDivergence, K.losses.LogCosh, K.losses.Huber,
                             K.losses.CosineSimilarity, K.metrics.LogCoshError)])
show([K.losses.serialize(one) for one in (K.losses.KLD, K.losses.logcosh, K.losses.cosine)])
show([K.losses.LogCosh(name="n").name, K.losses.get("huber_loss").__name__])

for optimizer in (K.optimizers.Adam(.01), K.optimizers.SGD(.1, momentum=.9)):
    for length in (0, 1):
        K.backend.clear_session()
        tf.set_random_seed(5)
        model = K.Sequential([K.layers.Dense(2, input_shape=(3,))])
        model.compile(type(optimizer).from_config(optimizer.get_config()), "mse", metrics=["mae"])
        model.predict(X)            # which begins metrics anew
        print(K.backend.get_session().run(tf.random_uniform([2])))
        model.fit(X, Y[:, :2], epochs=length, verbose=0)
        model.save("model.h5")
        K.backend.clear_session()
        tf.set_random_seed(5)
        model = K.models.load_model("model.h5")
        show([variable.name for variable in tf.global_variables()])
        print(K.backend.get_session().run(tf.random_uniform([2])))
        model.fit(X, Y[:, :2], verbose=0)
        print(K.backend.get_session().run(tf.random_uniform([2])))
        show([variable.name for variable in tf.global_variables()])
