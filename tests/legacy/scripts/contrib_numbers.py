"""Distributions of single numbers of tf.contrib: draws, densities, moments, seeds, errors."""
import numpy as np
import tensorflow as tf

d = tf.contrib.distributions
X = [[.3, 1., 2.], [0., 3., 4.]]
WHOLE = [[0., 1., 5.]]
OF_X = "log_prob prob cdf log_cdf survival_function".split()
OF_ALL = "mean variance stddev mode entropy".split()


def shown(make, x=X, is_drawn=True):
    for known in (True, False):
        with tf.Graph().as_default(), tf.Session() as session:
            tf.set_random_seed(3)

            def given(value):
                value = np.asarray(value, np.float32)
                return tf.constant(value) if known else tf.placeholder_with_default(
                    value, [None] * value.ndim)
            try:
                one = make(given)
            except Exception as error:
                print(len(type(error).__name__))
                continue
            print(one.batch_shape, one.event_shape, one.name, one.dtype, sorted(one.parameters))
            found = [tf.random_uniform([2]), one.batch_shape_tensor(), one.event_shape_tensor()]
            if is_drawn:
                drawn = one.sample([2, 3], seed=7)
                print(drawn.shape)
                found += [drawn, one.sample(2), one.log_prob(drawn), tf.random_uniform([2])]
            session.run(found)
            calls = [(getattr(one, name), given(x)) for name in OF_X] + [
                (one.quantile, given(.3))] + [(getattr(one, name),) for name in OF_ALL]
            for call, *value in calls:
                try:
                    made = call(*value)
                    session.run(tf.where(tf.is_inf(made), 9. * tf.sign(made), made))
                except Exception as error:
                    print(len(type(error).__name__))


shown(lambda c: d.Logistic(c([0., 1., -1.]), c([1., .5, 2.])))
shown(lambda c: d.Logistic(c([[0.], [1.]]), c([1., .5, 2.]), validate_args=True, name="named"))
shown(lambda c: d.Cauchy(c([0., 1., -1.]), c([1., .5, 2.])))
shown(lambda c: d.Cauchy(c([0., 1., -1.]), c([1., .5, 2.]), allow_nan_stats=False))
shown(lambda c: d.HalfNormal(c([1., .5, 2.])))
# Of what draws by a gamma distribution's numbers, which are others today, nothing is drawn.
shown(lambda c: d.InverseGamma(c([1., 2.5, 3.]), c([1., .5, 2.])), is_drawn=False)
shown(lambda c: d.InverseGamma(c([1., 2.5, 3.]), c([1., .5, 2.]), True, False), is_drawn=False)
shown(lambda c: d.InverseGammaWithSoftplusConcentrationRate(c([1., -2.5, 3.]), c([1., .5, 2.])),
      is_drawn=False)
shown(lambda c: d.Chi2(c([1., 2.5, 3.])), is_drawn=False)
shown(lambda c: d.Chi2WithAbsDf(c([1., -2.5, 3.])), is_drawn=False)
shown(lambda c: d.NegativeBinomial(c([4., 5., .6]), probs=c([.2, .5, .9])), is_drawn=False)
shown(lambda c: d.NegativeBinomial(5., c([.2, -.5, -.9]), None, True), WHOLE, is_drawn=False)
shown(lambda c: d.Binomial(c([4., 5., 6.]), probs=c([.2, .5, .9])), is_drawn=False)
shown(lambda c: d.Binomial(5., c([.2, -.5, .9]), validate_args=True), WHOLE, is_drawn=False)
shown(lambda c: d.Geometric(probs=c([.2, .5, .9])))
shown(lambda c: d.Geometric(c([.2, -.5, .9]), validate_args=True), WHOLE)
shown(lambda c: d.Poisson(c([.2, .5, 9.])))
shown(lambda c: d.Poisson(log_rate=c([.2, -.5, .9]), validate_args=True), WHOLE)
shown(lambda c: d.Poisson(c([.2]), c([1.])))
shown(lambda c: d.Poisson(3))
shown(lambda c: d.Deterministic(c([.3, 1., 2.1]), atol=.2))
shown(lambda c: d.Deterministic(c([.3, 1., 2.1]), rtol=.2, validate_args=True))
shown(lambda c: d.VectorDeterministic(c([[.3, 1., 2.1], [1., 2., 3.]]), .1, .1))
shown(lambda c: d.VectorDeterministic(c(.3), validate_args=True))
