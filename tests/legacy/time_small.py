"""Times small graphs on both TensorFlows, in turns: processor time and time of an update.

    python tests/legacy/time_small.py --other PYTHON_WITH_1.15.5 [--rounds 3]

Each network trains in a process of its own. Processor time is that of all threads; on a machine
that does other things, too, the times of the clock say little.
"""

import argparse
import os
import statistics
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NETWORKS = ("dense", "recurrent", "layers", "convolutions")
SCRIPT = '''
import sys, time
import numpy as np
import tensorflow as tf
tf.set_random_seed(1)
np.random.seed(1)

def dense():
    x, z = (tf.placeholder(tf.float32, [None, size]) for size in (64, 16))
    def g(z):
        with tf.variable_scope("g"):
            return tf.layers.dense(tf.layers.dense(z, 32, tf.nn.relu), 64, tf.nn.sigmoid)
    def d(x):
        with tf.variable_scope("d", reuse=tf.AUTO_REUSE):
            return tf.layers.dense(tf.layers.dense(x, 32, tf.nn.relu), 1)
    real, fake = d(x), d(g(z))
    entropy = tf.nn.sigmoid_cross_entropy_with_logits
    d_loss = tf.reduce_mean(entropy(labels=tf.ones_like(real), logits=real)) + tf.reduce_mean(
        entropy(labels=tf.zeros_like(fake), logits=fake))
    g_loss = tf.reduce_mean(entropy(labels=tf.ones_like(fake), logits=fake))
    steps = [tf.train.AdamOptimizer().minimize(loss, var_list=tf.trainable_variables(scope))
             for loss, scope in ((d_loss, "d"), (g_loss, "g"))]
    images, noise = np.random.rand(32, 64), np.random.rand(32, 16)
    return [([steps[0], d_loss], {x: images, z: noise}), ([steps[1], g_loss], {z: noise})]

def step_of(loss, x, values):
    return [([tf.train.AdamOptimizer().minimize(loss), loss], {x: values})]

def recurrent():
    x = tf.placeholder(tf.float32, [None, 10, 8])
    cell = tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.GRUCell(16) for _ in range(2)])
    made, _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
    return step_of(tf.reduce_mean(tf.square(tf.layers.dense(made, 8) - x)), x,
                   np.random.rand(32, 10, 8))

def layers():
    x = made = tf.placeholder(tf.float32, [None, 16])
    for _ in range(60):
        made = made + 0.1 * tf.layers.dense(made, 16, tf.tanh)
    return step_of(tf.reduce_mean(tf.square(made)), x, np.random.rand(16, 16))

def convolutions():
    x = made = tf.placeholder(tf.float32, [None, 8, 8, 3])
    for _ in range(8):
        made = tf.layers.conv2d(made, 16, 3, padding="same", activation=tf.nn.elu)
        made = tf.layers.batch_normalization(made, training=True)
    return step_of(tf.reduce_mean(tf.square(made)), x, np.random.rand(4, 8, 8, 3))

runs = globals()[sys.argv[1]]()
session = tf.Session()
session.run(tf.global_variables_initializer())
def train(times):
    for _ in range(times):
        for fetches, feed in runs:
            session.run(fetches, feed)
train(30)
best = []
for _ in range(5):
    begin = time.process_time(), time.time()
    train(40)
    best.append([time.process_time() - begin[0], time.time() - begin[1]])
print(*[min(column) / 40 / len(runs) * 1e3 for column in zip(*best)])
'''


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--other", required=True, metavar="PYTHON", help="with TensorFlow 1.15.5")
    parser.add_argument("--rounds", type=int, default=3)
    flags = parser.parse_args()
    run = [sys.executable, os.path.join(ROOT, "scripts", "run_legacy.py")]
    print("| network | ms of the processor, 1.15.5 | here | ratio | ratio of the clock |\n"
          "|---|---|---|---|---|")
    for network in NETWORKS:
        rounds = [[_time(command, network) for command in ([flags.other], run)]
                  for _ in range(flags.rounds)]
        there, here = (statistics.median(each[side][0] for each in rounds) for side in (0, 1))
        ratios = [statistics.median(each[1][kind] / each[0][kind] for each in rounds)
                  for kind in (0, 1)]
        print(f"| {network} | {there:.2f} | {here:.2f} | {ratios[0]:.2f} | {ratios[1]:.2f} |",
              flush=True)


def _time(command, network):
    """Milliseconds of an update, of the processor and of the clock."""
    path = os.path.join(os.environ.get("TMPDIR", "/tmp"), f"tf1gan_small_{os.getpid()}.py")
    with open(path, "w") as file:
        file.write(SCRIPT)
    try:
        done = subprocess.run(command + [path, network], stdout=subprocess.PIPE, check=True,
                              stderr=subprocess.DEVNULL, universal_newlines=True)
    finally:
        os.remove(path)
    return [float(word) for word in done.stdout.split()[-2:]]


if __name__ == "__main__":
    main()
