"""More than one machine: workers that train one run together, on TensorFlow's own runtime."""

from tf1gan.machines.cluster import Cluster, from_environment
from tf1gan.machines.launcher import launch

__all__ = ["Cluster", "from_environment", "launch"]
