"""Who takes part in training: TensorFlow's own convention, the environment variable TF_CONFIG.

    {"cluster": {"worker": ["a:2222", "b:2222"]}, "task": {"type": "worker", "index": 0}}
"""

import json
import os
import re
from typing import NamedTuple, Optional, Tuple

from tf1gan.errors import UserError

VARIABLE = "TF_CONFIG"
_ADDRESS = re.compile(r"(?:\[[0-9A-Za-z:.%]+\]|[A-Za-z0-9._-]+):([0-9]{1,5})")
_EXAMPLE = ('{"cluster": {"worker": ["a:2222", "b:2222"]}, '
            '"task": {"type": "worker", "index": 0}}')


class Cluster(NamedTuple):
    """The workers, and which of them this process is. Worker 0 leads: it has the files."""
    hosts: Tuple[str, ...]      # "name:port" of each
    index: int

    @property
    def size(self):
        return len(self.hosts)

    @property
    def others(self):
        return [index for index in range(self.size) if index != self.index]

    def who(self, index):
        """A worker in words."""
        return f"worker {index} ({self.hosts[index]})"

    def environment(self):
        """The value of TF_CONFIG that says this."""
        return json.dumps({"cluster": {"worker": list(self.hosts)},
                           "task": {"type": "worker", "index": self.index}})


def from_environment(environment=None) -> Optional[Cluster]:
    """The Cluster that TF_CONFIG tells of, or None where it is unset or has one worker.

    A "chief" is worker 0, and those of "worker" follow. Raises UserError where it is not what it
    should be, or has tasks that there are none of here.
    """
    text = (os.environ if environment is None else environment).get(VARIABLE, "").strip()
    if not text:
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _wrong(f"is not JSON ({error})") from None
    if not isinstance(value, dict):
        raise _wrong("is not an object")
    jobs, task = value.get("cluster") or {}, value.get("task") or {}
    if not jobs and not task:
        return None
    if not isinstance(jobs, dict) or not isinstance(task, dict):
        raise _wrong("has a \"cluster\" or a \"task\" that is not an object")
    for name in list(jobs) + [task.get("type", "worker")]:
        if name not in ("chief", "worker"):
            raise _wrong(f"names {name!r}, but only workers, and a chief as the first of them, "
                         "can take part")
    hosts = _hosts(jobs)
    index = _index(task, jobs, len(hosts))
    return Cluster(hosts, index) if len(hosts) > 1 else None


def _hosts(jobs):
    chiefs, workers = (jobs.get(name) or [] for name in ("chief", "worker"))
    if not all(isinstance(each, list) for each in (chiefs, workers)) or len(chiefs) > 1:
        raise _wrong("should have a list of workers, and no more than one chief")
    hosts = chiefs + workers
    for host in hosts:
        port = _ADDRESS.fullmatch(host) if isinstance(host, str) else None
        if not port or not 0 < int(port.group(1)) < 2 ** 16:
            raise _wrong(f"has the worker {host!r}, which is not NAME:PORT")
        if [str(other).lower() for other in hosts].count(host.lower()) > 1:
            raise _wrong(f"has {host} twice")
    if not hosts:
        raise _wrong("has no workers")
    return tuple(hosts)


def _index(task, jobs, count):
    kind = task.get("type", "worker")
    if "index" not in task and kind != "chief" and count > 1:
        raise _wrong("does not say which of the workers this is")
    index = task.get("index", 0)
    if isinstance(index, bool) or not isinstance(index, int):
        raise _wrong(f"has the index {index!r}, which is not an integer")
    there = len(jobs.get(kind) or [])
    if not 0 <= index < there:
        raise _wrong(f"has the index {index}, and there are {there} {kind}s, numbered from 0")
    return index if kind == "chief" else index + count - there


def _wrong(what):
    return UserError(f"{VARIABLE} {what}: it should be like '{_EXAMPLE}'")
