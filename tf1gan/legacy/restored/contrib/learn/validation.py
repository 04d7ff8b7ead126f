"""ValidationMonitor: evaluates a model while it is trained."""

import copy
import time

from tensorflow.python.platform import tf_logging as logging
from tensorflow.python.training import checkpoint_management

from tf1gan.legacy.restored.contrib.learn.watching import EveryN


class ValidationMonitor(EveryN):
    """Evaluates the model where there is a new checkpoint, and may stop training early."""

    def __init__(self, x=None, y=None, input_fn=None, batch_size=None, eval_steps=None,
                 every_n_steps=100, metrics=None, hooks=None, early_stopping_rounds=None,
                 early_stopping_metric="loss", early_stopping_metric_minimize=True, name=None,
                 check_interval_secs=5):
        super().__init__(every_n_steps=every_n_steps, first_n_steps=-1)
        if x is None and input_fn is None:
            raise ValueError("Either x or input_fn is needed.")
        self.x, self.y, self.input_fn, self.batch_size = x, y, input_fn, batch_size
        self.eval_steps, self.metrics, self.hooks, self.name = eval_steps, metrics, hooks, name
        self.early_stopping_rounds = early_stopping_rounds
        self.early_stopping_metric = early_stopping_metric
        self.early_stopping_metric_minimize = early_stopping_metric_minimize
        self._best_value_step = self._best_value = self._best_metrics = None
        self._early_stopped = False
        self._latest_path = self._last_checkpoint_check_time = None
        self._check_interval_secs = check_interval_secs

    @property
    def early_stopped(self):
        return self._early_stopped

    @property
    def best_step(self):
        return self._best_value_step

    @property
    def best_value(self):
        return self._best_value

    @property
    def best_metrics(self):
        return self._best_metrics

    def every_n_step_end(self, step, outputs):
        super().every_n_step_end(step, outputs)
        if self._estimator is None:
            raise ValueError("set_estimator was not called.")
        if not self._is_new_checkpoint():
            return False
        found = self._evaluated()
        logging.info("Validation (step %d): %s", step, ", ".join(
            f"{name} = {value}" for name, value in found.items()))
        if self.early_stopping_rounds is None:
            return False
        if self.early_stopping_metric not in found:
            raise ValueError(f"There is no metric {self.early_stopping_metric} to stop by among "
                             f"{sorted(found)}.")
        value = found[self.early_stopping_metric]
        if self._best_value is None or (value < self._best_value
                                        if self.early_stopping_metric_minimize
                                        else value > self._best_value):
            self._best_value, self._best_value_step = value, step
            self._best_metrics = copy.deepcopy(found)
        if step - self._best_value_step < self.early_stopping_rounds:
            return False
        logging.info("Stopping. Best step: %s with %s = %s.", self._best_value_step,
                     self.early_stopping_metric, self._best_value)
        self._early_stopped = True
        return True

    def _is_new_checkpoint(self):
        """Whether it is time to look for one, and there is one."""
        now, last = time.time(), self._last_checkpoint_check_time
        if self._check_interval_secs is not None and last is not None \
                and now - last <= self._check_interval_secs:
            return False
        self._last_checkpoint_check_time = now
        path = checkpoint_management.latest_checkpoint(self._estimator.model_dir)
        if path is None or path == self._latest_path:
            return False
        self._latest_path = path
        return True

    def _evaluated(self):
        named = dict(input_fn=self.input_fn, steps=self.eval_steps, hooks=self.hooks,
                     name=self.name)
        more = dict(x=self.x, y=self.y, batch_size=self.batch_size, metrics=self.metrics)
        if hasattr(self._estimator, "fit"):
            return self._estimator.evaluate(**dict(named, **more))
        if any(value is not None for value in more.values()):
            raise ValueError("tf.estimator.Estimator takes no x, y, batch_size and metrics.")
        return self._estimator.evaluate(**named)
