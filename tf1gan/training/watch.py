"""Looks at a run's samples while it trains: measures them, and says what is wrong with them."""

import numpy as np

from tf1gan import console, monitor, randomness, runs, summaries
from tf1gan.compat import tf
from tf1gan.errors import WriteError, reason
from tf1gan.models import NOISE_SIZE

EVALUATED = 2000                # samples that an evaluation draws
_BATCH = 250                    # generated at a time


class Watch:
    """Follows one run. Draws samples of a noise of its own and changes nothing."""

    def __init__(self, folder, graph, saver, images, ruler=None):
        """Args:
          saver: a tf.train.Saver of what is sampled from.
          images: a data.DataSet.
          ruler: an evaluation.Ruler, where samples are measured.
        """
        self._folder, self._graph, self._saver, self._ruler = folder, graph, saver, ruler
        self._noise = randomness.noise(graph.model.noise, (EVALUATED, NOISE_SIZE), graph.seed,
                                       randomness.EVALUATION_NOISE)
        some = np.arange(min(1000, images.num_examples))
        self._real_variance = monitor.variance(images.rows(some)[0])
        self._monitor = monitor.Monitor(graph.settings.loss.probabilistic)

    def recall(self, step):
        """Goes back to what was remembered at a checkpoint."""
        self._monitor = monitor.Monitor(self._graph.settings.loss.probabilistic,
                                        *remembered(self._folder, step))

    def remember(self, step):
        """Writes down what a checkpoint of this step will need, beside the earlier ones'."""
        kept = {str(runs.step_of(path)) for path in runs.checkpoints(self._folder)
                if runs.step_of(path) < step}
        wrong = []      # since training began
        memories = runs.read_json(self._folder, runs.MEMORIES, wrong)
        console.say(*wrong)
        memories = {at: memory for at, memory in memories.items() if at in kept}
        memories[str(step)] = self._monitor.memory._asdict()
        runs.write_json(self._folder, runs.MEMORIES, memories)
        runs.write_json(self._folder, runs.TRANSITIONS, {
            "transitions": [change._asdict() for change in self._monitor.transitions]})

    def observe(self, seen):
        """Takes in D's mean outputs on real and generated images, of a Seen."""
        self._monitor.observe(np.stack([seen.d_real, seen.d_fake], axis=1))

    def look(self, session, writer, step):
        """Says what state training is in, where that changes."""
        seen = monitor.sight(self._draw(session, monitor.LOOK_AT), self._real_variance)
        self._tell(writer, self._monitor.look(step, seen), step)
        writer.add_summary(summaries.of_look(seen), step)

    @staticmethod
    def _tell(writer, lines, step):
        for line in lines:
            console.say(line)
        if lines:
            writer.add_summary(summaries.text("monitor", "\n\n".join(lines)), step)

    def evaluate(self, session, writer, step):
        """Measures samples, and keeps the generator if there was none better.

        Raises WriteError where it cannot be kept.
        """
        quality = self._ruler.measure(self._draw(session, EVALUATED), neighbours=False)
        said = self._monitor.evaluated(step, quality.shares)
        writer.add_summary(summaries.of_evaluation(quality), step)
        best = runs.read_json(self._folder, runs.BEST_FACTS)
        # Another version's classifier has other numbers.
        compares = best and best.get("classifier") == self._ruler.facts.version
        better = not compares or quality.frechet < best["frechet"]
        console.say(f"Step {step}: Frechet distance "
                    f"{quality.frechet:.2f}{', the best so far' if better else ''}, "
                    f"{quality.covered} digit{'' if quality.covered == 1 else 's'} covered.")
        self._tell(writer, said, step)
        if better:
            self._keep(session, step, quality)

    def _keep(self, session, step, quality):
        try:
            try:
                runs.save(self._saver, session, self._folder, runs.BEST, step, keep=1)
            except (tf.errors.OpError, OSError):
                runs.discard(self._folder, step, runs.BEST)
                raise
            for path in runs.checkpoints(self._folder, runs.BEST):
                if runs.step_of(path) != step:      # of what has been trained past this step
                    runs.remove_checkpoint(path)
            runs.write_json(self._folder, runs.BEST_FACTS, dict(
                step=step, samples=EVALUATED, classifier=self._ruler.facts.version,
                frechet=quality.frechet, score=quality.score,
                covered=quality.covered, kl=quality.kl, shares=quality.shares))
        except (WriteError, tf.errors.OpError, OSError) as error:
            raise WriteError(f"cannot save the best generator of step {step} in {self._folder} "
                             f"({reason(error)})") from error

    def _draw(self, session, count):
        """The samples of a fixed noise, [count, 784] in [0, 1]."""
        parts = [session.run(self._graph.x_sample, {self._graph.z_noise: noise})
                 for noise in np.array_split(self._noise[:count], -(-count // _BATCH))]
        return self._graph.model.to_unit(np.concatenate(parts))


def remembered(folder, step):
    """(the Memory, the list of Transitions) that a run's monitor had at a checkpoint's step.

    Raises UserError where what a run keeps of them is damaged.
    """
    memory = monitor.from_json(runs.read_json(folder, runs.MEMORIES).get(str(step)))
    kept = runs.read_json(folder, runs.TRANSITIONS).get("transitions")
    return memory, monitor.transitions_up_to(step, kept, memory)
