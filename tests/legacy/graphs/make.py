"""Writes graphs of TensorFlow 1.15.5, and what it computes with them after it has read them again.

    python make.py OUT

OUT/NAME.meta, and NAME.json: for each run, what to fetch and what came of it. Run on 1.15.5.
"""

import json
import os
import sys
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import tensorflow as tf  # noqa: E402
import nets  # noqa: E402
import pieces  # noqa: E402
import read  # noqa: E402


def names(part):
    if isinstance(part, str):
        return [part]
    if isinstance(part, (list, tuple)):
        return [name for item in part for name in names(item)]
    if isinstance(part, tf.SparseTensor):
        return names([part.indices, part.values])
    if isinstance(part, tf.IndexedSlices):
        return names([part.values, part.indices])
    if isinstance(part, dict):
        return names(list(part.values()))
    if part is None:
        return []
    return [part.name]


def make(build, out):
    name = build.__name__
    with tf.Graph().as_default(), tf.Session() as session:
        with tf.variable_scope("", initializer=tf.random_uniform_initializer(-.5, .5, seed=5)):
            runs = [names(run) for run in build()]
        prefix = os.path.join(out, name)
        if tf.global_variables():
            saver = tf.train.Saver(tf.global_variables())
            session.run(tf.global_variables_initializer())
            saver.save(session, prefix, write_state=False)
        else:
            tf.train.export_meta_graph(prefix + ".meta")
    with open(prefix + ".json", "w") as file:
        json.dump({"runs": runs, "found": read.results(prefix, runs)}, file)


if __name__ == "__main__":
    tf.logging.set_verbosity(tf.logging.ERROR)
    out = os.path.abspath(sys.argv[1])
    os.makedirs(out, exist_ok=True)
    for build in nets.GRAPHS + pieces.GRAPHS:
        if len(sys.argv) > 2 and build.__name__ not in sys.argv[2:]:
            continue
        try:
            make(build, out)
        except Exception:
            print(build.__name__)
            traceback.print_exc(limit=-6)
