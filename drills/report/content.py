"""What a report of an exercise says, in the reader's language.

Owns: which parts it has and in which order. Promises: everything comes from the log and the tables
of the exercise; the same content for page and document. Source: 突发事件应急演练指南 6.2 (summary:
purpose, time and place, who took part, outline, problems and causes, lessons, improvements). Must
not know: pages, documents.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from emergency.audit_words import type_word
from emergency.selectors_sharing import shown_node_names

from ..clock import MINUTE
from ..models import Exercise, Metric
from ..scoring import words
from ..scoring.judged import criteria
from ..scoring.replay import Moment, moments
from ..scoring.score import Score, score
from ..scoring.timeline import NEVER, Timeline
from ..selectors import people
from ..selectors_conduct import outstanding, told_by_home
from ..selectors_evaluation import scales
from ..selectors_improvement import Item as Finding
from ..selectors_improvement import items as findings
from ..selectors_script import all_names
from . import rows

WIDTH, LANE = 1000, 26  # of the drawing of the timeline
KEY = frozenset({  # what a timeline in a report tells; the replay tells all
    "inject.delivered", "incident.reported", "incident.advanced", "report.made", "report.issued",
    "plan.activated", "plan.ended", "task.done",
})  # fmt: skip
MOST = 300  # lines of the timeline
STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480)  # minutes between two marks of the time axis
MARKS = 8  # of them at most


@dataclass(frozen=True)
class Report:
    """A report: `lanes` is the drawing, `ticks` its time axis, `lines` the table of it."""

    exercise: Exercise
    people: Sequence[dict[str, Any]]
    ran: tuple[datetime, datetime | None] | None
    injects: int
    score: Score
    total: str
    grade: str
    units: Sequence[dict[str, Any]]
    objectives: Sequence[dict[str, Any]]
    rows: Sequence[dict[str, Any]]
    items: Sequence[dict[str, Any]]
    lanes: Sequence[dict[str, Any]]
    ticks: Sequence[dict[str, Any]]
    height: int
    lines: Sequence[dict[str, Any]]
    left_out: int
    moments: Sequence[Moment]
    ended: int
    findings: Sequence[Finding]
    outstanding: Sequence[str]
    told_by_home: str


def report(one: Exercise, timeline: Timeline) -> Report:
    """The report as this node's log gives it."""
    found, names = score(timeline), all_names(one)
    grades, metrics = criteria(timeline)["grades"], Metric.objects.in_bulk()
    every = [*found.rows, *found.items]
    told = moments(timeline)
    called = {
        scale: {value.value: value.shown_name for value in values}
        for scale, values in scales().items()
    }
    nodes = shown_node_names()
    whole = max(timeline.ended, told[-1].at if told else 0, 1)
    lanes = _lanes(told, whole, nodes)
    key = [each for each in told if each.type in KEY]
    return Report(
        exercise=one,
        people=people(one),
        ran=_ran(timeline),
        injects=len(timeline.injects),
        score=found,
        total=rows.said(found.total),
        grade=str(words.GRADES[found.grade]),
        units=rows.means(every, lambda row: row.organisation, grades, names),
        objectives=rows.means(found.items, lambda row: row.objective, grades, {}),
        rows=[rows.metric_row(row, names, metrics) for row in found.rows],
        items=[rows.item_row(item, names, called) for item in found.items],
        lanes=lanes,
        ticks=ticks(whole),
        height=len(lanes) * LANE,
        lines=[_line(each, nodes) for each in key[:MOST]],
        left_out=max(0, len(key) - MOST),
        moments=told,
        ended=timeline.ended,
        findings=findings([one], timezone.localdate()),
        outstanding=outstanding(one),
        told_by_home=told_by_home(one),
    )


def _ran(timeline: Timeline) -> tuple[datetime, datetime | None] | None:
    """When it began and when it ended; None for what has not begun, or not ended."""
    if not timeline.history:
        return None
    return timeline.history[0].since, timeline.ends if timeline.ends < NEVER else None


def clock_text(milliseconds: int) -> str:
    """01:23:45 of the exercise clock."""
    seconds = milliseconds // 1000
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _line(one: Moment, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "at": clock_text(one.at),
        "what": type_word(one.type),
        "words": one.words,
        "who": one.author,
        "node": names.get(one.source, one.source),
    }


def _over(mark: Mapping[str, Any]) -> bool:
    """What is drawn over the rest where several stand at one place: reports."""
    return mark["kind"].startswith("report")


def ticks(whole: int) -> list[dict[str, Any]]:
    """Marks of a time axis of so many milliseconds: their place in 0 … WIDTH, and the clock there;
    as many as can be read."""
    step = next((one for one in STEPS if whole < one * MINUTE * MARKS), STEPS[-1]) * MINUTE
    step = max(step, -(-whole // MARKS // MINUTE) * MINUTE)
    return [
        {"x": at * WIDTH // whole, "text": clock_text(at)[:5]} for at in range(0, whole + 1, step)
    ]


def _lanes(told: Sequence[Moment], whole: int, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """One lane for the script and one for each node: marks at their place in 0 … WIDTH."""
    marks: dict[str, list[dict[str, Any]]] = {"": []}
    for one in told:
        if one.type not in KEY:
            continue
        lane = "" if one.type == "inject.delivered" else one.source
        title = f"{clock_text(one.at)} {type_word(one.type)} {one.words}"
        mark = {"x": one.at * WIDTH // whole, "kind": one.type.replace(".", "-"), "title": title}
        marks.setdefault(lane, []).append(mark)
    return [
        {
            "name": names.get(node, node),
            "marks": sorted(each, key=_over),
            "y": place * LANE + LANE // 2,
        }
        for place, (node, each) in enumerate(marks.items())
    ]
