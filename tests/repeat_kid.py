"""How far `kid` varies over draws of everything anew, beside the standard error that is stated.

    PYTHONPATH=. python tests/repeat_kid.py mnist_data logs/gan

All 70,000 images and as many samples of a run are cut into pieces that share nothing.
"""

import sys

import numpy as np

import tf1gan
from tf1gan import data
from tf1gan.evaluation import classifier, metrics

images = data.load(sys.argv[1])
see = classifier.load(images)
pixels = np.concatenate([images.train_images, images.test_images])
pixels = pixels[np.random.RandomState(0).permutation(len(pixels))]
real = np.concatenate([see(data.unit(part))[0] for part in np.array_split(pixels, 7)])
with tf1gan.Sampler(sys.argv[2]) as sampler:
    made = np.concatenate([see(sampler.sample(10000, seed=seed))[0] for seed in range(7)])
half = len(real) // 2
for name, one, other, sizes in (
        ("samples", real, made, [(1000, 2000), (2000, 2000), (10000, 2000), (10000, 10000)]),
        ("other images", real[:half], real[half:], [(1000, 1000), (2000, 2000)])):
    for n, m in sizes:
        draws = min(len(one) // n, len(other) // m)
        kid, error = np.transpose([metrics.kernel_distance(
            one[draw * n:(draw + 1) * n], other[draw * m:(draw + 1) * m])
            for draw in range(draws)])
        print(f"{n} images, {m} {name}, {draws} draws: kid {kid.mean():.5f} +- "
              f"{kid.std(ddof=1):.5f}, standard error {error.mean():.5f}, "
              f"within two of it {100 * np.mean(abs(kid - kid.mean()) < 2 * error):.0f} %",
              flush=True)
