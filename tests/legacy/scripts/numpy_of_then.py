"""NumPy's names and arithmetic of 1.18: types went by the values of scalars."""
import numpy as np
import tensorflow as tf

pixels = np.arange(250, 256).astype(np.uint8)
label = pixels[3]
f32 = np.float32(0.1)
row = np.linspace(0, 1, 5).astype(np.float32)
values = [
    label + 100, label * 10, pixels + 1, pixels * 2, label - 254, label ** 2, label / 2, -1 * label,
    f32 * 1.1, f32 + 1, f32 == 0.1, f32 < 0.1, row * np.float64(1.1), row + 0.1, row / np.float64(3),
    np.float64(2) ** row, row > np.float64(0.25), np.int32(7) * np.float32(0.1), pixels - 300,
    pixels * np.float32(0.5), np.int8([100]) + 100, np.int8([100]) + 1000, row * np.int64(3),
    label % 7, label // 2, np.uint8(3) | 256, np.float16(2) * 3.0, row[1] * row[2] + 0.5,
]
total = np.float32(0)
total += 0.1
accumulated = np.uint8(250)
accumulated += 10
pixels[0] += 1
values += [total, accumulated, pixels]
for value in values:
    value = np.asarray(value)
    print(value.dtype, value.shape, value.tolist())
print(np.float(1.5), np.int(3), np.bool(0), np.asscalar(np.array([2])), np.cast["float32"](3).dtype)
print(np.reshape(np.arange(6), newshape=(2, 3)).sum(), np.product([2, 3]), np.Inf, np.rank(row)
      if hasattr(np, "rank") else 1, np.array([[1], [1, 2]]).dtype, np.alltrue([1, 1]))
print(np.histogram([1, 2, 3], bins=2, normed=True)[0], np.fromstring(b"ab", np.uint8).tolist())
np.random.seed(1)
print(np.random.random_integers(5, size=4).tolist(), np.random.permutation(5).tolist())
with tf.Session() as sess:
    print(sess.run(tf.constant(row) * np.float32(2)).tolist())
    a = tf.placeholder(tf.float32, [None])
    sess.run(a * 2, {a: row * np.float64(1.1) - f32})
