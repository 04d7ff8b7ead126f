"""Makes small data sets as archives of TensorFlow 1's time held them, for other people's scripts.

    python make_data.py OUT [KIND ...]

The pictures are bars, whose place and colour depend on the label, and noise; the text is made-up
words. OUT gets a folder for each kind: cifar10, celeba, pairs, unpaired, folder, svhn, lsun,
records, text, sound. Those of .mat files need SciPy, those of lmdb need lmdb; a line says what was
left out. The data are the same each time.
"""

import os
import pickle
import struct
import sys
import wave

import numpy as np


def pictures(count, height, width, channels=3, seed=0):
    """`count` pictures (uint8) and their labels, 0 to 9."""
    rs = np.random.RandomState(seed)
    labels = np.arange(count) % 10
    rs.shuffle(labels)
    made = rs.randint(0, 60, (count, height, width, channels)).astype(np.uint8)
    for picture, label in zip(made, labels):
        left = (2 + 2 * label) * width // 28
        picture[height // 7:height - height // 7, left:left + max(width // 8, 1),
                label % channels] = 255
    return made, labels


def jpeg(path, picture):
    from PIL import Image
    os.makedirs(os.path.dirname(path), exist_ok=True)
    Image.fromarray(picture.squeeze()).save(path)


# -- CIFAR-10 and SVHN -----------------------------------------------------------------------

BATCHES = ["data_batch_%d" % number for number in range(1, 6)] + ["test_batch"]


def cifar10(folder):
    """The archives' three forms: pickles, records of 3,073 bytes, and MATLAB's."""
    for seed, name in enumerate(BATCHES):
        images, labels = pictures(10000, 32, 32, seed=seed)
        rows = images.transpose(0, 3, 1, 2).reshape(len(images), -1)
        python2_pickle(os.path.join(folder, "cifar-10-batches-py", name),
                       dict(data=rows, labels=labels.tolist(), batch_label=name,
                            filenames=["%05d.png" % place for place in range(len(rows))]))
        path = os.path.join(folder, "cifar-10-batches-bin", name + ".bin")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        np.concatenate([labels[:, None].astype(np.uint8), rows], 1).tofile(path)
    python2_pickle(os.path.join(folder, "cifar-10-batches-py", "batches.meta"),
                   dict(label_names=["class%d" % place for place in range(10)],
                        num_cases_per_batch=10000, num_vis=3072))
    with open(os.path.join(folder, "cifar-10-batches-bin", "batches.meta.txt"), "w") as file:
        file.writelines("class%d\n" % place for place in range(10))


def python2_pickle(path, names):
    """A dictionary as Python 2 pickled it: its strings are bytes."""
    def of_then(value):
        if isinstance(value, str):
            return value.encode()
        if isinstance(value, list):
            return [of_then(part) for part in value]
        return value
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        Python2Pickler(file, 2).dump({of_then(name): of_then(value)
                                      for name, value in names.items()})


class Python2Pickler(pickle._Pickler):
    """Writes bytes as Python 2 wrote its strings."""
    dispatch = dict(pickle._Pickler.dispatch)

    def save_bytes(self, value):
        self.write(pickle.BINSTRING + struct.pack("<i", len(value)) + value)
        self.memoize(value)
    dispatch[bytes] = save_bytes


def svhn(folder):
    from scipy import io
    os.makedirs(folder, exist_ok=True)
    for seed, name in enumerate(("train_32x32.mat", "test_32x32.mat", "extra_32x32.mat")):
        images, labels = pictures(1000, 32, 32, seed=10 + seed)
        labels = np.where(labels == 0, 10, labels)[:, None].astype(np.uint8)
        io.savemat(os.path.join(folder, name), dict(X=images.transpose(1, 2, 3, 0), y=labels))


# -- Folders of pictures ---------------------------------------------------------------------

ATTRIBUTES = (
    "5_o_Clock_Shadow Arched_Eyebrows Attractive Bags_Under_Eyes Bald Bangs Big_Lips Big_Nose "
    "Black_Hair Blond_Hair Blurry Brown_Hair Bushy_Eyebrows Chubby Double_Chin Eyeglasses Goatee "
    "Gray_Hair Heavy_Makeup High_Cheekbones Male Mouth_Slightly_Open Mustache Narrow_Eyes No_Beard "
    "Oval_Face Pale_Skin Pointy_Nose Receding_Hairline Rosy_Cheeks Sideburns Smiling Straight_Hair "
    "Wavy_Hair Wearing_Earrings Wearing_Hat Wearing_Lipstick Wearing_Necklace Wearing_Necktie "
    "Young").split()


