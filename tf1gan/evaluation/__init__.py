"""How good the digits are: distances, coverage and copies, by the features of a classifier."""

from tf1gan.evaluation.ruler import KID_VERSION, Quality, Ruler, check, nearest
from tf1gan.evaluation.table import check_request, evaluate

__all__ = ["KID_VERSION", "Quality", "Ruler", "check", "check_request", "evaluate", "nearest"]
