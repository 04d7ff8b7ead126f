"""Distributions of tf.contrib that are made of others: bijectors, flows, normal vectors."""
import numpy as np
import tensorflow as tf

d, rs = tf.contrib.distributions, np.random.RandomState(0)
b = d.bijectors
X = np.array([[.3, 1., 2.], [.2, 3., .4]], np.float32)
TRIL = np.array([[1., 0., 0.], [.3, 2., 0.], [-.5, .2, .7]], np.float32)
NAMES = "prob cdf log_cdf mean variance stddev mode entropy covariance".split()
LOC = np.array([0., 1., -1.], np.float32)


def shown(make, x=X, other=None, is_drawn=True):
    for known in (True, False):
        with tf.Graph().as_default(), tf.Session() as session:
            def given(value):
                value = np.asarray(value, np.float32)
                return tf.constant(value) if known else tf.placeholder_with_default(
                    value, [None] * value.ndim)
            try:
                one = make(given)
            except Exception as error:
                print(len(type(error).__name__))
                continue
            print(one.batch_shape, one.event_shape, one.name)
            found = [one.log_prob(given(x)), one.batch_shape_tensor(), one.event_shape_tensor()]
            if is_drawn:
                found += [one.sample([2, 3], seed=7)]
                print(found[-1].shape)
            if other and known:
                found += [d.kl_divergence(one, other(given))]
            session.run([tf.where(tf.is_inf(made), 9. * tf.sign(made), made)
                         if made.dtype.is_floating else made for made in found])
            for name in NAMES:
                try:
                    made = getattr(one, name)(*[given(x)] * (name in NAMES[:3]))
                    session.run(tf.where(tf.is_inf(made), 9. * tf.sign(made), made))
                except Exception as error:
                    print(len(type(error).__name__))


def changed(bijector, loc=LOC, **named):
    shown(lambda c: d.TransformedDistribution(d.Normal(c(loc), c(1.)), bijector(c), **named))


shown(lambda c: d.MultivariateNormalTriL(c(LOC), c(TRIL)), other=lambda c:
      d.MultivariateNormalTriL(c(LOC + 1), c(TRIL * 2)))
shown(lambda c: d.MultivariateNormalTriL(c([LOC, LOC + 2]), c(TRIL)))
shown(lambda c: d.MultivariateNormalTriL(c([LOC, LOC + 2])))
shown(lambda c: d.MultivariateNormalTriL())
shown(lambda c: d.MultivariateNormalFullCovariance(c(LOC), c(TRIL.dot(TRIL.T)), True))
for simple in (lambda c: b.Exp(), lambda c: b.Softplus(), lambda c: b.Softplus(2.),
               lambda c: b.Chain([b.Exp(), b.AffineScalar(c(.5), c(2.))]), lambda c: None,
               lambda c: b.Chain([b.Exp(), b.Invert(b.Softplus()), b.Softplus()]),
               lambda c: b.Inline(tf.exp, tf.log, lambda y: -tf.log(y), lambda x: x,
                                  forward_min_event_ndims=0), lambda c: b.Invert(b.Sigmoid())):
    changed(simple)
changed(lambda c: b.Affine(c(LOC), scale_tril=c(TRIL)), 0., event_shape=[3])
changed(lambda c: b.Affine(c(LOC), 2., c([1., .5, -2.])), 0., batch_shape=[2], event_shape=[3])
changed(lambda c: b.Affine(c(LOC), scale_identity_multiplier=2.), [0., 1.], event_shape=[3])
changed(lambda c: b.Affine(c(LOC), c(1.5), scale_perturb_factor=c(TRIL[:, :2]),
                           scale_perturb_diag=c([2., .5])), 0., event_shape=[3])
shown(lambda c: d.Independent(d.Normal(c([LOC, LOC + 1]), 2.), 1), other=lambda c:
      d.Independent(d.Normal(c([LOC, LOC - 1]), 1.), 1))
shown(lambda c: d.Independent(d.Normal(c(LOC), 2.), 2))
shown(lambda c: d.RelaxedBernoulli(.5, probs=c([.1, .2, .8])), X / 4)
shown(lambda c: d.MixtureSameFamily(d.Categorical(logits=c([[.3, .7], [1., 2.]])),
                                    d.MultivariateNormalDiag(c([[LOC, LOC + 2]] * 2), c(
                                        [[[1., .1, 2.], [1., .6, 3.]]] * 2))), is_drawn=False)
vectors = rs.randn(4, 6).astype(np.float32)
auto, nvp = b.masked_autoregressive_default_template, b.real_nvp_default_template
for flow in (lambda: b.MaskedAutoregressiveFlow(auto([12, 12])), lambda: b.RealNVP(2, nvp([8])),
             lambda: b.MaskedAutoregressiveFlow(auto([12], True, tf.nn.tanh), True),
             lambda: b.Invert(b.MaskedAutoregressiveFlow(auto([12]))),
             lambda: b.RealNVP(2, nvp([8, 8], shift_only=True)), b.BatchNormalization,
             lambda: b.Chain([b.MaskedAutoregressiveFlow(auto([12])), b.Permute([5, 4, 3, 2, 1, 0]),
                              b.MaskedAutoregressiveFlow(auto([12]))])):
    with tf.Graph().as_default(), tf.Session() as session:
        x, bijector = tf.constant(vectors), flow()
        normal = d.MultivariateNormalDiag(tf.zeros([6]), tf.ones([6]))
        whole = d.TransformedDistribution(normal, bijector)
        density, drawn = whole.log_prob(x), whole.sample(4, seed=5)
        session.run(tf.global_variables_initializer())
        for number, variable in enumerate(tf.trainable_variables()):
            session.run(variable.assign(np.abs(np.random.RandomState(number).randn(
                *variable.shape.as_list())) * .2))
        session.run([density, drawn, tf.gradients(density, tf.trainable_variables()[:1])])
