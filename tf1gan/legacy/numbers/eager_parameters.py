"""What callbacks find in `self.params` in eager execution; since 2.2 three of the seven."""

import functools
import importlib
import inspect

from tf1gan.compat import tf

_running = []           # (name, named arguments) of the calls of fit and its kin that go on


def restore(model, callbacks, handlers, is_of_tf_train):
    """Args:
      model: the class.
      callbacks: the module.
      handlers: a model -> the DataHandler that gives it its batches.
      is_of_tf_train: whether a model's optimizer is one of tf.train's.
    """
    for name in ("fit", "evaluate", "predict"):
        _noted(model, name)
    _parameters(callbacks.CallbackList, handlers, is_of_tf_train)
    _filled_in(callbacks)


def _noted(model, name):
    today = getattr(model, name)
    parameters = inspect.signature(today)

    @functools.wraps(today)
    def run(this, *arguments, **named):
        _running.append((name, parameters.bind(this, *arguments, **named).arguments))
        try:
            return today(this, *arguments, **named)
        finally:
            _running.pop()
    setattr(model, name, run)


def _parameters(kind, handlers, is_of_tf_train):
    today = kind.set_params

    @functools.wraps(today)
    def set_params(this, params):
        handler = handlers.get(getattr(this, "model", None))
        if tf.executing_eagerly() and handler is not None and _running and "steps" in params:
            params = _whole(*_running[-1], this.model, handler, params,
                            is_of_tf_train(this.model))
        today(this, params)
    kind.set_params = set_params


def _whole(name, given, model, handler, params, is_of_tf_train):
    adapter, steps = handler._adapter, params["steps"]
    adapters = importlib.import_module("tf_keras.src.engine.data_adapter")
    batch_size, rows = given.get("batch_size"), None
    has_steps = given.get("steps_per_epoch", given.get("steps")) is not None
    if isinstance(adapter, adapters.TensorLikeDataAdapter):
        rows = adapter.get_size() * adapter.batch_size()
        if adapter.has_partial_batch():
            rows += adapter.partial_batch_size() - adapter.batch_size()
        if batch_size is None:
            batch_size = 32 if not has_steps else None if is_of_tf_train else rows // steps
    known = steps if has_steps else None
    if is_of_tf_train:
        samples = known or rows or steps
    else:
        samples = rows or known if name == "fit" else rows is not None
    validates = name == "fit" and bool(
        given.get("validation_split") or given.get("validation_data") is not None)
    return dict(params, batch_size=batch_size, samples=samples, do_validation=validates,
                metrics=_Names(model, name, validates))


class _Names(list):
    """A model's metrics, whose names are known once it has seen a batch."""

    def __init__(self, model, name, validates):
        super().__init__()
        self._model, self._name, self._validates = model, name, validates
        self.fill_in()

    def fill_in(self):
        if self._name != "predict":
            names = self._model.metrics_names
            self[:] = names + [f"val_{name}" for name in names if self._validates]


def _filled_in(callbacks):
    """Before a callback is called."""
    kind = callbacks.CallbackList

    def before(name):
        today = getattr(kind, name)

        @functools.wraps(today)
        def call(this, *arguments, **named):
            names = getattr(this, "params", {}).get("metrics")
            if isinstance(names, _Names):
                names.fill_in()
                for each in this.callbacks:
                    if isinstance(each, callbacks.BaseLogger):
                        each.stateful_metrics = this.model.metrics_names[1:]
            return today(this, *arguments, **named)
        setattr(kind, name, call)
    for name in ("on_epoch_begin", "_call_batch_hook_helper", "on_epoch_end"):
        before(name)
