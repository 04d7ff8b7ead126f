"""What Linux says of a processor, and what follows for training."""

import io
import os

import pytest

from tf1gan import models, process
from tf1gan.compat import tf
from tf1gan.errors import UserError
from tf1gan.training import session_config

EPYC = ("processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 17\n"
        "model name\t: AMD EPYC 9R14: 96 cores\nflags\t\t: fpu sse4_2 avx2 avx512_bf16\n"
        "bugs\t\t: spectre_v1\n\nprocessor\t: 1\nmodel name\t: Another\n")
OLDER = EPYC.replace(" avx512_bf16", "").replace("9R14", "7R13")
ARM = "processor\t: 0\nBogoMIPS\t: 2100.00\nFeatures\t: fp asimd sve bf16\nCPU part\t: 0xd40\n"


@pytest.fixture
def described(monkeypatch):
    """A function that has Linux describe the processor in these words, or not at all."""
    def describe(words):
        def opened(path):
            if words is None:
                raise FileNotFoundError(path)
            assert path == "/proc/cpuinfo"
            return io.StringIO(words)
        monkeypatch.setattr(session_config, "open", opened, raising=False)
    monkeypatch.delenv("TF_ENABLE_ONEDNN_OPTS", raising=False)
    return describe


def bfloat16_is_on():
    options = session_config.make(
        models.resolve("dcgan", {"bfloat16": True})).graph_options.rewrite_options
    return options.auto_mixed_precision_onednn_bfloat16 == type(options).ON


@pytest.mark.skipif(
    not hasattr(tf.ConfigProto().graph_options.rewrite_options,
                "auto_mixed_precision_onednn_bfloat16"), reason="takes a TensorFlow with bfloat16")
def test_bfloat16_takes_a_processor_and_a_library_that_have_it(described, monkeypatch):
    for words in (EPYC, ARM):
        described(words)
        assert bfloat16_is_on()
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "0")
    with pytest.raises(UserError, match="needs oneDNN: unset TF_ENABLE_ONEDNN_OPTS"):
        bfloat16_is_on()
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "1")
    described(OLDER)
    with pytest.raises(UserError, match="this CPU has no bfloat16"):
        bfloat16_is_on()
    described(None)     # not Linux
    with pytest.warns(UserWarning, match="cannot tell whether this CPU has bfloat16"):
        assert bfloat16_is_on()


def test_a_processor_is_called_what_linux_calls_it(described):
    names = []
    for words in (EPYC, OLDER, ARM, EPYC.replace("model\t\t: 17", "model\t\t: 18")):
        described(words)
        names.append(session_config.processor())
    # Virtual machines may say "AMD EPYC" of all.
    assert names[0] == "AMD EPYC 9R14: 96 cores, family 25, model 17"
    assert names[1] == "AMD EPYC 7R13: 96 cores, family 25, model 17"
    assert len(set(names)) == 4


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="takes Linux")
def test_cores_are_those_that_this_process_may_use(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3, 5, 8})
    assert process.cores() == 3
