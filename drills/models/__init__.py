"""Tables of drills. Owns nothing but the names."""

from .conduct import Clock, Delivery
from .exercises import DueRule, Exercise, Part
from .injects import Inject, Metric

__all__ = ["Clock", "Delivery", "DueRule", "Exercise", "Inject", "Metric", "Part"]
