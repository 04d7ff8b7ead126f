"""A run's folder and what is in it."""

from tf1gan.runs.checkpoint_files import (
    BEST,
    GENERATOR,
    MODEL,
    STATE,
    check_variables,
    checkpoints,
    discard,
    exists,
    find_checkpoint,
    is_moving_statistic,
    latest_of_list,
    read_checkpoint,
    remove_checkpoint,
    restore,
    save,
    step_of,
    sweep,
)
from tf1gan.runs.facts import (
    BEST_FACTS,
    CONFIG,
    EVALUATION,
    MEMORIES,
    TRANSITIONS,
    config_beside,
    config_of,
    parsed,
    read_config,
    read_json,
    write_json,
)
from tf1gan.runs.folder import (
    LOCK,
    LOSSES,
    SAMPLES,
    check_files,
    folder_of,
    is_used,
    locked,
    read_history,
    set_aside,
    versions,
)

__all__ = [
    "BEST", "BEST_FACTS", "CONFIG", "EVALUATION", "GENERATOR", "LOCK", "LOSSES", "MEMORIES",
    "MODEL", "SAMPLES", "STATE", "TRANSITIONS",
    "check_files", "check_variables", "checkpoints", "config_beside", "config_of", "discard",
    "exists", "find_checkpoint", "folder_of", "is_moving_statistic", "is_used", "latest_of_list",
    "locked", "parsed", "read_checkpoint", "read_config", "read_history", "read_json",
    "remove_checkpoint", "restore", "save", "set_aside", "step_of", "sweep", "versions",
    "write_json"]
