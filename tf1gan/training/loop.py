"""The loop that trains: feed, run, act."""

import concurrent.futures
import contextlib
import os
import shlex
import time

import numpy as np
from tqdm import tqdm

from tf1gan import console, models, plots, process, run_plots, runs, summaries
from tf1gan.compat import tf
from tf1gan.errors import UserError, WriteError
from tf1gan.graph.iteration import Seen
from tf1gan.runs import events
from tf1gan.training import actions, batches, claim


def go(run):
    """Trains a run to its end, to its goal, or to a signal.

    Returns the signal that it was sent, or None: one that comes when all is trained finds it so.
    """
    with started(run) as (session, step), process.signals() as received:
        if not run.leads:
            return follow(run, session, step, received)
        if run.is_finished(step):
            describe(run, step)
            console.say(_why_there_is_nothing_to_do(run, step))
            return None
        try:
            claim.claim(run.folder, run.config)
            describe(run, step)
            for line in _what_is_not_measured(run, step):
                console.say(line)
            with writing(run, step) as writer:
                step, last = advance(run, session, writer, step, run.plan.total, received)
                if last and not (run.plan.save.due(step) or run.is_finished(step)):
                    actions.check_weights(run, last)
                    actions.save(run, last)
                if run.is_finished(step):
                    writer.add_summary(summaries.ended(), step)
        except WriteError as error:
            raise UserError(f"{error}; {run.last_checkpoint()}; make room there, and give the "
                            "same command to continue") from error
        run_plots.plot_history(run.folder, run.config, run.model, run.history.losses,
                               run.history.samples)
    if run.is_finished(step):
        console.say(f"Trained for {step} iterations. Digits: {run.path('last.png')}, loss "
                    f"curves: {run.path('loss.png')}")
    else:
        console.say(f"Stopped at step {step} of {run.plan.total}, saved in {run.folder}. The same "
                    "command continues from there.")
    return received[0] if received else None


def follow(run, session, step, received):
    """`go` of a worker that has no files: it computes its part."""
    console.say(f"This is {run.strategy}, from step {step}; {run.strategy.leader} has the run's "
                "files.")
    if not run.is_finished(step):
        step, _ = advance(run, session, None, step, run.plan.total, received)
    console.say(f"Trained for {step} iterations." if run.is_finished(step) else
                f"Stopped at step {step} of {run.plan.total}.")
    return received[0] if received else None


def advance(run, session, writer, step, end, received):
    """Trains from a step to `end`, to the model's goal, or to a signal.

    The batches of the next stretch of iterations are made while TensorFlow is at work on this one.

    Of several processes, the one that leads acts; the others only know when it does. A signal that
    one was sent is known to all after the next stretch, at which they end.

    Returns (the step reached, the Now of it, or None where nothing was to be done).
    """
    before, after = actions.before_a_batch(run), actions.after_a_batch(run)
    now, shown = None, 0.0
    with tqdm(total=run.plan.total, initial=step, desc=run.config["model"], unit="it",
              disable=None, dynamic_ncols=True) as bar, \
            concurrent.futures.ThreadPoolExecutor(1) as ahead:

        def prepare(step):
            most = min(run.settings.iterations_per_run, end - step)
            return ahead.submit(batches.make, run.graph, run.images, step,
                                _stretch(before, after, step, most))

        prepared = prepare(step)
        agreed = run.strategy.agreed(received)
        while step < end and not agreed:
            fed = prepared.result()
            for action in before:
                if run.leads and action.due(step + 1):
                    action.act(actions.Now(session, writer, step + 1, fed, None))
            began, step = step, step + len(fed.x_real)
            if step < end:
                prepared = prepare(step)
            with run.strategy.working():
                seen, signals = compute(run.graph, session, fed.own(run.graph),
                                        run.strategy.feeds(received))
            agreed += run.strategy.told(signals)
            wrong = run.history.add(seen)
            if wrong:
                raise actions.diverged(run, "losses", wrong)
            run.watch.observe(seen)
            now = actions.Now(session, writer, step, fed, seen)
            finished = run.is_finished(step)
            due = [action for action in after
                   if run.leads and (action.due(step) or finished and action.at_end)]
            if due:
                actions.check_weights(run, now)
            for action in due:
                action.act(now)
            bar.update(step - began)
            if time.monotonic() - shown > 0.2:
                bar.set_postfix_str(short(run.model, *run.history.losses[-1]), refresh=False)
                shown = time.monotonic()
            if finished:
                break
    received += agreed[:1] if not received else []
    return step, now


def _stretch(before, after, step, most):
    """How many iterations there are from a step to the next at which something is due."""
    for last in range(step + 1, step + most):
        if (any(action.due(last) for action in after)
                or any(action.due(last + 1) for action in before)):
            return last - step
    return most


def compute(graph, session, fed, feeds=None, **options):
    """Runs one iteration for each batch that is `fed`, beside which it feeds `feeds`.

    Returns (Seen, arrays [iterations]; the last one's signals, see GANGraph). `options` are those
    of Session.run.
    """
    if graph.many:
        seen, signals = session.run(
            [graph.many.seen, graph.many.signals],
            {**fed.feeds(graph.many), **(feeds or {})}, **options)
        return seen, signals[-1]
    _, seen, signals = session.run([graph.train_op, graph.seen, graph.signals],
                                   {**fed.feeds(graph, 0), **(feeds or {})}, **options)
    return Seen(*(value[np.newaxis] for value in seen)), signals


