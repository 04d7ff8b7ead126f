"""RunConfig: how a model is trained and kept, and what TF_CONFIG says of several processes."""

import collections
import json
import os

from tensorflow.core.protobuf import config_pb2
from tensorflow.python.training import server_lib

from tf1gan.legacy.api import estimator
from tf1gan.legacy.restored.contrib.learn.keys import Environment, TaskType

_core = estimator.load("tensorflow_estimator.python.estimator.run_config")
# What may differ between two runs that are one.
_NOT_OF_UID = ("tf_random_seed save_summary_steps save_checkpoints_steps save_checkpoints_secs "
               "session_config keep_checkpoint_max keep_checkpoint_every_n_hours "
               "log_step_count_steps").split()
# What tensorflow-estimator's own RunConfig has beside, and what it is then.
_OF_THE_CORE = dict(train_distribute=None, eval_distribute=None, device_fn=None,
                    experimental_max_worker_delay_secs=None, checkpoint_save_graph_def=True)


def _said():
    """What TF_CONFIG says."""
    return json.loads(os.environ.get("TF_CONFIG") or "{}")


class ClusterConfig:
    """The processes that train together, by TF_CONFIG."""

    def __init__(self, master=None, evaluation_master=None):
        said = _said()
        self._task_type = said.get("task", {}).get("type")
        self._task_id = self.get_task_id()
        self._cluster_spec = server_lib.ClusterSpec(said.get("cluster", {}))
        self._master = master if master is not None else _master(
            self._cluster_spec, self._task_type, self._task_id)
        jobs = self._cluster_spec.as_dict()
        self._num_ps_replicas = len(jobs.get("ps", []))
        self._num_worker_replicas = len(jobs.get("worker", [])) + len(jobs.get("master", []))
        self._environment = said.get("environment", Environment.LOCAL)
        chief = TaskType.MASTER if self._environment == Environment.CLOUD else TaskType.WORKER
        self._is_chief = self._task_id == 0 and self._task_type in (None, chief)
        self._evaluation_master = evaluation_master or ""

    @property
    def cluster_spec(self):
        return self._cluster_spec

    @property
    def environment(self):
        return self._environment

    @property
    def evaluation_master(self):
        return self._evaluation_master

    @property
    def is_chief(self):
        return self._is_chief

    @property
    def master(self):
        return self._master

    @property
    def num_ps_replicas(self):
        return self._num_ps_replicas

    @property
    def num_worker_replicas(self):
        return self._num_worker_replicas

    @property
    def task_id(self):
        return self._task_id

    @property
    def task_type(self):
        return self._task_type

    @staticmethod
    def get_task_id():
        return int(_said().get("task", {}).get("index") or 0)


class RunConfig(ClusterConfig, _core.RunConfig):
    """How a model is trained, with what seed, and how often it is saved."""
    _USE_DEFAULT = 0

    def __init__(self, master=None, num_cores=0, log_device_placement=False,
                 gpu_memory_fraction=1, tf_random_seed=None, save_summary_steps=100,
                 save_checkpoints_secs=_USE_DEFAULT, save_checkpoints_steps=None,
                 keep_checkpoint_max=5, keep_checkpoint_every_n_hours=10000,
                 log_step_count_steps=100, protocol=None, evaluation_master="", model_dir=None,
                 session_config=None, session_creation_timeout_secs=7200):
        ClusterConfig.__init__(self, master=master, evaluation_master=evaluation_master)
        if save_checkpoints_secs == RunConfig._USE_DEFAULT:
            save_checkpoints_secs = 600 if save_checkpoints_steps is None else None
        settings = dict(
            _OF_THE_CORE, tf_random_seed=tf_random_seed, save_summary_steps=save_summary_steps,
            save_checkpoints_secs=save_checkpoints_secs,
            save_checkpoints_steps=save_checkpoints_steps,
            keep_checkpoint_max=keep_checkpoint_max,
            keep_checkpoint_every_n_hours=keep_checkpoint_every_n_hours,
            log_step_count_steps=log_step_count_steps, protocol=protocol,
            session_config=session_config, model_dir=_model_dir(model_dir),
            session_creation_timeout_secs=session_creation_timeout_secs,
            tf_config=config_pb2.ConfigProto(
                log_device_placement=log_device_placement,
                inter_op_parallelism_threads=num_cores, intra_op_parallelism_threads=num_cores,
                gpu_options=config_pb2.GPUOptions(
                    per_process_gpu_memory_fraction=gpu_memory_fraction)))
        self.__dict__.update({f"_{name}": value for name, value in settings.items()})

    def uid(self, whitelist=None):
        """What makes this run another than others, in a line."""
        left_out = {f"_{name}" for name in (_NOT_OF_UID if whitelist is None else whitelist)}
        left_out.add("_checkpoint_save_graph_def")      # which 1.15 had not
        said = {name: value for name, value in sorted(self.__dict__.items())
                if name not in left_out and not name.startswith("__")}
        if "_cluster_spec" in said:
            said["_cluster_spec"] = collections.OrderedDict(sorted(
                said["_cluster_spec"].as_dict().items()))
        return ", ".join(f"{name}={value!r}" for name, value in said.items())

    @property
    def tf_config(self):
        return self._tf_config


def _master(cluster, task_type, task_id):
    """Where the process of several is, or "" where it is alone."""
    jobs = cluster.jobs
    if not jobs or not task_type or len(jobs) == 1 and len(cluster.job_tasks(jobs[0])) == 1:
        return ""
    if task_type not in jobs:
        raise ValueError(f"TF_CONFIG has no job {task_type} in {cluster}.")
    addresses = cluster.job_tasks(task_type)
    if not 0 <= task_id < len(addresses):
        raise ValueError(f"TF_CONFIG has no task {task_id} of the job {task_type} in {cluster}.")
    return "grpc://" + addresses[task_id]


def _model_dir(model_dir):
    said = _said().get("model_dir")
    if said is not None and model_dir is not None and said != model_dir:
        raise ValueError(f"model_dir is {model_dir}, but TF_CONFIG says {said}.")
    return model_dir or said
