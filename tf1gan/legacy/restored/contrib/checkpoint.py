"""`tf.contrib.checkpoint`: objects that checkpoints follow."""

DROPPED = "2.0"
GIVES = """
CheckpointManager Checkpointable CheckpointableBase CheckpointableObjectGraph List Mapping
NoDependency PythonStateWrapper
"""
NEEDS = ()
PATHS = ()
_LEFT_OUT = "few people's scripts use it, and it was left out"
REFUSED = dict.fromkeys((
    "NumpyState", "UniqueNameTracker", "capture_dependencies", "dot_graph_from_checkpoint",
    "list_objects", "object_metadata", "split_dependency"), _LEFT_OUT)


def make(given):
    from tensorflow.core.protobuf import trackable_object_graph_pb2
    from tensorflow.python.trackable import autotrackable, base, data_structures, python_state
    return dict(
        CheckpointManager=given.tf.train.CheckpointManager,
        Checkpointable=autotrackable.AutoTrackable, CheckpointableBase=base.Trackable,
        CheckpointableObjectGraph=trackable_object_graph_pb2.TrackableObjectGraph,
        List=data_structures.List, Mapping=data_structures.Mapping,
        NoDependency=data_structures.NoDependency, PythonStateWrapper=python_state.PythonState)
