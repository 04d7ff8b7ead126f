"""`tf.contrib.opt`: optimizers that only it had."""

from tf1gan.legacy.names import Restored

DROPPED = "2.0"
GIVES = """
AdaMaxOptimizer AdamWOptimizer AddSignOptimizer DecoupledWeightDecayExtension
ExternalOptimizerInterface LARSOptimizer LazyAdamOptimizer MomentumWOptimizer
MovingAverageOptimizer MultitaskOptimizerWrapper NadamOptimizer PowerSignOptimizer
RegAdagradOptimizer ScipyOptimizerInterface VariableClippingOptimizer
clip_gradients_by_global_norm extend_with_decoupled_weight_decay
"""
NEEDS = ()              # scipy, for ScipyOptimizerInterface, which the script imports itself
PATHS = tuple(f"python.training.{name}" for name in (
    "adamax", "addsign", "external_optimizer", "lars_optimizer", "lazy_adam_optimizer",
    "moving_average_optimizer", "multitask_optimizer_wrapper", "nadam_optimizer", "powersign",
    "reg_adagrad_optimizer", "sign_decay", "variable_clipping_optimizer",
    "weight_decay_optimizers"))
_WORKERS = "it is of several workers"
REFUSED = dict.fromkeys((
    "AGNCustomGetter", "AGNOptimizer", "DropStaleGradientOptimizer", "ElasticAverageCustomGetter",
    "ElasticAverageOptimizer", "ModelAverageCustomGetter", "ModelAverageOptimizer"), _WORKERS)


def make(given):
    from tf1gan.legacy.restored.contrib.opt import adam_kin, around, decay, external, signs
    names = {name: value for module in (adam_kin, around, decay, external, signs)
             for name, value in vars(module).items() if name in GIVES.split()}
    decays = {name: getattr(signs, name) for name in (
        "get_linear_decay_fn", "get_cosine_decay_fn", "get_restart_decay_fn")}
    for module in ("sign_decay", "training", "python"):     # they are in their own module alone
        decays = {module: Restored(module, None, decays)}
    return dict(names, **decays)
