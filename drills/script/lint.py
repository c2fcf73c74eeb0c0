"""What is wrong with a script, before anybody plays by it.

Owns: the rules. Promises: a script without a `bad` finding can be run: every inject reaches
somebody, in its time, and what it expects can be measured; each finding names its inject. Pure:
nothing is read, nothing is written. Must not know: where a script is kept, who edits it.
Source: domain rules DR-001 to DR-008 of a script, as far as they are about single injects.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

PLAYING = ("play", "simulate")  # parts to which an inject may be addressed
TRUTHS = {  # a metric compares with this of the truth
    "A1": ("type_code",),
    "A2": ("grade",),
    "A3": ("lon", "lat"),
    "A6": ("level",),
    "T10": ("share_with",),
}


@dataclass(frozen=True)
class Finding:
    """What is wrong; `number` of the inject, None for the script; `bad` keeps it from running."""

    number: int | None
    bad: bool
    text: str


def findings(
    injects: Sequence[dict[str, Any]],
    *,
    minutes: int,
    parts: dict[str, str],
    names: dict[str, str],
    metrics: Collection[str],
    classes: Collection[str],
    levels: Collection[str],
) -> list[Finding]:
    """Everything that is wrong, in the order of the script.

    `injects` as they are kept; `minutes`: length of the exercise; `parts`: organisation to its
    part, `names`: to its name; `metrics`, `classes`, `levels`: codes that there are.
    """
    if not injects:
        return [Finding(None, True, _("The script has no inject yet."))]
    found = list(_of_order(injects))
    for one in injects:
        said = [
            *_of_message(one, minutes, parts, names),
            *_of_truth(one, classes, levels, parts, names),
            *_of_expected(one, parts, names, metrics),
        ]
        found += [Finding(one["number"], bad, text) for bad, text in said]
    found += _of_script(injects, parts, names)
    place = {one["number"]: index for index, one in enumerate(injects)}
    return sorted(found, key=lambda one: place.get(one.number, -1))


def _of_order(injects: Sequence[dict[str, Any]]) -> Iterator[Finding]:
    twice = Counter(one["number"] for one in injects)
    for number in [number for number, count in twice.items() if count > 1]:
        yield Finding(number, True, _("The number is there twice."))
    latest = 0
    for one in sorted(injects, key=lambda one: one["number"]):
        if one["minutes"] < latest:
            said = _("It comes before an inject with a smaller number.")
            yield Finding(one["number"], False, said)
        latest = max(latest, one["minutes"])


def _of_message(
    one: dict[str, Any], minutes: int, parts: dict[str, str], names: dict[str, str]
) -> Iterator[tuple[bool, str]]:
    if one["minutes"] >= minutes:
        yield True, _("It comes at or after the end of the exercise.")
    if not one["content"].strip():
        yield True, _("It says nothing.")
    if not one["sender"].strip():
        yield True, _("It names no sender.")
    if not one["recipients"]:
        yield True, _("It has no recipient.")
    for code in one["recipients"]:
        if parts.get(code) not in PLAYING:
            yield True, _("%s does not play in this exercise.") % names.get(code, code)


def _of_truth(
    one: dict[str, Any],
    classes: Collection[str],
    levels: Collection[str],
    parts: dict[str, str],
    names: dict[str, str],
) -> Iterator[tuple[bool, str]]:
    truth = one["truth"]
    if truth.get("type_code") and truth["type_code"] not in classes:
        yield True, _("The true class %s is not in the table.") % truth["type_code"]
    if truth.get("level") and truth["level"] not in levels:
        yield True, _("The true response level %s is not in the plan.") % truth["level"]
    for code in truth.get("share_with", ()):
        if code not in parts:
            yield True, _("%s is to be informed and takes no part.") % names.get(code, code)


def _of_expected(
    one: dict[str, Any], parts: dict[str, str], names: dict[str, str], metrics: Collection[str]
) -> Iterator[tuple[bool, str]]:
    known = one["truth"]
    for expected in one["expected"]:
        code, metric = expected["organisation"], expected["metric"]
        if metric not in metrics:
            yield True, _("There is no metric %s.") % metric
        if parts.get(code) not in PLAYING:
            said = _("Something is expected of %s, which does not play.")
            yield True, said % names.get(code, code)
        elif code not in one["recipients"]:
            said = _("Something is expected of %s, which is not told.")
            yield False, said % names.get(code, code)
        if expected["target"] == expected["limit"]:
            yield True, _("Target and limit of %s are the same.") % metric
        if any(known.get(name) in (None, "", []) for name in TRUTHS.get(metric, ())):
            yield True, _("%s compares with a truth that is not given.") % metric
    pairs = Counter((each["metric"], each["organisation"]) for each in one["expected"])
    for (metric, code), count in pairs.items():
        if count > 1:
            said = _("%(metric)s is expected of %(unit)s twice.")
            yield True, said % {"metric": metric, "unit": names.get(code, code)}


def _of_script(
    injects: Sequence[dict[str, Any]], parts: dict[str, str], names: dict[str, str]
) -> Iterator[Finding]:
    told = {code for one in injects for code in one["recipients"]}
    for code, part in parts.items():
        if part == "play" and code not in told:
            said = _("%s plays and is told nothing.") % names.get(code, code)
            yield Finding(None, False, said)
    weights = [expected["weight"] for one in injects for expected in one["expected"]]
    if not sum(weights):
        yield Finding(None, False, _("Nothing is expected of anybody: there will be no score."))
