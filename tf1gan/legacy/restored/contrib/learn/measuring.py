"""Metrics of a model, and their values in an event file."""

import numpy as np
from google.protobuf import message
from tensorflow.core.framework import summary_pb2
from tensorflow.python.framework import tensor_util
from tensorflow.python.platform import tf_logging as logging
from tensorflow.python.summary.writer import writer_cache

from tf1gan.legacy.restored.contrib.learn.metric_spec import MetricSpec

_WHOLE, _FLOATING = (np.int64, np.int32, int), (np.float32, float)


def metrics_of(metrics, features, labels, predictions):
    """Name -> (value, update), of a dictionary of metrics.

    A metric is a MetricSpec; or a function of predictions and labels, whose name is a pair with the
    prediction's where there are several.
    """
    labels_or_one = labels
    if isinstance(labels, dict) and len(labels) == 1:
        labels_or_one = next(iter(labels.values()))
    found = {}
    for name, metric in sorted(metrics.items()):
        if isinstance(metric, MetricSpec):
            found[name] = metric.create_metric_ops(features, labels, predictions)
            continue
        logging.warning("MetricSpec says which prediction a metric is of; a bare function does "
                        "not.")
        if not isinstance(name, tuple):
            if isinstance(predictions, dict):
                raise ValueError(f"The metric {name} does not say of which of the predictions "
                                 f"{list(predictions)} it is.")
            found[name] = metric(predictions, labels_or_one)
            continue
        if len(name) != 2:
            raise ValueError(f"A metric's name is a pair of itself and a prediction, not {name}.")
        if not isinstance(predictions, dict):
            raise ValueError(f"The metric {name} is of one of several predictions: there is only "
                             f"{predictions}.")
        is_there = isinstance(labels, dict) and name[1] in labels
        found[name[0]] = metric(predictions[name[1]],
                                labels[name[1]] if is_there else labels_or_one)
    return found


def write(folder, results, step):
    """Writes results as summaries."""
    logging.info("Saving dict for global step %d: %s", step, ", ".join(
        f"{name} = {value}" for name, value in sorted(results.items())))
    summary = summary_pb2.Summary()
    for name, value in results.items():
        if value is not None and name != "global_step":
            _add(summary, name, value)
    writer = writer_cache.FileWriterCache.get(folder)
    writer.add_summary(summary, step)
    writer.flush()


def _add(summary, name, value):
    if isinstance(value, _FLOATING):
        summary.value.add(tag=name, simple_value=float(value))
    elif isinstance(value, _WHOLE):
        summary.value.add(tag=name, simple_value=int(value))
    elif isinstance(value, (str, bytes)):
        try:
            found = summary_pb2.Summary.FromString(value)
        except (message.DecodeError, TypeError):
            logging.warning("%s is no summary.", name)
            return
        for one in found.value:
            one.tag = name
        summary.value.extend(found.value)
    elif isinstance(value, np.ndarray):
        one = summary.value.add(tag=name, node_name=name)
        one.tensor.CopyFrom(tensor_util.make_tensor_proto(value))
    else:
        logging.warning("%s is %s, of which there is no summary.", name, type(value))
