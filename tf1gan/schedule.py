"""How long a run is, and when an iteration does more than train.

Steps count the iterations done, from 1.
"""

from typing import NamedTuple, Optional

from tf1gan import models
from tf1gan.models import Moment

LOOK_EVERY = 100            # iterations between the monitor's looks
_WHOLE_RUN = 2 ** 62


class Every(NamedTuple):
    """Every so many iterations, counted anew in each period."""
    count: int
    at: int                     # what (iteration from 0) % count must be
    period: int = _WHOLE_RUN    # or the iterations of an epoch

    def due(self, step):
        return (step - 1) % self.period % self.count == self.at

    def steps(self, last):
        """All steps up to a last one at which it is due."""
        return [step for begin in range(0, last, self.period)
                for step in range(begin + self.at + 1,
                                  min(begin + self.period, last) + 1, self.count)]


class Schedule(NamedTuple):
    epoch: int                          # iterations in an epoch
    total: int
    save: Every
    sample: Every
    summarize: Every
    batch_picture: Optional[Every]
    look: Every                 # the monitor's
    evaluate: Optional[Every]

    def ends_epoch(self, step):
        return step % self.epoch == 0

    @staticmethod
    def pictures_learning(step):
        """Whether a step is one of 1, 2, 5, 10, 20, 50, ...: as learning goes, evenly spaced."""
        return str(step).rstrip("0") in ("1", "2", "5")

    def epoch_of(self, step):
        """The epoch that a step is in, from 1."""
        return (step - 1) // self.epoch + 1

    def moment(self, step, seconds, g_loss, d_loss):
        """Where training stands after a step, for the model's reports."""
        return Moment(
            index=step - 1, epoch=self.epoch_of(step), epochs=self.epoch_of(self.total),
            batch=(step - 1) % self.epoch, ends_epoch=self.ends_epoch(step), seconds=seconds,
            g_loss=g_loss, d_loss=d_loss)


def sample_every(model, epoch):
    """What --sample-every says that changes nothing, or None where no number does."""
    own = make_schedule(model, epoch, 1).sample
    return own.count if own == Every(own.count, own.count - 1) else None


def make_schedule(model, epoch, total, save_every=None, sample_every=None, summary_every=None,
                  evaluate_every=None):
    """A Model's Schedule of `total` iterations, with `epoch` of them in an epoch.

    The intervals that are given take the place of its own, and count through the whole run.
    """
    # The documents count as they loop: within an epoch, or through the whole run.
    period = epoch if "epochs" in model.defaults else _WHOLE_RUN

    def every(given, own, at):
        if given:
            return Every(given, given - 1)
        if own and own <= period:
            return Every(own, at, period)
        return Every(epoch, epoch - 1)

    return Schedule(
        epoch, total,
        save=every(save_every, model.save_every, model.save_at),
        sample=every(sample_every, model.sample_every, (model.sample_every or 1) - 1),
        summarize=every(summary_every or model.summary_every, None, None),
        batch_picture=(Every(model.batch_picture_every, 0, epoch)
                       if model.batch_picture_every else None),
        look=Every(LOOK_EVERY, LOOK_EVERY - 1),
        evaluate=Every(evaluate_every, evaluate_every - 1) if evaluate_every else None)


def sample_steps(config, iterations, samples):
    """The steps at which the samples of a run were drawn, of so many after so many iterations.

    Beside those at their interval, a run that has reached its end has one of its last step.
    `config` is what config.json holds.
    """
    plan = make_schedule(models.find(config["model"]), config["iterations_per_epoch"],
                         iterations, sample_every=config.get("sample_every"))
    steps = plan.sample.steps(iterations)
    return steps + [iterations] * (samples - len(steps))
