"""`tf.contrib.memory_stats`: how much of a GPU's memory is in use; nothing, where there is none."""

DROPPED = "2.0"
GIVES = "BytesInUse BytesLimit MaxBytesInUse"
NEEDS = ()
PATHS = ("python.ops.memory_stats_ops",)
REFUSED = {}

SAID = "there is no GPU here, and tf.contrib.memory_stats gives 0 bytes of its memory"


def make(given):
    from tf1gan.compat import tf
    from tf1gan.legacy.api import gpu
    from tf1gan.legacy.refusal import refuse

    def of(name):
        def function():
            if gpu.is_there():
                refuse(f"tf.contrib.memory_stats.{name}: its operation was compiled into contrib, "
                       "and TensorFlow 2 has not got it")
            given.say(SAID)
            return tf.constant(0, tf.int64, name=name)
        function.__name__ = name
        return function
    return {name: of(name) for name in GIVES.split()}
