"""Arrays of one element where NumPy 1.18 took them as numbers."""
from __future__ import print_function

import math
import math as m
from math import floor, sqrt as root

import numpy as np
import tensorflow as tf

one, square, whole = np.array([2.5]), np.array([[7.25]]), np.array([3])


def tried(function, *values):
    try:
        return repr(function(*values))
    except Exception as error:
        return type(error).__name__


def numbers(a):
    return [float(a), int(a), complex(a), bool(a), math.sqrt(a), m.exp(a), root(a), floor(a),
            math.atan2(a, 2.0), math.pow(2.0, a), math.isnan(a)]


for a in (one, square, whole, np.matrix([[2.0]]), np.float32([0.5]), np.array(3.5), np.float64(1.5),
          4, True):
    print([round(abs(each), 9) for each in numbers(a)])
    print("%.1f %d" % (a, a), "%5.2e|%g|%%|%i" % (a, a, a), "%d" % a, "%(a)08.3f" % {"a": a})
print("%s %r %.1f" % (one, one, one), "%*d %.*f" % (5, whole, 2, one))
text = "%s has %.2f"
print(text % ("loss", one), (lambda form, a: form % a)("%.3f", square))

places, counts, pixels = np.zeros(4), np.zeros((2, 2), int), np.zeros(3, np.uint8)
places[0] = one
places[1:2] = one
places[2], places[3] = square, one
counts[0, 1] = square
counts[1][0] = one
pixels[0], other = np.array([300]), one
pixels[2] = whole
again = places[-1] = np.array([0.25])
turn = iter(range(4))
places[next(turn)] += np.array([0.5])[0]
places[next(turn)] = one * 2
places[next(turn)] += one * 2
counts[next(turn) - 2, int(one) - 1] -= whole
places[2] -= one * 2
counts[1, 1] += whole
for i in range(4):
    places[i] += np.array([i])
    counts[i % 2, i // 2] -= whole
    for k in range(2):
        counts[k, k] = np.array([i * k])
print(places, counts.tolist(), pixels.tolist(), again, [float(a) for a in [one, square]],
      {int(a) for a in (one, square)}, list(map(lambda a: int(a) + 1, [one, whole])))
table = {}
table[0], table[1] = one, [one]
table[2] = one
objects = [0, 0]
objects[0] = one
print(table, objects)

for value in (np.zeros(2), np.array([]), np.array(["x"]), np.array(["1.5"]), np.array([1j]),
              np.array([np.nan]), "2.5", None):
    def put(array):
        array[1] = value
        return array.tolist()

    def put_called(array):
        array[int(1)] = value
        return array.tolist()
    print([tried(lambda: float(value)), tried(lambda: int(value)),
           tried(lambda: math.sqrt(value)), tried(lambda: "%.1f" % value),
           tried(lambda: "%x" % value), tried(put, np.zeros(2)), tried(put_called, np.zeros(2)),
           tried(put, np.zeros(2, int))])


def mine(float):
    return float(one)


print(mine(np.shape), mine(lambda a: a[0]))
with tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    sess.run(x, {x: np.concatenate([places, counts.ravel(), pixels])})
