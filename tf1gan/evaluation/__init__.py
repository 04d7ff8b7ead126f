"""How good the digits are: distances, coverage and copies, by the features of a classifier."""

from tf1gan.evaluation.metrics import (
    divergence,
    frechet,
    kernel_distance,
    precision_recall,
    score,
)
from tf1gan.evaluation.ruler import KID_VERSION, SAMPLES, Quality, Ruler, check, nearest
from tf1gan.evaluation.table import check_request, evaluate

__all__ = ["KID_VERSION", "Quality", "Ruler", "SAMPLES", "check", "check_request", "divergence",
           "evaluate", "frechet", "kernel_distance", "nearest", "precision_recall", "score"]
