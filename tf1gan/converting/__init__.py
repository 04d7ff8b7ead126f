"""Models of TensorFlow 1 that are files -> what TensorFlow 2 loads.

    sources -> ends -> network -> saved_model

`sources` opens a file, whatever its kind; `ends` finds where the network begins and ends; `network`
cuts it out (`folding` fixes phases, `dropout` and `normalization` take training's parts away);
`saved_model` writes it and tries it in a fresh process, beside what `original` computes.
`inspection` says what a file is, and `pictures` draws from a generator.
"""

from tf1gan.converting import pictures
from tf1gan.converting.conversion import check_request, convert
from tf1gan.converting.inspection import inspect
from tf1gan.converting.sources import check_source, has_graph, is_there
from tf1gan.restoring.claims import look

__all__ = ["check_request", "check_source", "convert", "has_graph", "inspect", "is_there", "look",
           "pictures"]
