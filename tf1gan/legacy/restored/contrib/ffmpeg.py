"""`tf.contrib.ffmpeg`: sound decoded by the program ffmpeg, and written as WAV."""

import os
import shutil
import struct
import subprocess
import tempfile

import numpy as np

DROPPED = "2.0"
GIVES = "decode_audio encode_audio"
NEEDS = ()
PATHS = ("ffmpeg_ops",)
REFUSED = {"decode_video": "1.15.5's own ends the process with an ffmpeg of today, and so there is "
                           "nothing to compare with; imageio-ffmpeg reads pictures of films"}

FORMATS = ("mp3", "mp4", "ogg", "wav")
LOUDEST = np.float32(32767)
COMMAND = ("{program} -nostdin -f {kind} -probesize 5000000 -i {source} -loglevel error "
           "-hide_banner -map_metadata -1 -vn -ac:a:0 {channels} -ar:a:0 {rate} "
           "-codec:a:0 pcm_s16le -sample_fmt s16 -f s16le -sn -y")


def make(given):
    from tensorflow.python.framework import tensor_util
    tf = given.tf

    def decode_audio(contents, file_format=None, samples_per_second=None, channel_count=None,
                     stream=None):
        """Sound as [time, channels] in [-1, 1]; [0, 0] where ffmpeg finds none."""
        def decoded(contents, kind, rate, channels):
            kind = _checked(("contents", contents), kind, rate, channels, FORMATS)
            # An array of NumPy's own strings would lose zeros at the end.
            return _decoded(contents if isinstance(contents, bytes) else contents.item(), kind,
                            int(rate), int(channels), stream)
        with tf.name_scope(None, "DecodeAudioV2") as scope:
            given_ones = _tensors(scope, ("contents", contents, tf.string),
                                  ("file_format", file_format, tf.string),
                                  ("samples_per_second", samples_per_second, tf.int32),
                                  ("channel_count", channel_count, tf.int32))
            channels = tensor_util.constant_value(given_ones[3])
            channels = None if channels is None else int(channels.item())
            if channels is not None and channels <= 0:
                raise ValueError(f"channel_count is {channels}; sound has a channel at least.")
            made = tf.py_func(decoded, given_ones, tf.float32, name=scope)
        made.set_shape([None, channels])
        return made

    def encode_audio(audio, file_format=None, samples_per_second=None):
        """A WAV file of 16 bits, of sound as [time, channels]."""
        def encoded(audio, kind, rate, _):
            _checked(("sampled_audio", audio), kind, rate, 1, ("wav",), rank=2)
            return wav(audio, int(rate))
        with tf.name_scope(None, "EncodeAudioV2") as scope:
            made = tf.py_func(encoded, _tensors(
                scope, ("sampled_audio", audio, tf.float32),
                ("file_format", file_format, tf.string),
                ("samples_per_second", samples_per_second, tf.int32),
                ("bits_per_second", 192000, tf.int32)), tf.string, name=scope)
        made.set_shape([])
        return made

    def _tensors(scope, *rows):
        return [tf.convert_to_tensor(value, dtype, name=name) for name, value, dtype in rows]

    def _checked(first, kind, rate, channels, formats, rank=0):
        """The format's name, if the inputs are right."""
        name, value = first
        kind = np.asarray(kind).item().decode().lower()
        wrong = (f"{name} has {np.ndim(value)} axes, not {rank}" if np.ndim(value) != rank else
                 f"file_format is {kind}, none of {', '.join(formats)}" if kind not in formats else
                 f"samples_per_second is {rate}, not above 0" if rate <= 0 else
                 f"channel_count is {channels}, not above 0" if channels <= 0 else "")
        if wrong:
            raise ValueError(wrong)     # which a session makes an InvalidArgumentError of
        return kind

    def _decoded(contents, kind, rate, channels, stream):
        program = shutil.which("ffmpeg")
        if program is None:
            raise RuntimeError("tf.contrib.ffmpeg runs the program ffmpeg, which is in no folder "
                               "of PATH: install it")
        with tempfile.TemporaryDirectory() as folder:
            source, sound = [os.path.join(folder, name) for name in ("source", "sound")]
            with open(source, "wb") as file:
                file.write(contents)
            words = COMMAND.format(program=program, kind=kind, source=source, channels=channels,
                                   rate=rate).split(" ")
            words += ["-map", f"0:{stream}"] if stream else []
            done = subprocess.run(words + [sound], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE, check=False)
            if done.returncode:
                tf.logging.error("ffmpeg: %s", done.stderr.decode(errors="replace").strip())
                return np.zeros([0, 0], np.float32)
            return np.fromfile(sound, "<i2").reshape(-1, channels) / LOUDEST
    return dict(decode_audio=decode_audio, encode_audio=encode_audio)


def wav(sound, rate):
    """Samples of [-1, 1], [time, channels], as a file. What is louder wraps round."""
    with np.errstate(all="ignore"):
        louder = np.trunc(sound * LOUDEST).astype(np.float64)
    louder[~(np.abs(louder) < 2 ** 31)] = 0
    data = louder.astype(np.int64).astype("<i2").tobytes()
    channels = sound.shape[1]
    return (b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + struct.pack(
        "<IHHIIHH", 16, 1, channels, rate, rate * channels * 2, channels * 2, 16)
        + b"data" + struct.pack("<I", len(data)) + data)
