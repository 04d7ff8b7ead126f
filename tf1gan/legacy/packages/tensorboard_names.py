"""`tensorboard` as scripts knew it: `tensorboard.summary` had what `tensorboard.summary.v1` has."""

import importlib

from tf1gan.legacy.names import Restored


def make():
    def old_names():
        return importlib.import_module("tensorboard.summary.v1")
    return Restored("tensorboard", importlib.import_module("tensorboard"), dict(            # 1.14
        summary=Restored("tensorboard.summary", old_names)))
