"""`tf.contrib.signal`, which is `tf.signal`."""

DROPPED = "2.0"
GIVES = """
frame hamming_window hann_window inverse_stft inverse_stft_window_fn linear_to_mel_weight_matrix
mfccs_from_log_mel_spectrograms overlap_and_add stft
"""
NEEDS = ()
PATHS = ()
REFUSED = {}


def make(given):
    return {name: getattr(given.tf.signal, name) for name in GIVES.split()}
