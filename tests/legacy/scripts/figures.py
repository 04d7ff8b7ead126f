"""Matplotlib's calls of then. Nothing of it is in numbers: pictures are written, or a screen shows them."""
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

with tf.Session() as sess:
    values = sess.run(tf.constant(np.linspace(0, 1, 16).reshape(4, 4)))
fig, ax = plt.subplots(2, 2, figsize=(2, 2))
for k in range(4):
    ax[k // 2, k % 2].cla()
    ax[k // 2, k % 2].imshow(values, cmap="gray")
fig.savefig("saved.png")
plt.figure()
plt.hist(values.ravel(), 4, density=True)
plt.show()
plt.plot([1, 2], label="loss")
plt.legend()
plt.show()
plt.close("all")
print(values.sum())
