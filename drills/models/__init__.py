"""Tables of drills. Owns nothing but the names."""

from .conduct import Clock, Delivery
from .evaluation import Criteria, Mark, ScaleValue
from .exercises import DueRule, Exercise, Part
from .improvement import Improvement, Progress
from .injects import Inject, Metric

__all__ = [
    "Clock", "Criteria", "Delivery", "DueRule", "Exercise", "Improvement", "Inject", "Mark",
    "Metric", "Part", "Progress", "ScaleValue",
]  # fmt: skip
