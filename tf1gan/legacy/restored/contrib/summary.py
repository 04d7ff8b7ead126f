"""`tf.contrib.summary`: summaries that the graph's own operations write."""

DROPPED = "2.0"
GIVES = """
SummaryWriter all_summary_ops always_record_summaries audio create_file_writer
create_summary_file_writer eval_dir flush generic graph histogram image import_event initialize
never_record_summaries record_summaries_every_n_global_steps scalar should_record_summaries
summary_writer_initializer_op
"""
NEEDS = ()
PATHS = ("summary", "summary_ops")
REFUSED = {"create_db_writer": "TensorFlow has lost its operations that write to a database"}


def make(given):
    from tensorflow.python.ops import summary_ops_v2
    names = {name: getattr(summary_ops_v2, name) for name in GIVES.split()
             if hasattr(summary_ops_v2, name)}
    names.update(all_summary_ops=summary_ops_v2.all_v2_summary_ops,
                 should_record_summaries=summary_ops_v2._legacy_contrib_should_record_summaries,
                 graph=summary_ops_v2.graph_v1)
    return names
