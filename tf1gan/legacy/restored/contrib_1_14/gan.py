"""`tensorflow.contrib.gan`, of 1.14: its `eval`, which measured samples, and how it trained."""

import functools

from tf1gan.legacy.names import Later, Restored
from tf1gan.legacy.restored.contrib_1_14 import _loops

DROPPED = "1.15"
GIVES = ("GANTrainOps GANTrainSteps RunTrainOpsHook eval gan_train get_joint_train_hooks "
         "get_sequential_train_hooks")
_TRAINING = ("of contrib.gan the eval and gan_train are there; networks and losses of one's own do "
             "the rest")
REFUSED = {name: _TRAINING for name in (
    "acgan_model cyclegan_model estimator features gan_loss gan_model gan_train_ops "
    "get_sequential_train_steps infogan_model losses namedtuples stargan_model train tpu GANModel "
    "GANLoss cyclegan_loss stargan_loss").split()}
NEEDS = ()
PATHS = ("python",)

_SUMMARIES = "it shows what gan_model makes, which is not there"
_STREAMING = "1.14 had it not; the same of a concatenated array gives the whole set's"
_DOWNLOADS = ("TensorFlow 1 loaded the network from an address; get_graph_def_from_disk reads the "
              "file that is downloaded by hand")
_EVAL_REFUSED = dict(
    {name: _SUMMARIES for name in (
        "add_cyclegan_image_summaries add_gan_model_image_summaries add_gan_model_summaries "
        "add_image_comparison_summaries add_regularization_loss_summaries "
        "add_stargan_image_summaries").split()},
    sliced_wasserstein_distance="few people's scripts use it, and it was left out",
    get_graph_def_from_url_tarball=_DOWNLOADS, get_graph_def_from_resource=_DOWNLOADS)


def make(given):
    def of_training(name):
        return Later(lambda: _loops.make(given.tf)[name])
    return dict(eval=Later(lambda: _eval(given.tf)),
                **{name: of_training(name) for name in GIVES.split() if name != "eval"})


def _eval(tf):
    from tf1gan.legacy.restored import Part
    from tf1gan.legacy.restored.contrib_1_14 import _distances, _inception, _pictures
    names = dict(_distances.make(tf), **_inception.make(tf), **_pictures.make(tf))
    names.update(_of_classifiers(tf, names))
    part = Part("tensorflow.contrib.gan.eval", names, _EVAL_REFUSED)
    part._restored["classifier_metrics"] = part._restored["python"] = Restored(
        "tensorflow.contrib.gan.eval.classifier_metrics", part)
    part._restored["python"]._restored["classifier_metrics"] = part
    return part


def _of_classifiers(tf, names):
    """The scores and distances of images: those of what a classifier says of them."""
    def in_batches(images, classifier, batches):
        parts = tf.stack(tf.split(images, num_or_size_splits=batches))
        said = tf.map_fn(classifier, parts, parallel_iterations=1, back_prop=False,
                         swap_memory=True, name="RunClassifier")
        return tf.concat(tf.unstack(said), 0)

    def classifier_score(images, classifier_fn, num_batches=1):
        return names["classifier_score_from_logits"](in_batches(
            images, classifier_fn, num_batches))

    def of_two(name):
        def distance(real_images, generated_images, classifier_fn, num_batches=1, **more):
            pair = [in_batches(images, classifier_fn, num_batches)
                    for images in (real_images, generated_images)]
            return names[f"{name}_from_activations"](*pair, **more)
        return distance
    distances = {name: of_two(name) for name in (
        "frechet_classifier_distance", "mean_only_frechet_classifier_distance",
        "diagonal_only_frechet_classifier_distance", "kernel_classifier_distance",
        "kernel_classifier_distance_and_std")}
    of_pool = functools.partial(names["run_inception"], output_tensor="pool_3:0")
    return dict(
        distances, classifier_score=classifier_score,
        inception_score=functools.partial(classifier_score,
                                          classifier_fn=names["run_inception"]),
        **{name.replace("classifier", "inception"): functools.partial(
            distances[name], classifier_fn=of_pool) for name in (
                "frechet_classifier_distance", "kernel_classifier_distance",
                "kernel_classifier_distance_and_std")})
