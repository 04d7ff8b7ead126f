"""The runner is for TensorFlow 2: on 1.15 a script needs none."""

import sys

collect_ignore_glob = ["test_*.py"] if sys.version_info < (3, 10) else []
