"""What goes wrong in a GAN's training and its losses alone do not tell: named as it happens.

Each state has a bound at which it begins and an easier one at which it ends, so that it does
not flicker.
"""

from typing import Dict, NamedTuple

import numpy as np

LOOK_EVERY = 100        # iterations between looks
LOOK_AT = 64            # samples that a look draws
HORIZON = 200           # iterations that the averages of D's outputs reach back, about

# What begins a state, and what ends it.
SURE_REAL, UNSURE_REAL = 0.95, 0.90         # D's mean on real images
SURE_FAKE, UNSURE_FAKE = 0.05, 0.10         # and on generated ones
SAME, DIVERSE = 0.25, 0.35                  # variance among samples, as a share of real images'
FLAT, CONTRASTED = 0.05, 0.08               # deviation of the pixels within a sample
ONE_DIGIT, MORE_DIGITS = 0.5, 0.4           # the most frequent digit's share, when evaluated

SATURATED = "discriminator_saturated"
COLLAPSED = "generator_collapsed"
UNIFORM = "output_uniform"
HEALTHY = "healthy"
STATES = (SATURATED, COLLAPSED, UNIFORM, HEALTHY)

_BEGINS = {
    SATURATED: "the discriminator has saturated: D(x) is {real:.3f} and D(G(z)) {fake:.3f}, "
               "which leaves the generator hardly a gradient",
    COLLAPSED: "the generator has collapsed: its samples vary {diversity:.2f} times as much as "
               "real images{digit}",
    UNIFORM: "the generator's output is uniform: all of an image is {shade}",
    HEALTHY: "the losses move within a healthy range: D(x) is {real:.2f} and D(G(z)) {fake:.2f}",
}
_ENDS = {
    SATURATED: "the discriminator is no longer saturated: D(x) is {real:.3f}, D(G(z)) {fake:.3f}",
    COLLAPSED: "the generator is no longer collapsed: its samples vary {diversity:.2f} times as "
               "much as real images",
    UNIFORM: "the generator's output is no longer uniform",
    HEALTHY: "the losses have left their healthy range: D(x) is {real:.2f}, D(G(z)) {fake:.2f}",
}


class Memory(NamedTuple):
    """All that a monitor remembers; a run keeps it with each checkpoint."""
    seen: int = 0                   # iterations
    real: float = 0.5               # averages of D's outputs over about HORIZON of them
    fake: float = 0.5
    share: float = 0.0              # of the most frequent digit, when last evaluated
    since: Dict[str, int] = {}      # the step at which each state that lasts began


class Sight(NamedTuple):
    """What a look at samples sees."""
    diversity: float    # variance among them, as a share of real images'
    contrast: float     # mean deviation of the pixels within one
    brightness: float   # mean of the pixels


def sight(samples, real_variance):
    """Sight of float samples [n, 784] in [0, 1], n > 1."""
    return Sight(float(samples.var(axis=0).mean() / max(real_variance, 1e-12)),
                 float(samples.std(axis=1).mean()), float(samples.mean()))


def variance(images):
    """The variance among images [n, 784], averaged over pixels."""
    return float(np.asarray(images).var(axis=0).mean())


class Monitor:
    """Follows a training run.

    Attributes:
      memory: Memory, to be kept with a checkpoint and given back.
    """

    def __init__(self, probabilities=True, memory=Memory()):
        """probabilities: whether D's outputs are such, as with the cross entropy losses."""
        self._probabilities = probabilities
        self.memory = memory

    def observe(self, outputs):
        """Takes in D's mean outputs on real and generated images, [iterations, 2]."""
        seen, real, fake = self.memory[:3]
        for of_real, of_fake in outputs.tolist():
            seen += 1
            weight = 1 / min(seen, HORIZON)
            real += weight * (of_real - real)
            fake += weight * (of_fake - fake)
        self.memory = self.memory._replace(seen=seen, real=real, fake=fake)

    def evaluated(self, shares):
        """Takes in the digits' shares of the samples."""
        self.memory = self.memory._replace(share=float(max(shares)))

    def look(self, step, seen):
        """Decides which states begin and end.

        Args:
          step: the iterations done.
          seen: a Sight.

        Returns:
          lines that say so, none where nothing changes.
        """
        if self.memory.seen < HORIZON:
            return []
        now = self._states(seen)
        since = {name: self.memory.since.get(name, step) for name in STATES if now[name]}
        words = self._words(seen)
        lines = ["Step %d: %s." % (step, _BEGINS[name].format(**words))
                 for name in STATES if name in since and name not in self.memory.since]
        lines += ["Step %d: %s (since step %d)." % (step, _ENDS[name].format(**words), began)
                  for name, began in self.memory.since.items() if name not in since]
        self.memory = self.memory._replace(since=since)
        return lines

    def _states(self, seen):
        memory = self.memory

        def holds(name, begins, lasts):
            return lasts if name in memory.since else begins

        saturated = self._probabilities and holds(
            SATURATED, memory.real > SURE_REAL and memory.fake < SURE_FAKE,
            memory.real > UNSURE_REAL and memory.fake < UNSURE_FAKE)
        uniform = seen.contrast < holds(UNIFORM, FLAT, CONTRASTED)
        # Uniform images are the same, too, but need no second name; a collapse goes on in them.
        collapsed = (COLLAPSED in memory.since or not uniform) and (
            seen.diversity < holds(COLLAPSED, SAME, DIVERSE)
            or memory.share > holds(COLLAPSED, ONE_DIGIT, MORE_DIGITS))
        healthy = (self._probabilities and not (saturated or uniform or collapsed)
                   and memory.real < SURE_REAL and memory.fake > SURE_FAKE)
        return {SATURATED: saturated, UNIFORM: uniform, COLLAPSED: collapsed, HEALTHY: healthy}

    def _words(self, seen):
        shade = "black" if seen.brightness < 0.1 else "white" if seen.brightness > 0.9 else "grey"
        digit = (", and one digit makes up %.0f %% of them" % (100 * self.memory.share)
                 if self.memory.share > MORE_DIGITS else "")
        return dict(real=self.memory.real, fake=self.memory.fake, diversity=seen.diversity,
                    shade=shade, digit=digit)


def to_json(memory):
    """A Memory as what json can hold."""
    return dict(memory._asdict())


def from_json(values):
    """The Memory again; a fresh one of anything else."""
    try:
        return Memory(int(values["seen"]), float(values["real"]), float(values["fake"]),
                      float(values["share"]),
                      {str(name): int(step) for name, step in values["since"].items()})
    except (KeyError, TypeError, ValueError, AttributeError):
        return Memory()
