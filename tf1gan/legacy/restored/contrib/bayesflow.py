"""`tf.contrib.bayesflow`, of which 1.15.5 had Monte Carlo estimates of expectations."""

from tf1gan.legacy import restored

DROPPED = "2.0"
GIVES = "monte_carlo"
NEEDS = ()
PATHS = ("python.ops",)
REFUSED = {}            # what there was before, 1.15.5 has no more


def make(given):
    tf = given.tf

    def expectation(f, samples, log_prob=None, use_reparametrization=True, axis=0,
                    keep_dims=False, name=None):
        """The mean of f of samples over an axis, with a gradient.

        Args:
          log_prob: of samples, where `use_reparametrization` is False: the gradient then goes
            through it, and not through the samples.
        """
        with tf.name_scope(name, "expectation", [samples]):
            if not callable(f):
                raise ValueError(f"f is a function, not {f}.")
            if use_reparametrization:
                return tf.reduce_mean(f(samples), axis=axis, keepdims=keep_dims)
            if not callable(log_prob):
                raise ValueError(f"log_prob is a function, not {log_prob}.")
            x = tf.stop_gradient(samples)
            density, value = log_prob(x), f(x)
            value += tf.stop_gradient(value) * (density - tf.stop_gradient(density))
            return tf.reduce_mean(value, axis=axis, keepdims=keep_dims)

    def drawn(q, z, n, seed):
        with tf.name_scope("get_samples", values=[z, n]):
            if (n is None) == (z is None):
                raise ValueError("Either n or z is needed, and not both.")
            return tf.convert_to_tensor(z, name="z") if n is None else q.sample(n, seed=seed)

    def mean_of_logs(logs):
        """The logarithm of the mean."""
        largest = tf.stop_gradient(tf.reduce_max(logs, axis=[0]))
        return tf.log(tf.reduce_mean(tf.exp(logs - largest), axis=[0])) + largest

    def expectation_importance_sampler(f, log_p, sampling_dist_q, z=None, n=None, seed=None,
                                       name="expectation_importance_sampler"):
        """The mean of f under a density, by n samples z of another distribution."""
        with tf.name_scope(name, values=[z, n]):
            z = drawn(sampling_dist_q, z, n, seed)
            log_p_z, log_q_z, value = log_p(z), sampling_dist_q.log_prob(z), f(z)
            above, below = (tf.log(tf.nn.relu(part) + 1.) for part in (value, -1. * value))
            above, below = (mean_of_logs(part + log_p_z - log_q_z) for part in (above, below))
        return tf.exp(above) - tf.exp(below)

    def expectation_importance_sampler_logspace(
            log_f, log_p, sampling_dist_q, z=None, n=None, seed=None,
            name="expectation_importance_sampler_logspace"):
        """The logarithm of such a mean, of a function that is given by its logarithm."""
        with tf.name_scope(name, values=[z, n]):
            z = drawn(sampling_dist_q, z, n, seed)
            return mean_of_logs(log_f(z) + log_p(z) - sampling_dist_q.log_prob(z))
    names = dict(expectation=expectation,
                 expectation_importance_sampler=expectation_importance_sampler,
                 expectation_importance_sampler_logspace=expectation_importance_sampler_logspace)
    return dict(monte_carlo=restored.Part("tensorflow.contrib.bayesflow.monte_carlo", names, {}))
