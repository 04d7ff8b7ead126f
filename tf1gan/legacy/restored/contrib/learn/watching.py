"""What monitors have in common, and the hook that they are called by."""

from tensorflow.python.framework import ops
from tensorflow.python.training import session_run_hook, training_util

from tf1gan.legacy.restored.contrib.learn.arguments import names_of


def output_of(outputs, request):
    """What came of a tensor, or of a name, that a monitor asked for."""
    return outputs[request] if request in outputs else outputs[request.name]


def replace_monitors_with_hooks(monitors_or_hooks, estimator):
    """Hooks, with all monitors in one of them."""
    given = monitors_or_hooks or []
    hooks = [one for one in given if isinstance(one, session_run_hook.SessionRunHook)]
    monitors = [one for one in given if not isinstance(one, session_run_hook.SessionRunHook)
                and (estimator.config.is_chief or one.run_on_all_workers)]
    for monitor in monitors:
        monitor.set_estimator(estimator)
    return hooks + ([RunHookAdapterForMonitors(monitors)] if monitors else [])


class BaseMonitor:
    """Called at the beginning and end of training and of each step."""

    def __init__(self):
        self._begun = False
        self._current_epoch = self._current_step = self._max_steps = self._estimator = None

    @property
    def run_on_all_workers(self):
        return False

    def set_estimator(self, estimator):
        if estimator is None:
            raise ValueError("An estimator is needed, not None.")
        self._estimator = estimator

    def begin(self, max_steps=None):
        if self._begun:
            raise ValueError("begin was called twice, without end.")
        self._max_steps, self._begun = max_steps, True

    def end(self, session=None):
        if not self._begun:
            raise ValueError("end was called without begin.")
        self._max_steps, self._begun = None, False

    def epoch_begin(self, epoch):
        if self._current_epoch is not None:
            raise ValueError("epoch_begin was called twice, without epoch_end.")
        if epoch < 0:
            raise ValueError(f"The epoch is {epoch}, which is less than 0.")
        self._current_epoch = epoch

    def epoch_end(self, epoch):
        if self._current_epoch != epoch:
            raise ValueError(f"The epoch {epoch} ends in the epoch {self._current_epoch}.")
        self._current_epoch = None

    def step_begin(self, step):
        """Gives a list of tensors, or names of them, that are to be computed with the step."""
        if step < 0 or self._max_steps is not None and step > self._max_steps:
            raise ValueError(f"The step is {step}, which is none.")
        self._current_step = step
        return []

    def step_end(self, step, output):
        """Gives whether training is to stop. `output` has what `step_begin` asked for."""
        if self._current_step != step:
            raise ValueError(f"The step {step} ends in the step {self._current_step}.")
        self._current_step = None
        return False

    def post_step(self, step, session):
        """Called when all monitors have had their `step_end`."""


class EveryN(BaseMonitor):
    """Called at the first steps, and after so many."""

    def __init__(self, every_n_steps=100, first_n_steps=1):
        super().__init__()
        self._every_n_steps, self._first_n_steps = every_n_steps, first_n_steps
        self._last_successful_step, self._last_active_step = None, 0
        self._every_n_step_begin_called = False

    def every_n_step_begin(self, step):
        return []

    def every_n_step_end(self, step, outputs):
        return False

    def every_n_post_step(self, step, session):
        pass

    def step_begin(self, step):
        super().step_begin(step)
        self._every_n_step_begin_called = (
            step <= self._first_n_steps or step >= self._every_n_steps + self._last_active_step
            or step == self._max_steps)
        return self.every_n_step_begin(step) if self._every_n_step_begin_called else []

    def step_end(self, step, output):
        super().step_end(step, output)
        return self.every_n_step_end(step, output) if self._every_n_step_begin_called else False

    def post_step(self, step, session):
        super().post_step(step, session)
        if self._every_n_step_begin_called:
            self.every_n_post_step(step, session)
            self._last_active_step = step
        self._last_successful_step = step

    def end(self, session=None):
        super().end(session=session)
        if self._last_successful_step != self._last_active_step:
            self.every_n_post_step(self._last_successful_step, session)


class RunHookAdapterForMonitors(session_run_hook.SessionRunHook):
    """Calls monitors as a hook is called."""

    def __init__(self, monitors):
        self._monitors = monitors

    def begin(self):
        self._last_step, self._step = None, training_util.get_global_step()
        for monitor in self._monitors:
            monitor.begin(max_steps=None)

    def before_run(self, run_context):
        if self._last_step is None:
            self._last_step = run_context.session.run(self._step) + 1
        asked = [one for monitor in self._monitors
                 for one in self._asked(monitor.step_begin(self._last_step))]
        request = {self._step: self._step}
        if asked:
            request["monitors"] = {one: _tensor(one) for one in asked}
        return session_run_hook.SessionRunArgs(request)

    @staticmethod
    def _asked(tensors):
        if tensors and not isinstance(tensors, list):
            raise ValueError("step_begin gives a list of tensors.")
        return tensors or []

    def after_run(self, run_context, run_values):
        results = run_values.results.get("monitors", {})
        for monitor in self._monitors:
            if monitor.step_end(self._last_step, results):
                run_context.request_stop()
        for monitor in self._monitors:
            monitor.post_step(self._last_step, run_context.session)
        self._last_step = run_values.results[self._step] + 1

    def end(self, session):
        self._last_step = None
        for monitor in self._monitors:
            if "session" in names_of(monitor.end):
                monitor.end(session=session)
            else:
                monitor.end()


def _tensor(asked):
    """The tensor that is asked for, by itself, its name, or its operation's, which has one."""
    graph = ops.get_default_graph()
    if not isinstance(asked, str):
        if getattr(asked, "graph", None) is not graph:
            raise ValueError(f"{asked} is not of the graph that is trained.")
        return asked
    if ":" in asked:
        return graph.as_graph_element(asked)
    if len(graph.get_operation_by_name(asked).outputs) > 1:
        raise ValueError(f"{asked} has several outputs: {asked}:0 is the first.")
    return graph.as_graph_element(asked + ":0")
