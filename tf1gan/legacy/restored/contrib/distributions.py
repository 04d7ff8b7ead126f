"""`tf.contrib.distributions`: those that are `tf.distributions`' own classes."""

DROPPED = "2.0"
GIVES = """
Bernoulli Beta Categorical Dirichlet DirichletMultinomial Distribution Exponential
FULLY_REPARAMETERIZED Gamma Laplace Multinomial NOT_REPARAMETERIZED Normal RegisterKL
ReparameterizationType StudentT Uniform fill_triangular kl_divergence matrix_diag_transform
reduce_weighted_logsumexp softplus_inverse
"""
NEEDS = ()
PATHS = ("python.ops",)
_PROBABILITY = "TensorFlow Probability took it over (pip install tensorflow-probability tf-keras)"
REFUSED = dict.fromkeys((
    "Mixture", "MultivariateNormalDiag", "MultivariateNormalTriL", "OneHotCategorical", "Poisson",
    "RelaxedBernoulli", "RelaxedOneHotCategorical", "TransformedDistribution", "bijectors",
    "Independent", "Binomial", "Logistic", "Deterministic", "Cauchy", "Chi2", "Geometric"),
    _PROBABILITY)


def make(given):
    from tensorflow.python.ops.distributions import util
    names = {name: getattr(given.tf.distributions, name) for name in GIVES.split()
             if hasattr(given.tf.distributions, name)}
    names.update({name: getattr(util, name) for name in GIVES.split() if hasattr(util, name)})
    return names
