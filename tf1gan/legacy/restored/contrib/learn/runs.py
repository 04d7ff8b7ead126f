"""The sessions of an estimator: training, evaluation, predictions."""

import os

from tensorflow.python.framework import ops, random_seed, sparse_tensor
from tensorflow.python.ops import control_flow_ops
from tensorflow.python.platform import tf_logging as logging
from tensorflow.python.training import (
    basic_session_run_hooks,
    checkpoint_management,
    evaluation,
    monitored_session,
    saver,
    training_util,
)

from tf1gan.legacy.restored.contrib.learn import measuring
from tf1gan.legacy.restored.contrib.learn.keys import NotFittedError


def checkpoint_of(estimator):
    """The last checkpoint. Raises NotFittedError where there is none."""
    found = checkpoint_management.latest_checkpoint(estimator.model_dir)
    if not found:
        raise NotFittedError(f"There is no trained model in {estimator.model_dir}.")
    return found


def train(estimator, input_fn, hooks):
    """Trains until a hook stops it, or the input ends. Returns the last loss."""
    config = estimator._config
    estimator._graph = ops.Graph()
    with estimator._graph.as_default() as graph, graph.device(estimator._device_fn):
        random_seed.set_random_seed(config.tf_random_seed)
        step = training_util.create_global_step(graph)
        features, labels = input_fn()
        estimator._check_inputs(features, labels)
        training_util._get_or_create_global_step_read()
        model = estimator._get_train_ops(features, labels)
        ops.add_to_collection(ops.GraphKeys.LOSSES, model.loss)
        hooks = hooks + [
            basic_session_run_hooks.NanTensorHook(model.loss),
            basic_session_run_hooks.LoggingTensorHook(
                {"loss": model.loss, "step": step}, every_n_iter=100)] + model.training_hooks
        scaffold = model.scaffold or monitored_session.Scaffold()
        if not (scaffold.saver or ops.get_collection(ops.GraphKeys.SAVERS)):
            ops.add_to_collection(ops.GraphKeys.SAVERS, saver.Saver(
                sharded=True, max_to_keep=config.keep_checkpoint_max,
                keep_checkpoint_every_n_hours=config.keep_checkpoint_every_n_hours,
                defer_build=True, save_relative_paths=True))
        chief_hooks, loss = model.training_chief_hooks, None
        if (config.save_checkpoints_secs or config.save_checkpoints_steps) and not any(
                isinstance(hook, basic_session_run_hooks.CheckpointSaverHook)
                for hook in hooks + chief_hooks):
            chief_hooks = [basic_session_run_hooks.CheckpointSaverHook(
                estimator.model_dir, save_secs=config.save_checkpoints_secs,
                save_steps=config.save_checkpoints_steps, scaffold=scaffold)] + chief_hooks
        with monitored_session.MonitoredTrainingSession(
                master=config.master, is_chief=config.is_chief,
                checkpoint_dir=estimator.model_dir, scaffold=scaffold, hooks=hooks,
                chief_only_hooks=chief_hooks, save_checkpoint_secs=0,
                save_summaries_steps=config.save_summary_steps,
                max_wait_secs=config.session_creation_timeout_secs,
                config=estimator._session_config) as session:
            while not session.should_stop():
                _, loss = session.run([model.train_op, model.loss])
        return loss


def evaluate(estimator, input_fn, steps, feed_fn, metrics, name, checkpoint_path, hooks,
             log_progress):
    """(name of a metric -> its value, the step of the checkpoint)."""
    config = estimator._config
    if getattr(config, "execution_mode", "all") not in ("all", "evaluate", "eval_evalset"):
        return None, None
    checkpoint_path = checkpoint_path or checkpoint_of(estimator)
    with ops.Graph().as_default() as graph:
        random_seed.set_random_seed(config.tf_random_seed)
        step = training_util.create_global_step(graph)
        features, labels = input_fn()
        estimator._check_inputs(features, labels)
        model = estimator._get_eval_ops(features, labels, metrics)
        update, values = _updates_and_values(model.eval_metric_ops)
        hooks = list(hooks or [])
        if feed_fn:
            hooks.append(basic_session_run_hooks.FeedFnHook(feed_fn))
        if steps == 0:
            logging.warning("With steps=0, evaluation ends with the input; steps=None says so.")
        if steps:
            hooks.append(evaluation._StopAfterNEvalsHook(steps, log_progress=log_progress))
        key = "global_step"
        while key in values:
            key = "_" + key
        values[key] = step
        results = evaluation._evaluate_once(
            checkpoint_path=checkpoint_path, master=config.evaluation_master,
            scaffold=model.scaffold, eval_ops=update, final_ops=values, hooks=hooks,
            config=estimator._session_config)
    measuring.write(os.path.join(estimator.model_dir, f"eval_{name}" if name else "eval"),
                    results, results[key])
    return results, results[key]


def _updates_and_values(metrics):
    """(an operation that updates all metrics or None, name -> tensor of the value)."""
    updates, values = [], {}
    for name, metric in metrics.items():
        values[name] = metric
        if isinstance(metric, (list, tuple)) and len(metric) == 2:
            values[name] = metric[0]
            updates.append(metric[1])
        elif isinstance(metric, (list, tuple)):
            logging.warning("The metric %s is no pair of a value and an update.", name)
    return control_flow_ops.group(*updates) if updates else None, values


def infer(estimator, input_fn, feed_fn, outputs, as_iterable, iterate_batches):
    """The predictions of one batch, or a generator of those of all."""
    checkpoint_path = checkpoint_of(estimator)
    with ops.Graph().as_default() as graph:
        random_seed.set_random_seed(estimator._config.tf_random_seed)
        training_util.create_global_step(graph)
        features = input_fn()
        features = features[0] if isinstance(features, (list, tuple)) else features
        model = estimator._get_predict_ops(features)
        predictions = _wanted(model.predictions, outputs)
        session = monitored_session.MonitoredSession(
            session_creator=monitored_session.ChiefSessionCreator(
                checkpoint_filename_with_path=checkpoint_path, scaffold=model.scaffold,
                config=estimator._session_config))
        if as_iterable:
            return _one_by_one(session, predictions, feed_fn, iterate_batches)
        with session:
            if not session.should_stop():
                return session.run(predictions, feed_fn() if feed_fn else None)


def _one_by_one(session, predictions, feed_fn, iterate_batches):
    with session:
        while not session.should_stop():
            found = session.run(predictions, feed_fn() if feed_fn else None)
            if iterate_batches:
                yield found
            elif not isinstance(predictions, dict):
                yield from found
            else:
                first = next(iter(found.values()))
                rows = first.dense_shape[0] if isinstance(
                    first, sparse_tensor.SparseTensorValue) else first.shape[0]
                for row in range(rows):
                    yield {key: value[row] for key, value in found.items()}
            if not feed_fn and not session.graph.get_collection(ops.GraphKeys.QUEUE_RUNNERS):
                return                      # the input is the same for ever


def _wanted(predictions, outputs):
    if not outputs:
        return predictions
    if not isinstance(predictions, dict):
        raise ValueError("outputs are for a dictionary of predictions.")
    found = {key: value for key, value in predictions.items() if key in outputs}
    if not found:
        raise ValueError(f"None of {outputs} is among the predictions {list(predictions)}.")
    return found
