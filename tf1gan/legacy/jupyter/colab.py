"""`google.colab` where there is no Colab: notebooks mount a drive, and offer files to download."""

import importlib
import importlib.util
import os

from tf1gan.legacy.names import Restored
from tf1gan.legacy.refusal import refuse


def make(say):
    """`google`, with Colab's own where it is installed.

    Args:
      say: prints a line.
    """
    def mount(mountpoint, *_, **__):
        say(f"there is no Colab here, and no drive at {mountpoint}: what the cells read has to be "
            "in this machine's folders")

    def download(filename):
        say(f"nothing to download: the file is {os.path.abspath(filename)}")

    def upload(*_, **__):
        refuse("google.colab.files.upload is not restored: put the files into this folder, and "
               "leave the line out")

    def module(name, **restored):
        return Restored(f"google.colab.{name}", restored=restored)
    today = importlib.import_module("google") if importlib.util.find_spec("google") else None
    if today is not None and importlib.util.find_spec("google.colab") is not None:
        return today
    return Restored("google", today, dict(colab=Restored("google.colab", restored=dict(
        drive=module("drive", mount=mount, flush_and_unmount=lambda *_, **__: None),
        files=module("files", download=download, upload=upload),
        output=module("output", clear=lambda *_, **__: None)))))
