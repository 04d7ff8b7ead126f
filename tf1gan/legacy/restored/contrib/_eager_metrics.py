"""The metrics of `tf.contrib.eager.metrics`: called with values, they keep sums of them."""


def make(tf):
    """Names -> classes.

    Args:
      tf: `tensorflow` as scripts see it.
    """
    from tensorflow.python.ops.resource_variable_ops import ResourceVariable
    from tensorflow.python.trackable.base import Trackable

    class Metric(Trackable):
        """Makes its variables, by `build`, when it is first called.

        In a graph, what a call returns is computed after its updates.
        """

        def __init__(self, name=None, use_global_variables=False):
            self.name = name or type(self).__name__
            self._kept = tf.GraphKeys.GLOBAL_VARIABLES if use_global_variables \
                else tf.GraphKeys.LOCAL_VARIABLES
            self._begins = None         # variables -> what they begin with, once they are made

        def __call__(self, *arguments, **named):
            if self._begins is None:
                self._begins = []
                with tf.name_scope(self.name):
                    self.build(*arguments, **named)
            return self.call(*arguments, **named)

        def add_variable(self, name, shape=None, dtype=None, initializer=None):
            begin = (initializer or tf.zeros_initializer())(shape, dtype)
            made = ResourceVariable(begin, trainable=False, name=name, collections=[self._kept])
            self._begins.append((made, begin))
            self._track_trackable(made, name)
            return made

        @property
        def variables(self):
            return [variable for variable, _ in self._begins or ()]

        def init_variables(self):
            if not tf.executing_eagerly():
                return tf.group(*[variable.initializer for variable in self.variables])
            for variable, begin in self._begins or ():
                variable.assign(begin)
            return None

        def build(self, *arguments, **named):
            pass

        def call(self, *arguments, **named):
            raise NotImplementedError(f"{type(self).__name__} has no call()")

        def result(self):
            raise NotImplementedError(f"{type(self).__name__} has no result()")

        def value(self):
            return self.result if tf.executing_eagerly() else self.result()

    class Mean(Metric):
        """The mean of all values, each times its weight."""

        def __init__(self, name=None, dtype=tf.float64, use_global_variables=False):
            super().__init__(name, use_global_variables)
            self.dtype = dtype

        def build(self, *_, **__):
            self.numer, self.denom = (self.add_variable(name, (), self.dtype)
                                      for name in ("numer", "denom"))

        def call(self, values, weights=None):
            given = tf.convert_to_tensor(values)
            count, total = tf.cast(tf.size(given), self.dtype), tf.cast(given, self.dtype)
            if weights is not None:
                weights = tf.cast(tf.convert_to_tensor(weights), self.dtype)
                given = total = total * weights
                count = tf.reduce_sum(weights)
            updates = [self.denom.assign_add(count), self.numer.assign_add(tf.reduce_sum(total))]
            returned = given if weights is None else (given, weights)
            return _after(updates, returned)

        def result(self, write_summary=True):
            found = self.numer / self.denom
            if write_summary:
                tf.contrib.summary.scalar(name=self.name, tensor=found)
            return found

    def _after(updates, returned):
        if tf.executing_eagerly():
            return returned
        with tf.control_dependencies([update.op for update in updates]):
            return tuple(map(tf.identity, returned)) if isinstance(returned, tuple) \
                else tf.identity(returned)

    class _Share(Mean):
        """The share of right predictions; `compared` makes both sides of one kind."""

        def __init__(self, name=None, dtype=tf.float64):
            super().__init__(name, dtype)

        def call(self, labels, predictions, weights=None):
            labels, predictions = self.compared(*map(tf.convert_to_tensor, (labels, predictions)))
            check = tf.assert_equal(
                tf.shape(labels), tf.shape(predictions),
                message="labels are of another shape than predictions")
            with tf.control_dependencies([] if tf.executing_eagerly() else [check]):
                right = tf.cast(tf.equal(labels, predictions), self.dtype)
            updated = super().call(right, weights)
            pair = (labels, predictions)
            if not tf.executing_eagerly():
                pair = _after([updated] if weights is None else list(updated), pair)
            return pair if weights is None else pair + (tf.convert_to_tensor(weights),)

        def compared(self, labels, predictions):
            return labels, predictions

    class Accuracy(_Share):
        pass

    class CategoricalAccuracy(_Share):
        def compared(self, labels, predictions):
            return tf.argmax(labels, axis=-1), tf.argmax(predictions, axis=-1)

    class BinaryAccuracy(_Share):
        def __init__(self, threshold, name=None, dtype=tf.float64):
            super().__init__(name, dtype)
            self.threshold = threshold

        def compared(self, labels, predictions):
            return tf.cast(labels, tf.bool), predictions > self.threshold

    class SparseAccuracy(_Share):
        def compared(self, labels, predictions):
            return tf.cast(labels, tf.int64), tf.argmax(predictions, axis=-1)
    return dict(Metric=Metric, Mean=Mean, Accuracy=Accuracy, BinaryAccuracy=BinaryAccuracy,
                CategoricalAccuracy=CategoricalAccuracy, SparseAccuracy=SparseAccuracy)
