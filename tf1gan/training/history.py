"""The losses and samples of a run, as the documents keep them: losses.pkl and samples.pkl."""

import os

import numpy as np

from tf1gan import pickles, runs
from tf1gan.errors import UserError


class History:
    """What a run has seen."""

    def __init__(self, folder):
        self.losses = []        # [g_loss, d_loss] of each iteration
        self.samples = []       # float32 [n_sample, 784] in the model's range
        self._files = [pickles.Growing(os.path.join(folder, name))
                       for name in (runs.LOSSES, runs.SAMPLES)]

    def load(self, folder, step, samples):
        """What was recorded up to a step, after which there were so many samples.

        Raises UserError where the files cannot be read, or hold less.
        """
        recorded = runs.read_history(folder)
        if len(recorded[0]) < step or len(recorded[1]) < samples:
            raise UserError(
                f"{os.path.join(folder, runs.LOSSES)} and {runs.SAMPLES} do not cover all {step} "
                "iterations that were trained: restore them, or start over with --fresh")
        self.losses, self.samples = recorded[0][:step], recorded[1][:samples]

    def save(self):
        for file, items in zip(self._files, (self.losses, self.samples)):
            file.save(items)

    def add(self, seen):
        """Takes in the losses of the next iterations, of a Seen.

        Returns the step of the first that is not finite, or None; it is then taken in all the same.
        """
        before, losses = len(self.losses), np.stack([seen.g_loss, seen.d_loss], axis=1)
        self.losses += losses.tolist()
        finite = np.isfinite(losses).all(axis=1)
        return None if finite.all() else before + 1 + int(np.argmin(finite))
