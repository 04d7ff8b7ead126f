"""Experiment: an estimator with its inputs, and what is done with them."""

import math
import os
import time

from tensorflow.python.framework import ops
from tensorflow.python.platform import tf_logging as logging
from tensorflow.python.training import basic_session_run_hooks, checkpoint_management, server_lib
from tensorflow.python.util import compat

from tf1gan.legacy.restored.contrib.learn import validation, watching
from tf1gan.legacy.restored.contrib.learn.arguments import names_of
from tf1gan.legacy.restored.contrib.learn.estimator import Evaluable, Trainable
from tf1gan.legacy.restored.contrib.learn.exports import ExportStrategy
from tf1gan.legacy.restored.contrib.learn.keys import Environment
from tf1gan.legacy.restored.contrib.learn.run_config import RunConfig


def _predicate(function):
    """Whether to go on, of the last results and their checkpoint."""
    if function is None:
        return lambda results, path: True
    if not callable(function):
        raise ValueError("continuous_eval_predicate_fn has to be a function.")
    if "checkpoint_path" in names_of(function):
        return lambda results, path: function(results, checkpoint_path=path)
    return lambda results, path: function(results)


class Experiment:
    """An estimator, the inputs that it is trained and evaluated with, and how often."""

    def __init__(self, estimator, train_input_fn, eval_input_fn, eval_metrics=None,
                 train_steps=None, eval_steps=100, train_monitors=None, eval_hooks=None,
                 local_eval_frequency=None, eval_delay_secs=120,
                 continuous_eval_throttle_secs=60, min_eval_frequency=None,
                 delay_workers_by_global_step=False, export_strategies=None,
                 train_steps_per_iteration=None, checkpoint_and_export=False,
                 saving_listeners=None, check_interval_secs=5):
        self._is_of_contrib = isinstance(estimator, Evaluable) and isinstance(estimator, Trainable)
        if not self._is_of_contrib and not hasattr(estimator, "train"):
            raise ValueError(f"{estimator} is no estimator.")
        if self._is_of_contrib and saving_listeners is not None:
            raise ValueError("saving_listeners are for an estimator of tf.estimator.")
        if not self._is_of_contrib and eval_metrics is not None:
            raise ValueError("An estimator of tf.estimator has its metrics in its EstimatorSpec.")
        self._estimator, self._eval_metrics = estimator, eval_metrics
        self._train_input_fn, self._eval_input_fn = train_input_fn, eval_input_fn
        self._train_steps, self._eval_steps = train_steps, eval_steps
        self._train_monitors, self._eval_hooks = list(train_monitors or []), list(eval_hooks or [])
        self._local_eval_frequency = local_eval_frequency
        self._eval_delay_secs = eval_delay_secs
        self._continuous_eval_throttle_secs = continuous_eval_throttle_secs
        self._min_eval_frequency = 1 if min_eval_frequency is None else min_eval_frequency
        self._delay_workers_by_global_step = delay_workers_by_global_step
        self.reset_export_strategies(export_strategies)
        if not isinstance(train_steps_per_iteration, (int, type(None))):
            raise ValueError("train_steps_per_iteration has to be an integer.")
        self._train_steps_per_iteration = train_steps_per_iteration
        self._checkpoint_and_export = checkpoint_and_export
        self._saving_listeners = saving_listeners
        self._check_interval_secs = check_interval_secs

    @property
    def estimator(self):
        return self._estimator

    @property
    def eval_metrics(self):
        return self._eval_metrics

    @property
    def train_steps(self):
        return self._train_steps

    @property
    def eval_steps(self):
        return self._eval_steps

    def extend_train_hooks(self, additional_hooks):
        self._train_monitors.extend(additional_hooks)

    def reset_export_strategies(self, new_export_strategies=None):
        """Sets new ones, and gives those of before."""
        before = getattr(self, "_export_strategies", ())
        new = new_export_strategies or ()
        new = (new,) if isinstance(new, ExportStrategy) else tuple(new)
        if not all(isinstance(one, ExportStrategy) for one in new):
            raise ValueError(f"export_strategies have to be of ExportStrategy, not {new}.")
        self._export_strategies = new
        return before

    def train(self, delay_secs=None):
        """Trains, until there were `train_steps`. A later worker waits before it begins."""
        config = self._estimator.config
        if config.cluster_spec and config.master:
            if not isinstance(config, RunConfig):
                raise ValueError("Several processes need a RunConfig of tf.contrib.learn.")
            if config.environment not in (Environment.LOCAL, Environment.GOOGLE):
                self._start_server()
        hooks = []
        if delay_secs is None:
            task = config.task_id or 0
            delay_secs = min(60, task * 5)
            if self._delay_workers_by_global_step:
                delay_secs = 0
                hooks.append(basic_session_run_hooks.GlobalStepWaiterHook(
                    int(8000.0 * math.log(task + 1))))
        if delay_secs > 0:
            time.sleep(delay_secs)
        return self._fit(hooks=self._train_monitors + hooks, max_steps=self._train_steps)

    def evaluate(self, delay_secs=None, name=None):
        """Evaluates, after a delay that training may take to begin."""
        self._wait(delay_secs)
        return self._evaluate(self._eval_input_fn, self._eval_steps, name or "one_pass")

    def _wait(self, seconds):
        time.sleep((self._eval_delay_secs if seconds is None else seconds) or 0)

    def local_run(self):
        """train_and_evaluate, as often as local_eval_frequency says."""
        before, self._min_eval_frequency = self._min_eval_frequency, self._local_eval_frequency
        try:
            return self.train_and_evaluate()
        finally:
            self._min_eval_frequency = before

    def train_and_evaluate(self):
        """(results of the last evaluation, what the export strategies gave)."""
        before, config = self._train_monitors, self._estimator.config
        listener = None
        if self._checkpoint_and_export and (config.save_checkpoints_secs
                                            or config.save_checkpoints_steps):
            listener = _AtCheckpoints(self)
            more = [basic_session_run_hooks.CheckpointSaverHook(
                checkpoint_dir=self._estimator.model_dir, save_secs=config.save_checkpoints_secs,
                save_steps=config.save_checkpoints_steps, listeners=[listener])]
        elif self._min_eval_frequency:
            more = [validation.ValidationMonitor(
                input_fn=self._eval_input_fn, eval_steps=self._eval_steps,
                metrics=self._eval_metrics, every_n_steps=self._min_eval_frequency,
                check_interval_secs=self._check_interval_secs, hooks=self._eval_hooks)]
        else:
            more = []
        try:
            self._train_monitors = before + more
            self.train(delay_secs=0)
        finally:
            self._train_monitors = before
        if listener is not None:
            return listener.results, listener.exported
        results = self._evaluate(self._eval_input_fn, self._eval_steps, None)
        return results, self._export(results)

    def continuous_eval(self, delay_secs=None, throttle_delay_secs=None,
                        evaluate_checkpoint_only_once=True, continuous_eval_predicate_fn=None,
                        name="continuous"):
        """Evaluates each checkpoint that another process writes."""
        self._watch(self._eval_input_fn, name, delay_secs, throttle_delay_secs,
                    evaluate_checkpoint_only_once, continuous_eval_predicate_fn, True)

    def continuous_eval_on_train_data(self, delay_secs=None, throttle_delay_secs=None,
                                      continuous_eval_predicate_fn=None,
                                      name="continuous_on_train_data"):
        """The same with the input of training."""
        self._watch(self._train_input_fn, name, delay_secs, throttle_delay_secs, True,
                    continuous_eval_predicate_fn, False)

    def _watch(self, input_fn, name, delay, throttle, only_once, predicate, exports):
        goes_on = _predicate(predicate)
        self._wait(delay)
        throttle = self._continuous_eval_throttle_secs if throttle is None else throttle
        seen, results = None, None
        while goes_on(results, seen) and not self._is_done(results):
            begin, results = time.time(), {}
            path = checkpoint_management.latest_checkpoint(self._estimator.model_dir)
            if path and not (only_once and path == seen):
                results = self._evaluate(input_fn, self._eval_steps, name, path) or {}
                if exports:
                    self._export(results, path)
                seen = path
            time.sleep(max(0, throttle - (time.time() - begin)))

    def continuous_train_and_eval(self, continuous_eval_predicate_fn=None):
        """Trains a part of the steps and evaluates, in turns."""
        goes_on = _predicate(continuous_eval_predicate_fn)
        steps = self._train_steps_per_iteration or (
            1000 if self._train_steps is None else int(self._train_steps / 10))
        path, results, exported = None, None, None
        while goes_on(results, path if results else None) and not self._is_done(results):
            self._fit(hooks=self._train_monitors, steps=steps)
            path = checkpoint_management.latest_checkpoint(self._estimator.model_dir)
            results = self._evaluate(self._eval_input_fn, self._eval_steps, "one_pass", path)
            exported = self._export(results)
        return results, exported

    def _is_done(self, results):
        step = (results or {}).get(ops.GraphKeys.GLOBAL_STEP)
        return bool(step and self._train_steps and step >= self._train_steps)

    def test(self):
        """Trains and evaluates one step each, and exports."""
        self._fit(hooks=self._train_monitors, steps=1)
        results = self._evaluate(self._eval_input_fn, 1, "one_pass", hooks=None)
        self._export(results)
        return results

    def run_std_server(self):
        """Serves variables to other processes, for ever."""
        self._start_server().join()

    def _start_server(self):
        config = self._estimator.config
        if not (config.cluster_spec and config.task_type and config.master):
            raise ValueError("TF_CONFIG has to say the cluster and the task of a server.")
        return server_lib.Server(config.cluster_spec, job_name=config.task_type,
                                 task_index=config.task_id, config=config.tf_config, start=True)

    def _fit(self, hooks, **steps):
        hooks = watching.replace_monitors_with_hooks(hooks, self._estimator)
        if self._is_of_contrib:
            return self._estimator.fit(input_fn=self._train_input_fn, monitors=hooks, **steps)
        return self._estimator.train(input_fn=self._train_input_fn, hooks=hooks,
                                     saving_listeners=self._saving_listeners, **steps)

    def _evaluate(self, input_fn, steps, name, checkpoint_path=None, **more):
        more = dict(dict(hooks=self._eval_hooks), **more)
        if self._is_of_contrib:
            more["metrics"] = self._eval_metrics
        return self._estimator.evaluate(input_fn=input_fn, steps=steps, name=name,
                                        checkpoint_path=checkpoint_path, **more)

    def _export(self, results, checkpoint_path=None):
        base = os.path.join(compat.as_bytes(self._estimator.model_dir), b"export")
        return [strategy.export(self._estimator, os.path.join(base, compat.as_bytes(strategy.name)),
                                checkpoint_path=checkpoint_path, eval_result=results)
                for strategy in self._export_strategies]


class _AtCheckpoints(basic_session_run_hooks.CheckpointSaverListener):
    """Evaluates and exports whenever a checkpoint was saved."""

    def __init__(self, experiment):
        self._experiment = experiment
        self._seen = self.results = self.exported = None

    def after_save(self, session, global_step_value):
        it = self._experiment
        path = checkpoint_management.latest_checkpoint(it.estimator.model_dir)
        if not path or path == self._seen:
            logging.warning("There is no new checkpoint to evaluate.")
            return
        self._seen = path
        self.results = it._evaluate(it._eval_input_fn, it._eval_steps, "intermediate_export", path)
        self.exported = it._export(self.results, path)
