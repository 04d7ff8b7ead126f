"""Monitors: what is asked and done between the steps of training, before there were hooks."""

import os
import time

import numpy as np
from tensorflow.core.framework.summary_pb2 import Summary
from tensorflow.core.util.event_pb2 import SessionLog
from tensorflow.python.framework import ops
from tensorflow.python.platform import tf_logging as logging
from tensorflow.python.summary.writer import writer, writer_cache

from tf1gan.legacy.restored.contrib.learn.watching import BaseMonitor, EveryN, output_of


def get_default_monitors(loss_op=None, summary_op=None, save_summary_steps=100, output_dir=None,
                         summary_writer=None):
    """A monitor that prints the loss, and one that saves summaries, where these are given."""
    made = [] if loss_op is None else [PrintTensor(tensor_names={"loss": loss_op.name})]
    if summary_op is not None:
        made.append(SummarySaver(summary_op, save_steps=save_summary_steps, output_dir=output_dir,
                                 summary_writer=summary_writer))
    return made


def _log(said, names, outputs):
    logging.info("%s: %s", said, ", ".join(
        f"{tag} = {output_of(outputs, name)}" for tag, name in names.items() if name in outputs))


class StopAtStep(BaseMonitor):
    """Stops after a number of steps, or at a step."""

    def __init__(self, num_steps=None, last_step=None):
        super().__init__()
        if (num_steps is None) == (last_step is None):
            raise ValueError("Either num_steps or last_step is needed.")
        self._num_steps, self._last_step = num_steps, last_step

    @property
    def run_on_all_workers(self):
        return True

    def step_begin(self, step):
        super().step_begin(step)
        if self._last_step is None:
            self._last_step = step + self._num_steps - 1
        return []

    def step_end(self, step, output):
        super().step_end(step, output)
        return step >= self._last_step


class PrintTensor(EveryN):
    """Logs tensors."""

    def __init__(self, tensor_names, every_n=100, first_n=1):
        super().__init__(every_n, first_n)
        self._tensor_names = tensor_names if isinstance(tensor_names, dict) else {
            name: name for name in tensor_names}

    def every_n_step_begin(self, step):
        return list(self._tensor_names.values())

    def every_n_step_end(self, step, outputs):
        _log(f"Step {step}", self._tensor_names, outputs)


class LoggingTrainable(EveryN):
    """Logs the trainable variables of a scope."""

    def __init__(self, scope=None, every_n=100, first_n=1):
        super().__init__(every_n, first_n)
        self._scope = scope

    def every_n_step_begin(self, step):
        self._names = {variable.name: variable.value().name for variable in ops.get_collection(
            ops.GraphKeys.TRAINABLE_VARIABLES, scope=self._scope)}
        return list(self._names.values())

    def every_n_step_end(self, step, outputs):
        _log(f"Logging Trainable: Step {step}", self._names, outputs)


class SummarySaver(EveryN):
    """Writes summaries."""

    def __init__(self, summary_op, save_steps=100, output_dir=None, summary_writer=None,
                 scaffold=None):
        super().__init__(every_n_steps=save_steps)
        self._summary_op, self._scaffold = summary_op, scaffold
        self._summary_writer = summary_writer
        if summary_writer is None and output_dir:
            self._summary_writer = writer.FileWriter(output_dir)

    def set_estimator(self, estimator):
        super().set_estimator(estimator)
        if self._summary_writer is None:
            self._summary_writer = writer.FileWriter(estimator.model_dir)

    def every_n_step_begin(self, step):
        if self._summary_op is None and self._scaffold is not None:
            self._summary_op = self._scaffold.summary_op
        return [] if self._summary_op is None else [self._summary_op]

    def every_n_step_end(self, step, outputs):
        if self._summary_op is not None and self._summary_writer:
            self._summary_writer.add_summary(output_of(outputs, self._summary_op), step)
        return False

    def end(self, session=None):
        super().end(session=session)
        if self._summary_writer:
            self._summary_writer.flush()