def celeba(folder, count=2200):
    """CelebA's: 178 x 218, and its two lists."""
    images, _ = pictures(200, 218, 178, seed=20)
    names = ["%06d.jpg" % place for place in range(1, count + 1)]
    for place, name in enumerate(names):
        jpeg(os.path.join(folder, "img_align_celeba", name), images[place % len(images)])
    signs = np.random.RandomState(21).choice([-1, 1], (count, len(ATTRIBUTES)))
    with open(os.path.join(folder, "list_attr_celeba.txt"), "w") as file:
        file.write("%d\n%s \n" % (count, " ".join(ATTRIBUTES)))
        for name, row in zip(names, signs):
            file.write("%s %s\n" % (name, " ".join("%2d" % sign for sign in row)))
    with open(os.path.join(folder, "list_eval_partition.txt"), "w") as file:
        file.writelines("%s %d\n" % (name, place * 3 // count) for place, name in enumerate(names))


def pairs(folder, count=8):
    """Two pictures side by side, as pix2pix's data sets have them."""
    for seed, part in enumerate(("train", "val", "test")):
        images, _ = pictures(count, 256, 512, seed=30 + seed)
        for place, image in enumerate(images, 1):
            jpeg(os.path.join(folder, part, "%d.jpg" % place), image)


def unpaired(folder, count=8):
    """trainA, trainB, testA, testB, as CycleGAN's data sets have them."""
    for seed, part in enumerate(("trainA", "trainB", "testA", "testB")):
        images, _ = pictures(count, 256, 256, seed=40 + seed)
        for place, image in enumerate(images, 1):
            jpeg(os.path.join(folder, part, "%d.jpg" % place), image)


def folder(folder, count=160):
    """Pictures of 64 x 64, a folder for each of ten classes."""
    images, labels = pictures(count, 64, 64, seed=50)
    for place, (image, label) in enumerate(zip(images, labels)):
        jpeg(os.path.join(folder, "class%d" % label, "%05d.png" % place), image)


def lsun(folder, count=200):
    import io

    import lmdb
    from PIL import Image
    path = os.path.join(folder, "bedroom_train_lmdb")
    os.makedirs(path, exist_ok=True)
    images, _ = pictures(count, 256, 256, seed=60)
    with lmdb.open(path, map_size=1 << 28) as environment, environment.begin(write=True) as file:
        for place, image in enumerate(images):
            written = io.BytesIO()
            Image.fromarray(image).save(written, "WEBP")
            file.put(b"%040x" % place, written.getvalue())


# -- TFRecords, text, sound ------------------------------------------------------------------

def records(folder, count=64):
    """Examples of an encoded picture, its raw bytes, its size and its label."""
    import io

    import tensorflow.compat.v1 as tf
    from PIL import Image
    os.makedirs(folder, exist_ok=True)
    images, labels = pictures(count, 64, 64, seed=70)
    with tf.python_io.TFRecordWriter(os.path.join(folder, "train.tfrecords")) as writer:
        for image, label in zip(images, labels):
            encoded = io.BytesIO()
            Image.fromarray(image).save(encoded, "JPEG")

            def number(value):
                return tf.train.Feature(int64_list=tf.train.Int64List(value=[int(value)]))

            def text(value):
                return tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))
            writer.write(tf.train.Example(features=tf.train.Features(feature={
                "image_raw": text(image.tobytes()), "image/encoded": text(encoded.getvalue()),
                "image/encoded_image": text(encoded.getvalue()),
                "image/file_name": text(b"%d.jpg" % label), "height": number(64),
                "width": number(64), "depth": number(3), "label": number(label),
                "image/class/label": number(label)})).SerializeToString())


def text(folder):
    """Sentences of made-up words, in two languages of the same order."""
    rs = np.random.RandomState(80)
    words = [["".join(rs.choice(list(letters), rs.randint(2, 8))) for _ in range(300)]
             for letters in ("abdeginorst", "acehilmpuvz")]
    os.makedirs(folder, exist_ok=True)
    lines = [rs.randint(0, 300, rs.randint(4, 15)) for _ in range(3000)]
    for name, language in zip(("one.txt", "other.txt"), words):
        with open(os.path.join(folder, name), "w") as file:
            for line in lines:
                file.write(" ".join(language[word] for word in line) + " .\n")


def sound(folder, count=8):
    """A second of a tone each, 16,000 samples of 16 bits."""
    os.makedirs(folder, exist_ok=True)
    for place in range(count):
        tone = np.sin(np.arange(16384) * (0.05 + 0.01 * place)) * 20000
        with wave.open(os.path.join(folder, "%d.wav" % place), "wb") as file:
            file.setparams((1, 2, 16000, 0, "NONE", ""))
            file.writeframes(tone.astype("<i2").tobytes())


KINDS = dict(cifar10=cifar10, celeba=celeba, pairs=pairs, unpaired=unpaired, folder=folder,
             svhn=svhn, lsun=lsun, records=records, text=text, sound=sound)


def main(out, kinds):
    for kind in kinds or KINDS:
        if kind not in KINDS:
            raise SystemExit("There is no kind %s: give some of %s." % (kind, ", ".join(KINDS)))
        try:
            KINDS[kind](os.path.join(out, kind))
            print(os.path.join(out, kind))
        except ImportError as error:
            print("%s is left out: %s" % (kind, error))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    main(sys.argv[1], sys.argv[2:])
