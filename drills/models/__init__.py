"""Tables of drills. Owns nothing but the names."""

from .exercises import DueRule, Exercise, Part
from .injects import Inject, Metric

__all__ = ["DueRule", "Exercise", "Inject", "Metric", "Part"]
