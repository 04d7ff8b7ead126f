"""The Inception network of a frozen graph, and how images are made ready for it."""

from tf1gan.legacy.refusal import refuse

SIZE = 299
ARCHIVE = "frozen_inception_v1_2015_12_05.tar.gz"
FILE = "inceptionv1_for_inception_score.pb"


def make(tf):
    def preprocess_image(images, height=SIZE, width=SIZE, scope=None):
        """Images of 0 to 255, one or a batch, resized and from -1 to 1."""
        with tf.name_scope(scope, "preprocess", [images, height, width]):
            if not images.dtype.is_floating:
                images = tf.cast(images, tf.float32)
            is_one = images.get_shape().ndims == 3
            images = tf.expand_dims(images, 0) if is_one else images
            resized = tf.image.resize_bilinear(images, [height, width])
            resized = (resized - 128.0) / 128.0
            return tf.squeeze(resized, axis=[0]) if is_one else resized

    def get_graph_def_from_disk(filename):
        with tf.gfile.FastGFile(filename, "rb") as file:
            return tf.GraphDef.FromString(file.read())

    def run_image_classifier(tensor, graph_def, input_tensor, output_tensor,
                             scope="RunClassifier"):
        """What a frozen graph says of a batch: a tensor, or a list of them, as `output_tensor`."""
        names = [output_tensor] if isinstance(output_tensor, str) else list(output_tensor)
        found = tf.import_graph_def(graph_def, {input_tensor: tensor}, names, name=scope)
        return found[0] if isinstance(output_tensor, str) else found

    def run_inception(images, graph_def=None, default_graph_def_fn=None, image_size=SIZE,
                      input_tensor="Mul:0", output_tensor="logits:0"):
        """Images of -1 to 1, [batch, 299, 299, 3] -> [batch, features] of each output."""
        images.shape.with_rank(4).assert_is_compatible_with([None, image_size, image_size, None])
        if graph_def is None and default_graph_def_fn is None:
            refuse("tf.contrib.gan.eval.run_inception loaded its network from an address: download "
                   f"{ARCHIVE} and give graph_def=tf.contrib.gan.eval.get_graph_def_from_disk("
                   f"'{FILE}'), the file in it")
        said = run_image_classifier(
            images, default_graph_def_fn() if graph_def is None else graph_def, input_tensor,
            output_tensor)
        flat = [part if part.shape.ndims == 2 else tf.layers.flatten(part)
                for part in (said if isinstance(said, list) else [said])]
        return flat if isinstance(said, list) else flat[0]
    return dict(preprocess_image=preprocess_image, run_inception=run_inception,
                run_image_classifier=run_image_classifier,
                get_graph_def_from_disk=get_graph_def_from_disk,
                INCEPTION_DEFAULT_IMAGE_SIZE=SIZE)
