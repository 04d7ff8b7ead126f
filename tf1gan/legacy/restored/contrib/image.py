"""`tf.contrib.image`: rotation, translation and projection, by an operation that 2.x kept."""

from tf1gan.legacy.numbers import counts

DROPPED = "2.0"
GIVES = """
angles_to_projective_transforms compose_transforms dense_image_warp flat_transforms_to_matrices
matrices_to_flat_transforms rotate transform translate translations_to_projective_transforms
"""
NEEDS = ()
PATHS = ("python.ops.image_ops", "python.ops.dense_image_warp")
REFUSED = dict(
    dict.fromkeys(("bipartite_match", "connected_components",
                   "single_image_random_dot_stereograms"),
                  "its operation was compiled into contrib, and TensorFlow 2 has not got it"),
    **dict.fromkeys(("interpolate_spline", "sparse_image_warp"),
                    "TensorFlow Addons took it over, and cannot be imported on 2.16 and later"))


def make(given):
    from tf1gan.legacy.restored.contrib import _image
    return dict({name: getattr(_image, name) for name in GIVES.split()}, dense_image_warp=(
        counts.counting(given.seeds, _image.dense_image_warp, None,
                        "tf.contrib.image.dense_image_warp")))
