"""Counts the runs of a session that update weights, and stops after as many as were asked for."""

import collections
import ctypes
import threading
import time
import weakref

from tf1gan.legacy import ending
from tf1gan.legacy.refusal import own_line

# Operations of optimizers, and assignments that depend on what they change.
_OPTIMIZERS = ("Apply", "ResourceApply", "SparseApply", "ResourceSparseApply")
_ASSIGNMENTS = ("Assign", "AssignAdd", "AssignSub", "AssignVariableOp", "AssignAddVariableOp",
                "AssignSubVariableOp")


class Stopped(BaseException):
    """As many updates as --steps asked for have been made. No `except Exception` takes it."""


class Steps:
    """Watches `Session.run`, and calls of functions that `tf.contrib.eager.defun` made."""

    def __init__(self, limit=None, announce=None, end=None):
        """Args:
          limit: how many updates may be made; None is any number.
          announce: says that they have been, where the main code has ended before.
          end: ends the process; called in a thread, where the program does not stop by itself.
        """
        self.limit, self.done = limit, 0
        self.last_line = None
        self._announce, self._end = announce, end
        self._lock, self._has_ended = threading.Lock(), False
        self._raised = collections.Counter()        # thread -> how often it was stopped
        self._updates = weakref.WeakKeyDictionary()     # graph -> name of an operation -> whether

    def watch(self):
        """Stands between the script and TensorFlow's session."""
        if self.limit is None:
            return
        from tensorflow.python.client import session
        base = session.BaseSession
        run, make, make_of_options = (
            base._do_run, base.make_callable, base._make_callable_from_options)

        def counted_run(this, handle, targets, fetches, *more):     # run, and partial_run
            self.before(this.graph, targets + [fetch.op for fetch in fetches])
            return run(this, handle, targets, fetches, *more)

        def counted_make(this, fetches, feed_list=None, accept_options=False):
            function = make(this, fetches, feed_list, accept_options)
            if feed_list is not None:                   # calls `run`
                return function
            handler = session._FetchHandler(this.graph, fetches, {})
            return counted(this.graph, function, handler.targets() + [
                fetch.op for fetch in handler.fetches()])

        def counted_make_of_options(this, options):     # Keras in graph mode
            elements = map(this.graph.as_graph_element, list(options.fetch) + list(options.target))
            return counted(this.graph, make_of_options(this, options), [
                getattr(element, "op", element) for element in elements])

        def counted(graph, function, operations):
            def call(*arguments, **named):
                self.before(graph, operations)
                return function(*arguments, **named)
            return call
        base._do_run, base.make_callable = counted_run, counted_make
        base._make_callable_from_options = counted_make_of_options
        _end_hooks()

    def before(self, graph, operations):
        """Counts a run that is to come. Raises Stopped when it is one too many."""
        if any(self._is_update(graph, operation) for operation in operations):
            self.count()

    def count(self):
        with self._lock:
            if self.done != self.limit:
                self.done += 1
                self.last_line = own_line()
                return
            first = not self._raised
            self._raised[threading.get_ident()] += 1
        if first:
            self._stop_the_others()
        raise Stopped

    def is_over(self):
        """Whether one update more was asked for than may be made."""
        return bool(self._raised)

    def main_has_ended(self):
        """The main code of the program is over, in whatever way."""
        self._has_ended = True

    def _stop_the_others(self):
        """Has the main thread stop, and the process end if it does not."""
        hook, main = threading.excepthook, threading.main_thread().ident

        def without_stopped(arguments):
            if arguments.exc_type is not Stopped:
                hook(arguments)
        threading.excepthook = without_stopped
        if self._has_ended:
            self._announce()
        elif threading.get_ident() != main:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(
                ctypes.c_ulong(main), ctypes.py_object(Stopped))
        threading.Thread(target=self._watch_the_end, args=(self._has_ended,), daemon=True).start()

    def _watch_the_end(self, had_ended):
        """Ends a program that takes every exception, or of which a thread waits for ever."""
        idle, since = ending.Idle(), time.monotonic()
        while had_ended or not self._has_ended:     # else `ending.ended` sees to it
            time.sleep(0.05)
            goes_on = max(self._raised.values()) > 1 and \
                time.monotonic() > since + ending.PATIENCE
            if goes_on or idle():
                self._end()

    def counted(self, function):
        """An eager function, whose calls count as runs."""
        if self.limit is None:
            return function

        def call(*arguments, **named):
            from tensorflow.python.eager import context
            if context.executing_eagerly():
                self.count()
            return function(*arguments, **named)
        return call

    def _is_update(self, graph, operation):
        known = self._updates.setdefault(graph, {})
        if operation.name not in known:
            known[operation.name] = _updates(operation)
        return known[operation.name]


def _end_hooks():
    """The hooks of a monitored session that is stopped end, as after its last update: some save."""
    from tensorflow.python.training import monitored_session
    kind = monitored_session._MonitoredSession
    today = kind.__exit__

    def leave(this, exception_type, *more):
        is_stopped = exception_type is Stopped
        return today(this, None if is_stopped else exception_type, *more) and not is_stopped
    kind.__exit__ = leave


def _updates(operation):
    """Whether running an operation updates weights."""
    seen, waiting = {operation}, [operation]
    while waiting:
        operation = waiting.pop()
        if _is_update(operation):
            return True
        for needed in [tensor.op for tensor in operation.inputs] + operation.control_inputs:
            if needed not in seen:
                seen.add(needed)
                waiting.append(needed)
    return False


def _is_update(operation):
    if operation.type.startswith(_OPTIMIZERS):
        return True
    if operation.type not in _ASSIGNMENTS:
        return False
    # `w.assign(w - 0.1 * gradient)` is one; an initializer, or the restoring of a file, is not.
    variable = operation.inputs[0].op
    seen, waiting = set(), [tensor.op for tensor in operation.inputs[1:]]
    if operation.type != "Assign" and operation.type != "AssignVariableOp":
        return _is_trainable(variable)
    while waiting:
        operation = waiting.pop()
        if operation is variable:
            return _is_trainable(variable)
        if operation not in seen:
            seen.add(operation)
            waiting.extend(tensor.op for tensor in operation.inputs)
    return False


def _is_trainable(variable):
    return any(getattr(known, "op", None) is variable or
               getattr(getattr(known, "handle", None), "op", None) is variable
               for known in variable.graph.get_collection("trainable_variables"))