class CaptureVariable(EveryN):
    """Keeps the values of a variable, by their steps."""

    def __init__(self, var_name, every_n=100, first_n=1):
        super().__init__(every_n, first_n)
        self._var_name, self._var_values = var_name, {}

    @property
    def values(self):
        return self._var_values

    def every_n_step_begin(self, step):
        return [self._var_name]

    def every_n_step_end(self, step, outputs):
        self._var_values[step] = output_of(outputs, self._var_name)


class CheckpointSaver(BaseMonitor):
    """Saves checkpoints every so many seconds or steps, and at the end."""

    def __init__(self, checkpoint_dir, save_secs=None, save_steps=None, saver=None,
                 checkpoint_basename="model.ckpt", scaffold=None):
        super().__init__()
        if (save_steps is None) == (save_secs is None):
            raise ValueError("Either save_steps or save_secs is needed.")
        self._saver, self._scaffold = saver, scaffold
        self._summary_writer = writer_cache.FileWriterCache.get(checkpoint_dir)
        self._save_path = os.path.join(checkpoint_dir, checkpoint_basename)
        self._save_secs, self._save_steps = save_secs, save_steps
        self._forget()

    def _forget(self):
        self._last_saved_time = self._last_begin_step = self._last_saved_step = None

    def begin(self, max_steps=None):
        super().begin(max_steps)
        self._forget()

    def step_begin(self, step):
        super().step_begin(step)
        self._last_begin_step = step

    def post_step(self, step, session):
        if self._last_saved_time is None:
            self._save(step, session)
        steps, seconds = self._save_steps, self._save_secs
        if steps is not None and step >= self._last_saved_step + steps \
                or seconds is not None and time.time() >= self._last_saved_time + seconds:
            self._save(step, session)

    def end(self, session=None):
        super().end(session)
        self._save(self._last_begin_step, session)

    def _save(self, step, session):
        if step == self._last_saved_step:
            return
        logging.info("Saving checkpoints for %d into %s.", step, self._save_path)
        self._last_saved_time, self._last_saved_step = time.time(), step
        (self._saver or self._scaffold.saver).save(session, self._save_path, global_step=step)
        self._summary_writer.add_session_log(SessionLog(
            status=SessionLog.CHECKPOINT, checkpoint_path=self._save_path), step)


class StepCounter(EveryN):
    """Writes how many steps there are in a second."""

    def __init__(self, every_n_steps=100, output_dir=None, summary_writer=None):
        super().__init__(every_n_steps=every_n_steps)
        self._last = None       # (step, time)
        self._summary_writer = summary_writer
        if summary_writer is None and output_dir:
            self._summary_writer = writer_cache.FileWriterCache.get(output_dir)

    def set_estimator(self, estimator):
        super().set_estimator(estimator)
        if self._summary_writer is None:
            self._summary_writer = writer_cache.FileWriterCache.get(estimator.model_dir)

    def every_n_step_end(self, step, outputs):
        now = time.time()
        if self._last is not None and self._summary_writer:
            rate = (step - self._last[0]) / (now - self._last[1])
            self._summary_writer.add_summary(Summary(value=[Summary.Value(
                tag="global_step/sec", simple_value=rate)]), step)
        self._last = step, now


class NanLossDuringTrainingError(RuntimeError):

    def __str__(self):
        return "NaN loss during training."


class NanLoss(EveryN):
    """Ends training with an error, or without one, where the loss is no number."""

    def __init__(self, loss_tensor, every_n_steps=100, fail_on_nan_loss=True):
        super().__init__(every_n_steps=every_n_steps)
        self._loss_tensor, self._fail_on_nan_loss = loss_tensor, fail_on_nan_loss

    def every_n_step_begin(self, step):
        return [self._loss_tensor]

    def every_n_step_end(self, step, outputs):
        if not np.isnan(output_of(outputs, self._loss_tensor)):
            return False
        if self._fail_on_nan_loss:
            raise NanLossDuringTrainingError
        logging.warning("The loss is NaN.")
        return True
