"""`tf.contrib.deprecated`: summaries whose names are tags, as before 1.0."""

DROPPED = "2.0"
GIVES = """
audio_summary histogram_summary image_summary merge_all_summaries merge_summary scalar_summary
"""
NEEDS = ()
PATHS = ()
REFUSED = {}


def make(given):
    from tensorflow.python.framework import ops
    from tensorflow.python.ops import gen_logging_ops
    tf = given.tf

    def collected(summary, collections):
        for key in [ops.GraphKeys.SUMMARIES] if collections is None else collections:
            ops.add_to_collection(key, summary)
        return summary

    def scalar_summary(tags, values, collections=None, name=None):
        with ops.name_scope(name, "ScalarSummary", [tags, values]) as scope:
            return collected(gen_logging_ops.scalar_summary(tags, values, name=scope), collections)

    def histogram_summary(tag, values, collections=None, name=None):
        with ops.name_scope(name, "HistogramSummary", [tag, values]) as scope:
            return collected(gen_logging_ops.histogram_summary(tag, values, name=scope),
                             collections)

    def image_summary(tag, tensor, max_images=3, collections=None, name=None):
        with ops.name_scope(name, "ImageSummary", [tag, tensor]) as scope:
            return collected(gen_logging_ops.image_summary(
                tag, tensor, max_images=max_images, name=scope), collections)

    def audio_summary(tag, tensor, sample_rate, max_outputs=3, collections=None, name=None):
        with ops.name_scope(name, "AudioSummary", [tag, tensor]) as scope:
            return collected(gen_logging_ops.audio_summary_v2(
                tag, tensor, max_outputs=max_outputs,
                sample_rate=ops.convert_to_tensor(sample_rate, "float32"), name=scope),
                collections)

    def merge_all_summaries(key=ops.GraphKeys.SUMMARIES):
        return tf.summary.merge_all(key)
    return dict(scalar_summary=scalar_summary, histogram_summary=histogram_summary,
                image_summary=image_summary, audio_summary=audio_summary,
                merge_summary=tf.summary.merge, merge_all_summaries=merge_all_summaries)
