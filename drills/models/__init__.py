"""Tables of drills. Owns nothing but the names."""

from .exercises import DueRule, Exercise, Part

__all__ = ["DueRule", "Exercise", "Part"]
