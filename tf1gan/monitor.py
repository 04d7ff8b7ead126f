"""What goes wrong in a GAN's training and its losses alone do not tell: named as it happens.

Each state has a bound at which it begins and an easier one at which it ends, so that it does
not flicker.
"""

from typing import Dict, NamedTuple

import numpy as np

LOOK_AT = 64            # samples that a look draws
HORIZON = 200           # iterations that the averages of D's outputs reach back, about
CHANCE = 1000           # iterations after which a generator is judged that never was diverse

# What begins a state, and what ends it.
SURE_REAL, UNSURE_REAL = 0.95, 0.90         # D's mean on real images
SURE_FAKE, UNSURE_FAKE = 0.05, 0.10         # and on generated ones
SAME, DIVERSE = 0.25, 0.35                  # variance among samples, as a share of real images'
FLAT, CONTRASTED = 0.05, 0.08               # deviation of the pixels within a sample
MOST, FEWER = 0.5, 0.4                      # the most frequent digit's share, when evaluated

SATURATED = "discriminator_saturated"
COLLAPSED = "generator_collapsed"
UNIFORM = "output_uniform"
HEALTHY = "healthy"
ONE_DIGIT = "one_digit_dominates"
STATES = (SATURATED, COLLAPSED, UNIFORM, HEALTHY)      # which looks begin and end
EVALUATED = (ONE_DIGIT,)                               # which evaluations do

_BEGINS = {
    SATURATED: "the discriminator has saturated: D(x) is {real:.3f} and D(G(z)) {fake:.3f}, "
               "which leaves the generator hardly any gradient",
    COLLAPSED: "the generator {collapsed}: its samples vary {diversity:.2f} times as much as "
               "real images",
    UNIFORM: "the generator's output is uniform: all of an image is {shade}",
    HEALTHY: "training looks healthy: D(x) is {real:.2f} and D(G(z)) {fake:.2f}, and samples "
             "vary {diversity:.2f} times as much as real images",
    ONE_DIGIT: "one digit dominates: {share:.0f} % of the samples are the digit {digit}",
}
_ENDS = {
    SATURATED: "the discriminator is no longer saturated: D(x) is {real:.3f}, D(G(z)) {fake:.3f}",
    COLLAPSED: "the generator is no longer collapsed: its samples vary {diversity:.2f} times as "
               "much as real images",
    UNIFORM: "the generator's output is no longer uniform: an image's pixels deviate by "
             "{contrast:.2f}",
    HEALTHY: "training no longer looks healthy: D(x) is {real:.2f} and D(G(z)) {fake:.2f}, and "
             "samples vary {diversity:.2f} times as much as real images",
    ONE_DIGIT: "no digit dominates any longer: {share:.0f} % of the samples are the digit "
               "{digit}, the most frequent",
}


class Memory(NamedTuple):
    """All that a monitor remembers; a run keeps it with each checkpoint."""
    seen: int = 0                   # iterations
    real: float = 0.5               # averages of D's outputs over about HORIZON of them
    fake: float = 0.5
    grown: bool = False             # whether samples have once been diverse
    since: Dict[str, int] = {}      # the step at which each state that lasts began

    @property
    def had_its_chance(self):
        """Whether the generator can be judged: untrained, it draws about the same for any noise."""
        return self.grown or self.seen >= CHANCE


