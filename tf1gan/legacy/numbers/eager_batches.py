"""Batches of Model.fit and its kin in eager execution: their ranks, and what callbacks hear."""

import functools
import importlib
import inspect
import weakref

from tf1gan.compat import tf
from tf1gan.legacy.numbers import eager_parameters, keras_functions

_LOSS, _SIZE = "_loss of the batch", "_size of the batch"


def restore():
    training, adapters, callbacks = (importlib.import_module(f"tf_keras.src.{name}") for name in (
        "engine.training", "engine.data_adapter", "callbacks"))
    for mode in ("train", "test"):
        _by_ranks(training.Model, mode)
        _step(training.Model, mode)
    _losses(training.Model)
    _goes_on(training.Model)
    _losses_of_outputs(importlib.import_module("tf_keras.src.engine.compile_utils"))
    handlers = weakref.WeakKeyDictionary()
    _handlers(adapters.DataHandler, handlers)
    _logs(callbacks, handlers, adapters)
    eager_parameters.restore(training.Model, callbacks, handlers, is_of_tf_train)


# -- Ranks -----------------------------------------------------------------------------------

class _ByRanks:
    """A model's step, traced for each rank of what it is given, and for a batch alone.

    One function would be traced again for an unknown rank, with which labels [n] are not made
    [n, 1] and the loss is that of each label with each prediction.
    """

    def __init__(self, step):
        self._first, self._steps = step, {}
        self.loss = self.size = None            # of the last batch

    def __call__(self, iterator):
        logs = self._step(iterator)(iterator)
        if isinstance(logs, dict) and _LOSS in logs:
            logs = dict(logs)
            self.loss, self.size = logs.pop(_LOSS), logs.pop(_SIZE)
            if _alone and "loss" in logs:
                logs["loss"] = self.loss
        return logs

    def _step(self, iterator):
        if not hasattr(self._first, "python_function"):
            return self._first                  # run eagerly
        key = (bool(_alone), *(
            getattr(getattr(part, "shape", None), "rank", None)
            for part in tf.nest.flatten(getattr(iterator, "element_spec", None))))
        if key not in self._steps:
            self._steps[key] = tf.function(
                self._first.python_function, reduce_retracing=True) \
                if self._steps else self._first
        return self._steps[key]


def _by_ranks(model, mode):
    name, attribute = f"make_{mode}_function", f"{mode}_function"
    today = getattr(model, name)

    @functools.wraps(today)
    def make(this, *arguments, **named):
        made = today(this, *arguments, **named)
        if made is not None and not isinstance(made, _ByRanks):
            made = _ByRanks(made)
            setattr(this, attribute, made)
        return made
    setattr(model, name, make)


# -- What is counted -------------------------------------------------------------------------

_alone = []                                     # something in it: within train_on_batch


def _goes_on(model):
    """Metrics of a batch go on from the call before, and are reset then; since 2.2 first."""
    def of(name):
        today = getattr(model, name)
        parameters = inspect.signature(today)

        @functools.wraps(today)
        def on_batch(this, *arguments, **named):
            if not tf.executing_eagerly():
                return today(this, *arguments, **named)
            given = parameters.bind(this, *arguments, **named)
            given.apply_defaults()
            is_reset = given.arguments["reset_metrics"]
            given.arguments["reset_metrics"] = False
            _alone.append(True)
            try:
                made = today(*given.args, **given.kwargs)
            finally:
                _alone.pop()
            if is_reset:
                this.reset_metrics()
            return made
        setattr(model, name, on_batch)
    for name in ("train_on_batch", "test_on_batch"):
        of(name)


def _losses_of_outputs(utils):
    """The mean of the batches' losses, however large each is; since 2.2 of their rows'."""
    kind = utils.LossesContainer
    today, mean = kind._create_metrics, utils.metrics_mod.Mean

    class OfBatches(mean):
        def update_state(self, values, sample_weight=None):
            return super().update_state(values)

    @functools.wraps(today)
    def create(this):
        today(this)
        this._per_output_metrics = [
            metric and OfBatches(metric.name) for metric in this._per_output_metrics]
    kind._create_metrics = create


# -- What callbacks hear ---------------------------------------------------------------------

_computed = []


def _losses(model):
    today = model.compute_loss

    @functools.wraps(today)
    def compute_loss(this, *arguments, **named):
        loss = today(this, *arguments, **named)
        _computed[:] = [loss]
        return loss
    model.compute_loss = compute_loss


