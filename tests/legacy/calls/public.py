"""The public functions and classes of TensorFlow 1.15.5, by the names that scripts write.

    python public.py OUT

is for a Python with 1.15.5: what no table calls is then known.
"""

import inspect
import json
import sys

PARTS = ("", "image", "nn", "layers", "losses", "metrics", "train", "random", "data", "math", "linalg",
         "initializers", "summary", "strings", "signal", "spectral", "sparse", "sets", "debugging",
         "io", "distributions", "quantization", "keras.layers", "keras.backend", "keras.losses",
         "contrib.layers", "contrib.slim", "contrib.framework")


def main(out):
    import tensorflow as tf
    names = []
    for part in PARTS:
        module = tf
        for name in filter(None, part.split(".")):
            module = getattr(module, name)
        prefix = part if part.startswith("contrib") else f"tf.{part}".rstrip(".")
        names += [(f"{prefix}.{name}", id(getattr(module, name))) for name in sorted(dir(module))
                  if not name.startswith("_") and callable(getattr(module, name))
                  and not inspect.ismodule(getattr(module, name))]
    with open(out, "w") as file:
        json.dump(names, file)


if __name__ == "__main__":
    main(sys.argv[1])