class Transition(NamedTuple):
    """A state that begins or ends."""
    step: int
    state: str
    began: int          # the step itself, where it begins
    words: str          # what is said of it


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
    """Follows a training run. Its memory and transitions are kept with checkpoints."""

    def __init__(self, probabilities=True, memory=Memory(),  # noqa: B008 (it does not change)
                 transitions=()):
        """probabilities: whether D's outputs are such, as with the cross entropy losses."""
        self._probabilities = probabilities
        self.memory, self.transitions = memory, list(transitions)

    def observe(self, outputs):
        """Takes in D's mean outputs on real and generated images, [iterations, 2]."""
        seen, real, fake = self.memory[:3]
        for of_real, of_fake in outputs.tolist():
            seen += 1
            weight = 1 / min(seen, HORIZON)
            real += weight * (of_real - real)
            fake += weight * (of_fake - fake)
        self.memory = self.memory._replace(seen=seen, real=real, fake=fake)

    def evaluated(self, step, shares):
        """Takes in the digits' shares of the samples. Returns lines as `look` does."""
        share = max(shares)
        dominates = self.memory.had_its_chance and share > self._bound(ONE_DIGIT, MOST, FEWER)
        return self._become({ONE_DIGIT: dominates}, step, share=100 * share,
                            digit=list(shares).index(share))

    def look(self, step, seen):
        """Decides by a Sight which states begin and end. Returns the lines that say so."""
        if self.memory.seen < HORIZON:
            return []
        collapsed = ("has collapsed" if self.memory.grown else
                     "has collapsed from the start, or has not begun to learn")
        self.memory = self.memory._replace(
            grown=self.memory.grown or seen.diversity > DIVERSE)
        return self._become(
            self._states(seen), step, real=self.memory.real, fake=self.memory.fake,
            diversity=seen.diversity, contrast=seen.contrast, collapsed=collapsed,
            shade="black" if seen.brightness < 0.1 else
            "white" if seen.brightness > 0.9 else "grey")

    def _become(self, states, step, **words):
        """Begins and ends these states, and no others. Returns the lines that say so."""
        before = self.memory.since
        since = {name: began for name, began in before.items() if states.get(name, True)}
        since.update({name: step for name, holds in states.items() if holds and name not in before})
        self.memory = self.memory._replace(since=since)
        changes = ([Transition(step, name, step, _BEGINS[name].format(**words))
                    for name in since if name not in before]
                   + [Transition(step, name, began, _ENDS[name].format(**words))
                      for name, began in before.items() if name not in since])
        self.transitions += changes
        return list(map(_line, changes))

    def _bound(self, name, begins, lasts):
        return lasts if name in self.memory.since else begins

    def _states(self, seen):
        memory, bound = self.memory, self._bound
        saturated = (self._probabilities
                     and memory.real > bound(SATURATED, SURE_REAL, UNSURE_REAL)
                     and memory.fake < bound(SATURATED, SURE_FAKE, UNSURE_FAKE))
        uniform = memory.had_its_chance and seen.contrast < bound(UNIFORM, FLAT, CONTRASTED)
        # Uniform images are the same, too, but need no second name; a collapse goes on in them.
        collapsed = ((COLLAPSED in memory.since or memory.had_its_chance and not uniform)
                     and seen.diversity < bound(COLLAPSED, SAME, DIVERSE))
        healthy = (self._probabilities and memory.had_its_chance
                   and not (saturated or uniform or collapsed)
                   and memory.real < bound(HEALTHY, UNSURE_REAL, SURE_REAL)
                   and memory.fake > bound(HEALTHY, UNSURE_FAKE, SURE_FAKE))
        return {SATURATED: saturated, UNIFORM: uniform, COLLAPSED: collapsed, HEALTHY: healthy}


def _line(change):
    since = "" if change.began == change.step else f" (since step {change.began})"
    return f"Step {change.step}: {change.words}{since}."


def from_json(values):
    """The Memory whose `_asdict` a run has written down; a fresh one of None.

    Earlier versions did not remember whether samples had been diverse, and named more states.
    """
    if values is None:
        return Memory()
    return Memory(values["seen"], float(values["real"]), float(values["fake"]),
                  values.get("grown", False),
                  {name: step for name, step in values["since"].items()
                   if name in STATES + EVALUATED})


def transitions_up_to(step, values, memory):
    """The Transitions of a run up to a step.

    `values` is a list of them as runs.read_json gives them; None where none were kept, as by
    earlier versions: `memory`, that at the step, tells then at least when what lasts began.
    """
    if values is None:
        found = [Transition(began, name, began, "") for name, began in memory.since.items()]
    else:
        found = [Transition(each["step"], each["state"], each["began"], each["words"])
                 for each in values]
    return [change for change in found
            if change.step <= step and change.state in STATES + EVALUATED]
