"""Reads graphs that make.py wrote on 1.15.5, runs them, and says what differs: a script of 1.x.

    python read.py OUT
"""

import json
import os
import sys

import numpy as np
import tensorflow as tf

RANDOM = np.random.RandomState(3)
FEEDS = {
    "images": {2: RANDOM.randn(4, 4, 4, 2), 3: RANDOM.randn(4, 4, 4, 3)},
    "sequences": RANDOM.randn(4, 5, 3), "phase": True, "rows3": RANDOM.randn(4, 3),
    "rows4": RANDOM.randn(4, 4), "sparse/values": [1., -2., 3.],
    "sparse/indices": [[0, 1], [1, 0], [2, 3]]}


def results(prefix, runs):
    """What a graph gives, run by run, as lists."""
    with tf.Graph().as_default() as graph:
        saver = tf.train.import_meta_graph(prefix + ".meta")
        found, threads = [], []
        feeds = {}
        for node in graph.get_operations():
            if node.type == "Placeholder" and node.name.split("_")[0] in FEEDS:
                tensor = node.outputs[0]
                feed = FEEDS[node.name.split("_")[0]]
                feeds[tensor] = feed[tensor.shape[-1].value] if isinstance(feed, dict) else feed
        with tf.Session() as session:
            if saver and os.path.exists(prefix + ".index"):
                saver.restore(session, prefix)
            session.run(tf.local_variables_initializer())
            coordinator = tf.train.Coordinator()
            for run in runs:
                if run == ["threads"]:
                    threads = tf.train.start_queue_runners(session, coordinator)
                    continue
                fetched = session.run([graph.as_graph_element(name) for name in run], feeds)
                found.append([None if part is None else plain(part) for part in fetched])
            coordinator.request_stop()
            session.run([node for node in graph.get_operations()
                         if node.type.startswith("QueueClose") and "Cancel" in node.name])
            coordinator.join(threads, stop_grace_period_secs=5)
    return found


def plain(part):
    array = np.asarray(part)
    if array.dtype.kind in "SO":
        return [repr(item) for item in array.ravel().tolist()]
    if array.dtype.kind == "c":
        array = np.stack([array.real, array.imag])
    return array.astype(np.float64).tolist() if array.dtype.kind != "V" else None


def differences(wanted, found, runs):
    for number, (one, two) in enumerate(zip(wanted, found)):
        for name, a, b in zip([run for run in runs if run != ["threads"]][number], one, two):
            if a is None or a and isinstance(a, list) and isinstance(a[0], str):
                same = a == b
            else:
                a, b = np.asarray(a), np.asarray(b)
                same = a.shape == b.shape and np.allclose(
                    a, b, rtol=0, atol=1e-5 * max(1, np.abs(a[np.isfinite(a)]).max() if np.isfinite(
                        a).any() else 1), equal_nan=True)
            if not same:
                yield f"run {number}, {name}: {str(b)[:150]} instead of {str(a)[:150]}"


if __name__ == "__main__":
    tf.logging.set_verbosity(tf.logging.ERROR)
    out = sys.argv[1]
    for name in sorted(os.listdir(out)):
        if name.endswith(".json") and (len(sys.argv) < 3 or name[:-5] in sys.argv[2:]):
            with open(os.path.join(out, name)) as file:
                kept = json.load(file)
            try:
                found = list(differences(kept["found"], results(os.path.join(
                    out, name[:-5]), kept["runs"]), kept["runs"]))
            except Exception as error:
                found = [f"{type(error).__name__}: {str(error)[:700]}"]
            print(name[:-5], "\n  ".join(["agrees" if not found else "differs"] + found))