def _step(model, mode):
    """Its logs have the loss and the size of the batch, too, which `_ByRanks` takes out."""
    name = f"{mode}_step"
    today = getattr(model, name)

    @functools.wraps(today)
    def step(this, data):
        del _computed[:]
        with keras_functions.probabilities_taken(is_of_tf_train(this) or _alone):
            logs = today(this, data)
        if not _computed or not isinstance(logs, dict) \
                or this.distribute_strategy.num_replicas_in_sync > 1 \
                or not isinstance(getattr(this, f"{mode}_function"), _ByRanks):
            return logs
        return dict(logs, **{_LOSS: _computed.pop(), _SIZE: _rows(data)})
    setattr(model, name, step)


def _rows(data):
    first = tf.nest.flatten(data)[0]
    if isinstance(first, tf.SparseTensor):
        return first.dense_shape[0]
    return first.nrows() if isinstance(first, tf.RaggedTensor) else tf.shape(first)[0]


def _handlers(kind, handlers):
    """Which one gives the batches to a model now."""
    begin, today = kind.__init__, kind.steps

    def note(this):
        if this._model is not None:
            handlers[this._model] = this

    @functools.wraps(begin)
    def __init__(this, *arguments, **named):
        begin(this, *arguments, **named)
        note(this)

    @functools.wraps(today)
    def steps(this):
        for step in today(this):
            note(this)
            yield step
    kind.__init__, kind.steps = __init__, steps


class _Logs(dict):
    """A batch's, which know what they would be today: means of the epoch."""


def _logs(callbacks, handlers, adapters):
    """A batch's loss is its own, and logs have its number and size; since 2.2 the epoch's mean."""
    kind, bar = callbacks.CallbackList, callbacks.ProgbarLogger
    today = kind._call_batch_hook_helper

    @functools.wraps(today)
    def call(this, hook_name, batch, logs):
        mode, when = hook_name.split("_")[1], hook_name.split("_")[-1]
        step = getattr(getattr(this, "model", None), f"{mode}_function", None)
        if (mode == "predict" or isinstance(step, _ByRanks)) and tf.executing_eagerly() \
                and not all(isinstance(each, (bar, callbacks.History)) for each in this.callbacks):
            if when == "begin" or mode == "predict":
                size = _size(handlers.get(this.model), batch, adapters, this.model)
                logs = _as_it_is_known(batch, size, logs)
            elif step.loss is not None:
                logs = _of_the_batch(step, batch, logs)
        return today(this, hook_name, batch, logs)
    kind._call_batch_hook_helper = call

    def of_the_epoch(name):
        hook = getattr(bar, name)

        @functools.wraps(hook)
        def on_batch_end(this, batch, logs=None):
            return hook(this, batch, getattr(logs, "today", logs))
        setattr(bar, name, on_batch_end)
    for name in ("on_train_batch_end", "on_test_batch_end", "on_predict_batch_end"):
        of_the_epoch(name)


def _of_the_batch(step, batch, logs):
    made = _Logs(batch=batch, size=int(step.size))
    for name, value in (logs or {}).items():
        value = step.loss if name == "loss" else value
        made[name] = value.numpy() if tf.is_tensor(value) and hasattr(value, "numpy") else value
    made.today = logs
    return made


def _as_it_is_known(batch, size, logs):
    """A batch's that begins, or was predicted."""
    made = _Logs(batch=batch) if size is None else _Logs(batch=batch, size=size)
    made.today = logs
    if logs and "outputs" in logs:
        made["outputs"] = [part.numpy() if hasattr(part, "numpy") else part
                           for part in tf.nest.flatten(logs["outputs"])]
        made.setdefault("size", len(made["outputs"][0]))
    return made


def _size(handler, batch, adapters, model):
    """Of a batch that begins, where it is known: not of generators, nor of tf.train's data sets."""
    adapter = getattr(handler, "_adapter", None)
    if isinstance(adapter, adapters.TensorLikeDataAdapter):
        last = adapter.get_size() - 1
        return adapter.partial_batch_size() \
            if batch == last and adapter.has_partial_batch() else adapter.batch_size()
    if isinstance(adapter, adapters.DatasetAdapter) and not is_of_tf_train(model):
        return 1
    return None


def is_of_tf_train(model):
    """Whether a model's optimizer is one of tf.train's: 1.15 trained it by a loop of its own."""
    kind = importlib.import_module("tf_keras.src.optimizers").TFOptimizer
    return isinstance(getattr(model, "optimizer", None), kind)
