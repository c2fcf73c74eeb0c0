"""How a decision of a grade is told. Owns: that shape. Promises: as `emergency/events.py`."""

from typing_extensions import TypedDict


class CitedData(TypedDict):
    """A rule that a suggestion rests on: the bound that was reached, by what, and its source."""

    figure: str
    least: int
    value: str
    source: str
    verified: bool


class GradingData(TypedDict, total=False):
    """How the grade was decided last: `initial` or `confirmed`, why it is as it is, and what the
    table suggested then, `why`: by rules, ungraded by rule, or no rule; empty where nobody did."""

    stage: str
    reason: str
    suggested: int | None
    cited: list[CitedData]
    unknown: list[str]
    why: str
