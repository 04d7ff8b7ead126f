"""What a compiled model of Keras is made of, for the seeds derived from the operations' number."""

import importlib

from tf1gan.legacy.names import Restored
from tf1gan.legacy.numbers import shuffling
from tf1gan.legacy.numbers.counts import after


def restore(seeds):
    training, utils, adagrad, ftrl, metrics = (
        importlib.import_module(f"tf_keras.src.{name}") for name in (
            "engine.training_v1", "optimizers.utils", "optimizers.legacy.adagrad",
            "optimizers.legacy.ftrl", "utils.metrics_utils"))
    _added_one_by_one(seeds, training.Model)
    _not_passed_on(utils)
    _from_nothing(adagrad.Adagrad)
    _looked_at_in_python(importlib.import_module("tf_keras.src.engine.training_utils_v1"))
    _begun_anew(importlib.import_module("tf_keras.src.engine.training_arrays_v1"))
    _made_by_training(importlib.import_module("tf_keras.src.saving.legacy.hdf5_format"))
    callbacks = importlib.import_module("tf_keras.src.callbacks")
    _losses_summed(importlib.import_module("tf_keras.src.engine.training_utils_v1"),
                   callbacks.BaseLogger)
    _logs_as_they_are(callbacks.CallbackList)
    after(seeds, ftrl.Ftrl, "apply_gradients", None, "tf.keras.optimizers.Ftrl")
    after(seeds, metrics, "update_confusion_matrix_variables", None,
          "one of tf.keras.metrics' AUC, Precision, Recall and their kin")


def _added_one_by_one(seeds, model):
    """The losses of several outputs, and then those of layers; since 2.3 together."""
    today = model._prepare_total_loss

    def prepare(this, masks):
        total = today(this, masks)
        if all(endpoint.should_skip_target() for endpoint in this._training_endpoints):
            seeds.count_more(2)                 # those of layers were added to 0
        elif total.op.type == "AddN":
            seeds.count_more(len(total.op.inputs) - 2)
        return total
    model._prepare_total_loss = prepare


def _not_passed_on(utils):
    """The gradients of one device were applied as they are; since 2.3 copies of them."""
    from tf1gan.compat import tf
    today = utils.all_reduce_sum_gradients

    def reduced(gradients_and_variables):
        if tf.distribute.has_strategy() or tf.executing_eagerly():
            return today(gradients_and_variables)
        return list(gradients_and_variables)
    utils.all_reduce_sum_gradients = reduced


def _looked_at_in_python(utils):
    """Whether a data set is shuffled was seen without a session, which makes operations here."""
    from tf1gan.compat import tf
    today = utils.verify_dataset_shuffled

    def verify(dataset):
        if tf.executing_eagerly():
            return today(dataset)
        shuffled = shuffling.is_shuffled(dataset)
        if not shuffled:
            utils.logging.warning("Expected a shuffled dataset but input dataset `x` is not "
                                  "shuffled. Please invoke `shuffle()` on input dataset.")
        return shuffled
    utils.verify_dataset_shuffled = verify


def _begun_anew(arrays):
    """`predict` set the metrics to zero, too; left out since 2.3."""
    today = arrays.predict_loop

    def predict_loop(model, *arguments, **named):
        model.reset_metrics()
        return today(model, *arguments, **named)
    arrays.predict_loop = predict_loop


def _losses_summed(utils, logger):
    """An epoch's loss is a sum of 64 bits, which NumPy 1 made of one of 32 and a whole number."""
    import numpy as np
    sums, noted = utils.MetricsAggregator.aggregate, logger.on_batch_end

    def aggregate(this, batch_outs, *more):
        return sums(this, [np.float64(batch_outs[0])] + list(batch_outs[1:]), *more)

    def on_batch_end(this, batch, logs=None):
        return noted(this, batch, {
            name: np.float64(value) if isinstance(value, np.floating)
            and name not in this.stateful_metrics else value
            for name, value in (logs or {}).items()})
    utils.MetricsAggregator.aggregate, logger.on_batch_end = aggregate, on_batch_end


def _logs_as_they_are(kind):
    """Callbacks and histories have NumPy's numbers as they came; since 2.4 Python's."""
    from tf1gan.compat import tf
    today = kind._process_logs

    def process(this, logs, is_batch_hook=False):
        if logs is None or any(map(tf.is_tensor, logs.values())):
            return today(this, logs, is_batch_hook)
        return logs
    kind._process_logs = process


def _from_nothing(kind):
    """optimizer="adagrad", which is made of an empty configuration, began with 0; since 2.3 0.1."""
    today = kind.from_config.__func__

    def from_config(cls, config, custom_objects=None):
        return today(cls, dict({"initial_accumulator_value": 0.}, **config), custom_objects)
    kind.from_config = classmethod(from_config)


def _made_by_training(files):
    """Loading a model made its training, and so what its optimizer keeps; since 2.2 that alone.

    Hence the names of the optimizer's variables, and the number of operations.
    """
    from tf1gan.compat import tf
    load, compiled = files.load_model_from_hdf5, files.saving_utils.try_build_compiled_arguments

    def try_build_compiled_arguments(model):
        compiled(model)
        optimizer = model.optimizer

        def create(variables):
            del optimizer._create_all_weights
            if model._is_graph_network and hasattr(model, "_make_train_function"):
                model._make_train_function()
            elif model._is_graph_network:           # eagerly
                with tf.name_scope(f"training/{optimizer._name}/"):
                    optimizer._create_all_weights(variables)
        if hasattr(optimizer, "_create_all_weights"):
            optimizer._create_all_weights = create

    def load_model_from_hdf5(*arguments, **named):
        model = load(*arguments, **named)
        vars(getattr(model, "optimizer", None) or model).pop("_create_all_weights", None)
        return model
    files.load_model_from_hdf5 = load_model_from_hdf5
    files.saving_utils = Restored("saving_utils", files.saving_utils, dict(
        try_build_compiled_arguments=try_build_compiled_arguments))
