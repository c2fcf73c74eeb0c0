"""The grade that figures suggest: pure.

Owns: the rules. Promises: of the rules that fit those of the closest class hold; a bound belongs to
the grade that it opens (以上 includes it); of several figures the worst decides; what is 不详 and
could make it worse is named; a class that the table leaves ungraded gets no grade. Must not know:
the database, who decides.
Source: 《生产安全事故报告和调查处理条例》 article 3; domain rules of grading.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

FIGURES = ("dead", "serious", "injured", "missing", "trapped", "affected", "loss_cny")
GRADES = (1, 2, 3, 4)
MOST = 10**13  # of a bound: people, or yuan
STAGES = INITIAL, CONFIRMED = ("initial", "confirmed")  # 初判, 核定
RULED, UNGRADED, NO_RULE = "ruled", "ungraded", "no_rule"
MOST_CITED = len(FIGURES)
VALUE = re.compile(r"|[0-9]{1,14}(\.[0-9]{1,2})?")


@dataclass(frozen=True)
class Rule:
    """A row of the table: from how much of a figure on each grade begins, Ⅰ to Ⅳ, None where it
    says nothing; no figure: incidents of these classes are not graded."""

    type_prefix: str
    figure: str
    least: tuple[int | None, ...]
    source: str
    verified: bool

    def grade(self, value: Decimal | int) -> int | None:
        """The worst grade whose bound is reached."""
        for grade, least in zip(GRADES, self.least, strict=True):
            if least is not None and value >= least:
                return grade
        return None


@dataclass(frozen=True)
class Cited:
    """A rule that led to a suggestion: the bound that was reached, and by what."""

    figure: str
    least: int
    value: str
    source: str
    verified: bool


@dataclass(frozen=True)
class Suggestion:
    """The grade, None where nothing suggests one; the rules that it rests on; figures that are
    不详 and could make it worse; `why`: by rules, not graded by rule, or no rule fits."""

    grade: int | None
    cited: tuple[Cited, ...]
    unknown: tuple[str, ...]
    why: str

    def data(self) -> dict[str, Any]:
        """As the API and the log tell it."""
        return {
            "suggested": self.grade,
            "cited": [asdict(one) for one in self.cited],
            "unknown": list(self.unknown),
            "why": self.why,
        }


def suggest(
    rules: Iterable[Rule], type_code: str, figures: Mapping[str, Decimal | int | None]
) -> Suggestion:
    """The grade of an incident of this class with these figures; None is 不详."""
    fitting = [one for one in rules if one.type_prefix and type_code.startswith(one.type_prefix)]
    closest = max((len(one.type_prefix) for one in fitting), default=0)
    binding = [one for one in fitting if len(one.type_prefix) == closest]
    if not binding:
        return Suggestion(None, (), (), NO_RULE)
    asked = [one for name in FIGURES for one in binding if one.figure == name]
    if not asked:
        first = binding[0]
        return Suggestion(None, (Cited("", 0, "", first.source, first.verified),), (), UNGRADED)
    told = [(one, figures[one.figure]) for one in asked if figures.get(one.figure) is not None]
    found = [(one, value, one.grade(value)) for one, value in told]
    worst = min((grade for _one, _value, grade in found if grade), default=None)
    cited = [
        Cited(one.figure, one.least[grade - 1], str(value), one.source, one.verified)
        for one, value, grade in found
        if grade is not None and grade == worst
    ]
    unknown = [
        one.figure
        for one in asked
        if figures.get(one.figure) is None and _could_be_worse(one, worst)
    ]
    return Suggestion(worst, tuple(cited), tuple(unknown), RULED)


def are_bounds(least: Iterable[int | None]) -> bool:
    """Do these fall from Ⅰ to Ⅳ, and is there one?"""
    told = [one for one in least if one is not None]
    falls = all(more > less for more, less in pairwise(told))
    return bool(told) and falls and told[0] <= MOST and told[-1] >= 0


def checked(told: Any) -> dict[str, Any]:
    """What another node says of its decision; empty where it cannot be shown."""
    return told if told and _is_decision(told) else {}


def _could_be_worse(rule: Rule, than: int | None) -> bool:
    worse = rule.least if than is None else rule.least[: than - 1]
    return any(one is not None for one in worse)


def _is_decision(told: Any) -> bool:
    return (
        isinstance(told, dict)
        and told.keys() == {"stage", "reason", "suggested", "cited", "unknown", "why"}
        and told["stage"] in STAGES
        and _is_text(told["reason"], 500)
        and (told["suggested"] is None or _is_grade(told["suggested"]))
        and isinstance(told["cited"], list)
        and len(told["cited"]) <= MOST_CITED
        and all(_is_cited(one) for one in told["cited"])
        and isinstance(told["unknown"], list)
        and len(told["unknown"]) <= len(FIGURES)
        and all(one in FIGURES for one in told["unknown"])
        and told["why"] in (RULED, UNGRADED, NO_RULE)
    )


def _is_cited(told: Any) -> bool:
    return (
        isinstance(told, dict)
        and told.keys() == {"figure", "least", "value", "source", "verified"}
        and told["figure"] in ("", *FIGURES)
        and type(told["least"]) is int
        and 0 <= told["least"] <= MOST
        and isinstance(told["value"], str)
        and VALUE.fullmatch(told["value"]) is not None
        and _is_text(told["source"], 300)
        and isinstance(told["verified"], bool)
    )


def _is_grade(told: Any) -> bool:
    return type(told) is int and told in GRADES


def _is_text(told: Any, most: int) -> bool:
    return isinstance(told, str) and len(told) <= most and "\0" not in told