def short(model, g_loss, d_loss):
    """Both losses for the progress bar, in the order of the document's line."""
    shown = [f"G={g_loss:.3f}", f"D={d_loss:.3f}"]
    return ", ".join(reversed(shown) if model.fresh_noise else shown)


# -- Where a run begins ----------------------------------------------------------------------

@contextlib.contextmanager
def started(run):
    """A Session with the weights of the newest checkpoint or initial ones, and its step."""
    with tf.Session(run.strategy.target, config=run.session_config) as session:
        session.graph.finalize()
        step = restore(run, session) if run.leads else 0
        yield session, share(run, session, step)


def restore(run, session):
    """Continues from the newest checkpoint, or initializes. Returns the step reached."""
    runs.sweep(run.folder)
    found = runs.checkpoints(run.folder)
    for prefix in reversed(found):
        step = runs.step_of(prefix)
        try:
            runs.restore(run.ops.saver, session, prefix)
            held = int(session.run(run.graph.global_step))
            if held != step:
                raise UserError(f"{prefix} is the checkpoint of step {held}: rename it accordingly")
        except UserError as error:
            console.say(f"Skipping a checkpoint: {error}")
            continue
        run.history.load(run.folder, step, len(run.plan.sample.steps(step)))
        run.watch.recall(step)
        return step
    if found:
        raise UserError(f"no checkpoint in {run.folder} can be read: restore one, or start over "
                        "with --fresh")
    # What comes from a file takes the place of what a variable would begin with.
    begin_with = run.beginning.values
    session.run(run.ops.initialize, {
        variable.initializer.inputs[1]: begin_with[variable.op.name]
        for variable in session.graph.get_collection(tf.GraphKeys.GLOBAL_VARIABLES)
        if variable.op.name in begin_with})
    if run.beginning.words:
        console.say(run.beginning.words)
    return 0


def share(run, session, step):
    """Gives all processes the variables of the one that leads. Returns the step they are of.

    The others know of the history what decides whether the run is at its end: its last losses.
    """
    last = list(run.history.losses[-1]) if step else [0.0, 0.0]
    with run.strategy.working():
        step, *last = run.ops.share(session, [step] + last)
    if not run.leads:
        run.history.losses = [last] * int(step)
    return int(step)


@contextlib.contextmanager
def writing(run, step):
    """The event file that a run writes to from a step."""
    pictures = run.plan.ends_epoch(step)
    writer = events.open_writer(
        run.folder, step, lambda event: summaries.belongs(event, step, pictures))
    try:
        if not step:
            writer.add_event(tf.Event(
                wall_time=time.time(), graph_def=run.drawing.SerializeToString()))
        summaries.hide_from_projector(run.folder)
        facts = run.facts()
        for summary in summaries.about(facts, dict(facts, iterations=run.plan.total)):
            writer.add_summary(summary, 0)
        yield writer
    finally:
        with contextlib.suppress(WriteError):           # each save has flushed it
            writer.close()


def describe(run, step):
    """Prints the run's folder, the hyperparameters and the variables."""
    console.say(f"Run: {run.folder}{f', from step {step}' if step else ''}",
                *(f"  {name:<14} {value}" for name, value in run.facts()),
                *console.variable_table(run.graph))
    logdir = shlex.quote(os.path.dirname(run.folder) or ".")
    console.say(f"To watch it: tensorboard --logdir {logdir} --samples_per_plugin images=300")
    if run.model.preview and not step:
        console.say(*run.images.describe().splitlines())
        plots.save(run.path("preview.png"), plots.preview(run.images))


def _why_there_is_nothing_to_do(run, step):
    if run.has_met_its_goal(step):
        goal = ", ".join(f"{models.flag(name)} {loss:g}"
                         for name, loss in run.settings.goal.items())
        why = (f"{run.folder} has already met its goal, after {step} iterations ({goal}): train "
               "longer with a lower goal, or start over with --fresh.")
    else:
        why = (f"{run.folder} has already been trained for {step} iterations: train longer with a "
               "larger --epochs or --steps, or start over with --fresh.")
    if not run.plan.evaluate:
        return why
    return (f"{why} --evaluate-every measures only during training, so nothing is measured now: "
            "do one of these, or name another run with --run. To measure this run, use "
            f"scripts/evaluate.py {shlex.quote(run.folder)}")


def _what_is_not_measured(run, step):
    """Lines on what intervals that were asked for leave out in the rest of a run."""
    plan = run.plan
    if plan.summarize.count > plan.total and plan.summarize.count != run.model.summary_every:
        yield ("TensorBoard will get no points of the losses: --summary-every "
               f"{plan.summarize.count} is more than the run's {plan.total} iterations.")
    if not plan.evaluate or runs.checkpoints(run.folder, runs.BEST):
        return
    every = plan.evaluate.count
    first = step - step % every + every
    if first > plan.total:
        yield (f"Nothing will be measured: no multiple of --evaluate-every {every} lies between "
               f"step {step} and the end of the run at {plan.total}. Give a smaller number, or "
               "train longer with --epochs or --steps.")
    elif step:
        yield (f"--evaluate-every {every} measures from step {first} on; nothing before that is "
               "measured.")
