"""`tf.contrib.autograph`, which is `tf.autograph`."""

DROPPED = "2.0"
GIVES = "convert do_not_convert set_loop_options to_code to_graph"
NEEDS = ()
PATHS = ()
_INSIDE = "it is of AutoGraph's own parts, which have changed"
REFUSED = dict.fromkeys((
    "AutoGraphError", "ConversionOptions", "Feature", "StackTraceMapper", "converted_call",
    "operators", "set_element_type", "stack", "utils"), _INSIDE)


def make(given):
    today = given.tf.autograph
    return dict(do_not_convert=today.experimental.do_not_convert, to_code=today.to_code,
                set_loop_options=today.experimental.set_loop_options, to_graph=today.to_graph,
                convert=_convert(given.tf))


def _convert(tf):
    def convert(recursive=False, optional_features=None, **_):
        """A decorator: the function is converted when it is called."""
        return lambda function: tf.autograph.to_graph(function, recursive)
    return convert
