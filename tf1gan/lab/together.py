"""How fast several processes train together on one machine, beside one with all its cores."""

import contextlib
import os
import statistics
from typing import List, NamedTuple

import numpy as np

from tf1gan import console, data, models, strategy
from tf1gan.compat import tf
from tf1gan.graph import build_from
from tf1gan.lab import sides, turns
from tf1gan.machines import collectives, launcher
from tf1gan.machines.cluster import Cluster
from tf1gan.machines.together import Together

_REDUCTION = "reduction"        # what a worker is asked beside a number of iterations
_KEYS = 10 ** 6                 # of the reductions that are timed by themselves
_TIMES = 20


class Traffic(NamedTuple):
    """What an iteration reduces, and how long reductions take."""
    sizes: List[int]        # bytes of each reduction
    seconds: float          # of all gradients in one
    small_seconds: float    # of a few numbers


class Team:
    """Processes that train one model together, each on its share of the cores."""

    def __init__(self, name, data_dir, batch_size, count):
        self.members = []
        with launcher.held_hosts(count) as hosts, turns.ended_if_it_fails(self.members):
            for index in range(count):
                member = turns.Member()
                member.begin(_member, name, data_dir, {"batch_size": batch_size},
                             Cluster(hosts, index))
                self.members.append(member)
            for member in self.members:
                member.receive()

    def __enter__(self):
        return self

    def __exit__(self, failed, *_):
        turns.end(self.members, failed)

    def ask(self, what):
        """What each answers, having been asked the same."""
        for member in self.members:
            member.send(what)
        return [member.receive() for member in self.members]

    def rate(self, count):
        return count / max(self.ask(count))


@contextlib.contextmanager
def _member(name, data_dir, hyperparameters, cluster):
    """speed's side of tf1gan, in a process that may be one of several."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, launcher.share(sorted(os.sched_getaffinity(0)), cluster))
    whose = Together(cluster) if cluster.size > 1 else strategy.ALONE
    with sides.side(name, data_dir, hyperparameters, whose) as (train, run, _):
        timed = turns.timed(train)
        yield lambda what: _traffic(run) if what == _REDUCTION else timed(what)


def _traffic(run):
    """Traffic of a run of several workers."""
    gradients = sum(variable.shape.num_elements() for variable in
                    run.graph.generator_variables + run.graph.discriminator_variables)
    return Traffic(_reductions(run.graph), *(_time_of_one(run, size, _KEYS + number)
                                             for number, size in enumerate((gradients, 64))))


def reductions(name, count):
    """The bytes of each reduction in an iteration of a model by so many workers."""
    whose = Together(Cluster(("",) * count, 0))
    with tf.Graph().as_default():
        return _reductions(build_from(models.resolve(name, {}), 0, whose))


def _reductions(graph):
    return [op.outputs[0].shape.num_elements() * op.outputs[0].dtype.size
            for op in _before(graph.train_op) if op.type == "CollectiveReduce"]


def _before(op):
    """All ops that have to run for one, and itself."""
    found, left = {op}, [op]
    while left:
        op = left.pop()
        new = {tensor.op for tensor in op.inputs}.union(op.control_inputs) - found
        found |= new
        left += new
    return found


def _time_of_one(run, size, key):
    of = collectives.Group(run.strategy.size, run.strategy.index, iter(()), [])
    with tf.Graph().as_default():
        value = tf.Variable(np.zeros(size, np.float32), use_resource=True)
        total = tf.reduce_max(collectives.reduce(of, tf.convert_to_tensor(value), key=key))
        with tf.Session(run.strategy.target, config=run.session_config) as session:
            session.run(value.initializer)
            return statistics.median(turns.times(lambda: session.run(total), _TIMES))


def report(names, data_dir, counts, seconds):
    """Prints the speed of each model by so many processes, which take turns.

    With 0 seconds nothing is timed: it prints what an iteration reduces.
    """
    if not seconds:
        for name in names:
            for count in counts:
                if count > 1:
                    console.say(f"{name:<12} {count} workers: {_words(reductions(name, count))}")
        return
    data.load(data_dir)
    console.say(f"TensorFlow {tf.__version__}, {os.cpu_count()} CPUs, medians of {turns.ROUNDS} "
                "rounds.")
    for name in names:
        size = models.find(name).defaults["batch_size"]
        size += -size % int(np.lcm.reduce(counts))      # what all of them can divide
        with contextlib.ExitStack() as stack:
            teams = [stack.enter_context(Team(name, data_dir, size, count)) for count in counts]
            iterations = [max(2, round(seconds * team.rate(2))) for team in teams]
            rates = [[team.rate(each) for team, each in zip(teams, iterations)]
                     for _ in range(turns.ROUNDS)]
            traffic = [team.ask(_REDUCTION)[0] if count > 1 else None
                       for team, count in zip(teams, counts)]
        first = [rate[0] for rate in rates]
        for count, of_team, of_each in zip(counts, zip(*rates), traffic):
            ratios = [one / other for one, other in zip(of_team, first)]
            line = (f"{name:<12} {count} process{'' if count == 1 else 'es'} "
                    f"{statistics.median(of_team):8.2f} it/s, ratio "
                    f"{statistics.median(ratios):.2f} "
                    f"({', '.join(f'{ratio:.2f}' for ratio in ratios)})")
            if of_each:
                line += (f"; {_words(of_each.sizes)}; all gradients in one take "
                         f"{1e3 * of_each.seconds:.1f} ms, a few numbers "
                         f"{1e3 * of_each.small_seconds:.1f} ms")
            console.say(line)


def _words(sizes):
    return f"an iteration reduces {sum(sizes) / 1e6:.2f} MB in {len(sizes)} reductions"
