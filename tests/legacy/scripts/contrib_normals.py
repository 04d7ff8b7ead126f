"""Normal vectors of tf.contrib.distributions: their scales, shapes, names and divergences."""
import tensorflow as tf

d = tf.contrib.distributions
LOC = [[0., 1.], [2., -1.], [.5, .5]]
kinds = [
    d.MultivariateNormalDiag(LOC, [.5, 3.]), d.MultivariateNormalDiag(LOC, name="plain"),
    d.MultivariateNormalDiag(LOC, scale_identity_multiplier=2.),
    d.MultivariateNormalDiag(scale_diag=[[.5, 3.], [1., -2.]], scale_identity_multiplier=.1),
    d.MultivariateNormalDiagWithSoftplusScale([1., 2.], [.5, -3.]),
    d.MultivariateNormalTriL([1., 2.], [[1., 0.], [.3, 2.]]),
    d.MultivariateNormalFullCovariance([1., 2.], [[2., .3], [.3, 1.]])]
print(d.Normal(0., 1.).name)
with tf.Session() as session:
    for one in kinds:
        print(type(one).__name__, one.name, one.batch_shape, one.event_shape, one.bijector.name,
              type(one.scale).__name__, one.distribution.name, sorted(one.parameters))
        values = [one.sample(3, seed=5), one.log_prob([[.3, .4]]), one.mean(), one.mode(),
                  one.variance(), one.stddev(), one.covariance(), one.entropy(),
                  one.scale.to_dense(), one.copy(loc=[3., 4.]).mean()]
        print([value.shape for value in values])
        session.run(values)
    for one in kinds[3:]:
        session.run([d.kl_divergence(one, other) for other in kinds[3:]])
    vector = d.VectorDeterministic([1., 2.], validate_args=True)
    session.run([vector.prob([[1., 2.], [1., 3.]]), d.VectorDeterministic([[1., 2.]]).prob([1.])])
    for wrong in (lambda: vector.prob([1., 2., 3.]), lambda: vector.prob(1.),
                  lambda: d.MultivariateNormalDiag([1., 2.], [1., 2., 3.]).mean(),
                  lambda: d.MultivariateNormalDiag([1, 2], [2, 1]).mean(),
                  lambda: d.MultivariateNormalDiag([1.], [2., 0.], validate_args=True).sample(
                      seed=1)):
        try:
            session.run(wrong())
        except Exception as error:
            print(type(error).__name__)
    for kind in (d.Logistic, d.Cauchy, d.HalfNormal, d.InverseGamma, d.Chi2):
        print(kind.__name__, sorted(kind.param_static_shapes([2, 3]).items()))
        session.run(list(kind.param_shapes([2, 3]).values()))
    twice = d.bijectors.AffineScalar(1., 2.)
    session.run([twice.forward([1., 3.]), twice.inverse([1., 3.])])
    unknown = tf.placeholder_with_default(tf.constant(LOC), None)
    for inner, axes in ((d.Normal(unknown, 1.), None), (d.Bernoulli(unknown), 2),
                        (d.Normal(LOC, 1.), tf.placeholder_with_default(1, []))):
        one = d.Independent(inner, axes)
        print(one.batch_shape, one.event_shape)
        session.run([one.mean(), one.entropy(), one.batch_shape_tensor(),
                     one.event_shape_tensor(), tf.shape(one.sample([3, 1])),
                     one.log_prob(tf.cast(LOC, one.dtype))])
    one = d.MixtureSameFamily(d.Categorical([.1, .2]), d.Normal(unknown, 1.))
    session.run([one.mean(), one.variance(), one.prob([.1, .2, .3]), tf.shape(one.sample([3, 1]))])
    one = d.Mixture(d.Categorical([[.1, .2]]), [d.Normal([1.], 2.), d.Normal([2.], 1.)], True,
                    use_static_graph=True).copy(name="copied")
    print(sorted(one.parameters), one.validate_args, one.name)
