"""Runs an Experiment, as the process of several that this is."""

from tf1gan.legacy.restored.contrib.learn.experiment import Experiment
from tf1gan.legacy.restored.contrib.learn.keys import TaskType
from tf1gan.legacy.restored.contrib.learn.run_config import RunConfig


def run(experiment_fn, output_dir=None, schedule=None, run_config=None, hparams=None):
    """Calls a method of an Experiment, train_and_evaluate for one process alone.

    Args:
      experiment_fn: makes it of an output_dir, or of a run_config and hparams.
      schedule: the method's name.
    """
    if (output_dir is None) == (run_config is None) or output_dir == "":
        raise ValueError("Either output_dir or run_config is needed.")
    if not callable(experiment_fn):
        raise TypeError(f"{experiment_fn} is no function.")
    if run_config is not None:
        experiment = _made_for(experiment_fn, run_config, hparams)
    elif hparams is not None:
        raise ValueError("hparams are for an experiment_fn that takes a run_config.")
    else:
        experiment = _checked(experiment_fn(output_dir=output_dir))
    schedule = schedule or _usual(run_config or experiment.estimator.config)
    task = getattr(experiment, schedule, None)
    if task is None:
        raise ValueError(f"An Experiment has no {schedule}.")
    if not callable(task):
        raise TypeError(f"{schedule} of an Experiment is no method.")
    return task()


def tune(experiment_fn, tuner):
    """Runs the experiments that a tuner wants."""
    while tuner.next_trial():
        tuner.run_experiment(lambda run_config, hparams: _made_for(
            experiment_fn, run_config, hparams, True))


def _checked(experiment):
    if not isinstance(experiment, Experiment):
        raise TypeError(f"experiment_fn gave {experiment}, which is no Experiment.")
    return experiment


def _made_for(experiment_fn, config, hparams, needs_hparams=False):
    if not isinstance(config, RunConfig):
        raise ValueError("run_config has to be of tf.contrib.learn.RunConfig.")
    if not config.model_dir:
        raise ValueError("run_config needs its model_dir.")
    if hparams is not None and not hasattr(hparams, "add_hparam") or (
            needs_hparams and hparams is None):
        raise ValueError("hparams have to be of HParams.")
    uid = config.uid()
    experiment = _checked(experiment_fn(config, hparams))
    found = experiment.estimator.config
    if not hasattr(found, "uid") or found.uid() != uid:
        raise RuntimeError("The Experiment's estimator has to be made with the run_config that "
                           "experiment_fn is given.")
    return experiment


def _usual(config):
    cluster = config.cluster_spec if config else None
    if not cluster or sum(len(cluster.job_tasks(job)) for job in cluster.jobs) <= 1 \
            or config.task_type == TaskType.MASTER:
        return "train_and_evaluate"
    known = {TaskType.PS: "run_std_server", TaskType.WORKER: "train"}
    if config.task_type not in known:
        raise ValueError(f"schedule has to say what the task {config.task_type} does.")
    return known[config.task_type]
