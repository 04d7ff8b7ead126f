"""`tf.contrib.distributions`: `tf.distributions`' own, others of numbers, vectors and mixtures."""

import importlib

from tf1gan.legacy import restored
from tf1gan.legacy.names import Later

DROPPED = "2.0"
# Classes that TensorFlow has and does not export, and the module of each.
_HIDDEN = dict(
    BetaWithSoftplusConcentration="beta", ExponentialWithSoftplusRate="exponential",
    GammaWithSoftplusConcentrationRate="gamma", LaplaceWithSoftplusScale="laplace",
    NormalWithSoftplusScale="normal", StudentTWithAbsDfSoftplusScale="student_t")
_OWN = {name: module for module, names in (
    ("_distributions", "ExpRelaxedOneHotCategorical OneHotCategorical RelaxedOneHotCategorical"),
    ("_mixtures", "Mixture"),
    ("_scalars", "Binomial Cauchy Chi2 Chi2WithAbsDf Deterministic Geometric HalfNormal "
                 "InverseGamma InverseGammaWithSoftplusConcentrationRate Logistic "
                 "NegativeBinomial Poisson VectorDeterministic"),
    ("_transformed", "Independent MixtureSameFamily MultivariateNormalDiag "
                     "MultivariateNormalDiagWithSoftplusScale MultivariateNormalFullCovariance "
                     "MultivariateNormalTriL RelaxedBernoulli TransformedDistribution"),
    ("_statistics", "assign_log_moving_mean_exp assign_moving_mean_variance moving_mean_variance "
                    "percentile"),
) for name in names.split()}
_BIJECTORS = """
Affine AffineLinearOperator AffineScalar BatchNormalization Bijector Chain Exp Identity Inline
Invert MaskedAutoregressiveFlow Permute PowerTransform RealNVP Sigmoid Softplus masked_dense
masked_autoregressive_default_template real_nvp_default_template
"""
_OF_TODAY = """
Bernoulli Beta Categorical Dirichlet DirichletMultinomial Distribution Exponential
FULLY_REPARAMETERIZED Gamma Laplace Multinomial NOT_REPARAMETERIZED Normal RegisterKL
ReparameterizationType StudentT Uniform fill_triangular fill_triangular_inverse kl_divergence
matrix_diag_transform reduce_weighted_logsumexp softplus_inverse tridiag
"""
GIVES = " ".join(_OF_TODAY.split() + sorted(_HIDDEN) + sorted(_OWN) + ["bijectors"])
NEEDS = ()
PATHS = ("python.ops",)
_PROBABILITY = "TensorFlow Probability took it over (pip install tensorflow-probability tf-keras)"
REFUSED = dict.fromkeys((
    "Autoregressive", "BatchReshape", "ConditionalDistribution",
    "ConditionalTransformedDistribution", "Kumaraswamy", "MultivariateNormalDiagPlusLowRank",
    "PoissonLogNormalQuadratureCompound", "QuantizedDistribution", "SinhArcsinh",
    "VectorDiffeomixture", "VectorExponentialDiag", "VectorLaplaceDiag", "VectorSinhArcsinhDiag",
    "WishartCholesky", "WishartFull", "estimator_head_distribution_regression"),
    _PROBABILITY)


def make(given):
    from tensorflow.python.ops.distributions import util
    made = {}

    def of(module):
        """The names of one of the modules here, which are made once."""
        if module not in made:
            found = importlib.import_module("tf1gan.legacy.restored.contrib." + module)
            if module in ("_bijectors", "_statistics"):
                made[module] = found.make(given.tf)
            elif module == "_transformed":
                made[module] = found.make(
                    given.tf, of("_bijectors"), of("_scalars"),
                    lambda name: given.seeds.inexact_from_here(
                        "tf.contrib.distributions." + name))
            else:
                made[module] = found.make(given)
        return made[module]

    def hidden(name):
        return Later(lambda: getattr(importlib.import_module(
            "tensorflow.python.ops.distributions." + _HIDDEN[name]), name))
    names = {name: getattr(given.tf.distributions, name) for name in _OF_TODAY.split()
             if hasattr(given.tf.distributions, name)}
    names.update({name: getattr(util, name) for name in _OF_TODAY.split() if hasattr(util, name)})
    def bijector(name):
        found = of("_bijectors")[name]
        return _of_another_count(found, given.seeds) if name.startswith("Affine") \
            and name != "AffineScalar" else found
    names["bijectors"] = restored.Part("tensorflow.contrib.distributions.bijectors", {
        name: Later(lambda name=name: bijector(name)) for name in _BIJECTORS.split()}, {},
        _PROBABILITY, path="tensorflow.contrib.distributions.python.ops.bijectors")
    return dict(names, **{name: hidden(name) for name in _HIDDEN},
                **{name: Later(lambda name=name: of(_OWN[name])[name]) for name in _OWN})


def _of_another_count(kind, seeds):
    """A bijector by a linear operator, that a script makes: what its matrices took is not known."""
    def __init__(this, *arguments, **named):
        kind.__init__(this, *arguments, **named)
        seeds.inexact_from_here(f"tf.contrib.distributions.bijectors.{kind.__name__}")
    return type(kind.__name__, (kind,), dict(__init__=__init__, __doc__=kind.__doc__))
