"""Computes with converted models in plain TensorFlow 2, and says how far each is from what is kept.

As the command does, it compares with the largest number of an output, or with 1: those of 50, as
the means of pixels are, are 4e-6 apart in float32.

    python compute.py CONVERTED FILES NAME=KEPT ...

Prints JSON: name -> {output: the largest difference from 1.15.5's}.
"""

import base64
import json
import os
import sys

import numpy as np
import tensorflow as tf


def array(kept):
    if "bytes" in kept:
        found = np.empty(len(kept["bytes"]), object)
        found[:] = [base64.b64decode(each) for each in kept["bytes"]]
        return found.reshape(kept["shape"])
    return np.array(kept["values"], kept["dtype"]).reshape(kept["shape"])


def apart(found, wanted):
    if wanted.dtype == object:
        return float(found.tolist() != wanted.tolist())
    assert found.shape == wanted.shape, (found.shape, wanted.shape)
    return float(np.abs(found.astype(float) - wanted).max() / max(1, np.abs(wanted).max()))


if __name__ == "__main__":
    converted, files = sys.argv[1:3]
    found = {}
    for name, kept in (each.split("=") for each in sys.argv[3:]):
        with open(os.path.join(files, kept + ".json")) as file:
            numbers = json.load(file)
        model = tf.saved_model.load(os.path.join(converted, name))
        outputs = model.signatures["serving_default"](**{
            key: tf.constant(array(value).tolist() if "bytes" in value else array(value))
            for key, value in numbers["inputs"].items()})
        found[name] = {key: apart(outputs[key].numpy(), array(value))
                       for key, value in numbers["outputs"].items()}
    assert not [name for name in sys.modules if name.split(".")[0] == "tf1gan"]
    print(json.dumps(found))
