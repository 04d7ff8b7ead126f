"""`tf.contrib.distributions`: `tf.distributions`' own, those of vectors, and mixtures."""

import importlib

from tf1gan.legacy.names import Later

DROPPED = "2.0"
# Classes that TensorFlow has and does not export, and the module of each.
_HIDDEN = dict(
    BetaWithSoftplusConcentration="beta", ExponentialWithSoftplusRate="exponential",
    GammaWithSoftplusConcentrationRate="gamma", LaplaceWithSoftplusScale="laplace",
    NormalWithSoftplusScale="normal", StudentTWithAbsDfSoftplusScale="student_t")
_OWN = dict(
    ExpRelaxedOneHotCategorical="_distributions", OneHotCategorical="_distributions",
    RelaxedOneHotCategorical="_distributions", Mixture="_mixtures",
    MultivariateNormalDiag="_mixtures", MultivariateNormalDiagWithSoftplusScale="_mixtures")
_OF_TODAY = """
Bernoulli Beta Categorical Dirichlet DirichletMultinomial Distribution Exponential
FULLY_REPARAMETERIZED Gamma Laplace Multinomial NOT_REPARAMETERIZED Normal RegisterKL
ReparameterizationType StudentT Uniform fill_triangular kl_divergence matrix_diag_transform
reduce_weighted_logsumexp softplus_inverse
"""
GIVES = " ".join(_OF_TODAY.split() + sorted(_HIDDEN) + sorted(_OWN))
NEEDS = ()
PATHS = ("python.ops",)
_PROBABILITY = "TensorFlow Probability took it over (pip install tensorflow-probability tf-keras)"
REFUSED = dict.fromkeys((
    "MultivariateNormalTriL", "Poisson", "RelaxedBernoulli", "TransformedDistribution",
    "bijectors", "Independent", "Binomial", "Logistic", "Deterministic", "Cauchy", "Chi2",
    "Geometric"), _PROBABILITY)


def make(given):
    from tensorflow.python.ops.distributions import util

    def hidden(name):
        return Later(lambda: getattr(importlib.import_module(
            "tensorflow.python.ops.distributions." + _HIDDEN[name]), name))

    def own(name):
        return Later(lambda: importlib.import_module(
            "tf1gan.legacy.restored.contrib." + _OWN[name]).make(given)[name])
    names = {name: getattr(given.tf.distributions, name) for name in _OF_TODAY.split()
             if hasattr(given.tf.distributions, name)}
    names.update({name: getattr(util, name) for name in _OF_TODAY.split() if hasattr(util, name)})
    return dict(names, **{name: hidden(name) for name in _HIDDEN},
                **{name: own(name) for name in _OWN})
