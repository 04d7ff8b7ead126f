"""tf.contrib.ffmpeg: WAV files written, and sound decoded by a program that stands in for ffmpeg."""
import os
import zlib
import numpy as np
import tensorflow as tf

# A program that takes ffmpeg's words, notes those without paths, and drops a WAV file's header.
PROGRAM = """#!/bin/sh
words="$*"
while [ $# -gt 1 ]; do
  if [ "$1" = -i ]; then source="$2"; fi
  shift
done
echo "$words" | sed 's:[^ ]*/[^ ]*::g' >> words.txt
[ "$(head -c 4 "$source")" = RIFF ] && tail -c +45 "$source" > "$1"
"""
os.mkdir("bin")
with open("bin/ffmpeg", "w") as file:
    file.write(PROGRAM)
os.chmod("bin/ffmpeg", 0o755)
os.environ["PATH"] = os.path.abspath("bin") + os.pathsep + os.environ["PATH"]

tf.set_random_seed(3)
ffmpeg = tf.contrib.ffmpeg
times = np.arange(50) / 50.0
sound = np.stack([np.sin(9 * times), -np.cos(30 * times)], 1).astype(np.float32)
edges = np.array([[1.0], [-1.0], [0.5], [1.5 / 32768], [np.nan], [np.inf], [2.5], [-7.3], [1e5], [-1e9]],
                 np.float32)
contents = tf.placeholder(tf.string, [])
channels = tf.placeholder(tf.int32, [])
wavs = [ffmpeg.encode_audio(sound, file_format="wav", samples_per_second=50),
        ffmpeg.encode_audio(edges, "WAV", tf.constant(8000)),
        ffmpeg.encode_audio(sound[:0], "wav", 50)]
decoded = ffmpeg.decode_audio(contents, file_format="wav", samples_per_second=50, channel_count=2)
others = [ffmpeg.decode_audio(contents, "OGG", 100, 1), ffmpeg.decode_audio(
    contents, "mp3", 50, channels, stream="1")]
draw = tf.random_normal([3])
wrong = [lambda: ffmpeg.decode_audio(contents, "flac", 50, 2),
         lambda: ffmpeg.decode_audio(contents, "wav", 0, 2),
         lambda: ffmpeg.decode_audio(contents, "wav", 50, 0),
         lambda: ffmpeg.decode_audio(tf.reshape(contents, [1]), "wav", 50, 2),
         lambda: ffmpeg.encode_audio(sound[0], "wav", 50),
         lambda: ffmpeg.encode_audio(sound, "mp3", 50),
         lambda: ffmpeg.encode_audio(sound, "wav", -1),
         lambda: ffmpeg.encode_audio(sound)]
with tf.Session() as sess:
    files = sess.run(wavs)
    for file in files:
        print(len(file), list(bytearray(file))[:60])
    for file in files[:2] + [b"nothing of the kind"]:
        feed = {contents: file, channels: 2}
        for result in sess.run([decoded] + others, feed) if file[:1] == b"R" else [
                sess.run(decoded, feed)]:
            print(result.dtype.name, result.shape, result.sum())
    print(decoded.shape.as_list()[1], wavs[0].shape.ndims, len(tf.get_default_graph().get_operations()))
    sess.run(draw)
    for call in wrong:
        try:
            sess.run(call(), {contents: files[0]})
        except Exception as error:
            print(len(type(error).__name__))
with open("words.txt") as file:
    words = "".join(sorted(file))
print(words, zlib.crc32(words.encode()))
