"""What an organisation did about an inject, measured from the timeline.

Owns: one function for each metric. Promises: pure; a value is whole (milliseconds of the exercise
clock, hundredths of a per cent, metres) with its evidence; what did not happen is None with the
reason. An incident answers an inject when its writer's own node said so and it is not older than
the inject, else it is the first that the organisation reported after the inject and that answers no
earlier one that expects something of it. Must not know: marks.
Source: domain rules 5.6.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from ..clock import MINUTE
from .sphere import metres
from .timeline import Event, Timeline

SKEW = timedelta(seconds=15)  # by which clocks of nodes may differ
PERCENT = 100  # parts of a per cent
OPENED_WITHIN = 5 * MINUTE


@dataclass(frozen=True)
class Measured:
    """`value` in parts of the metric's unit, `unit` of them make one; `reason` is a code of
    `words.REASONS`; `evidence`: ids of events."""

    value: int | None
    unit: int
    reason: str
    evidence: Sequence[str] = ()


Measure = Callable[[Timeline, dict[str, Any], dict[str, Any]], Measured]
MEASURES: dict[str, Measure] = {}


def _measures(code: str) -> Callable[[Measure], Measure]:
    def register(measure: Measure) -> Measure:
        MEASURES[code] = measure
        return measure

    return register


def answers(timeline: Timeline, organisation: str) -> dict[str, str]:
    """Inject to the incident with which this organisation answered it."""
    if organisation in timeline.answers:
        return timeline.answers[organisation]
    said, own = timeline.answers.setdefault(organisation, {}), []
    sent = {one["id"]: one["at"] for one in timeline.injects}
    for event in timeline.newest("reply"):
        inject, incident = event.data["inject"], event.data["incident"]
        first = next(iter(timeline.versions("incident", incident)), None)
        if event.data["organisation"] != organisation or inject not in sent or first is None:
            continue
        own_node = timeline.nodes.get(organisation, event.source) == event.source
        if own_node and timeline.at(first.time + SKEW) >= sent[inject]:
            said.setdefault(inject, incident)
    taken = set(said.values())
    for versions in timeline.by_kind.get("incident", {}).values():
        first = versions[0]
        if _owner(first.data) == organisation and first.data["id"] not in taken:
            own.append(first)
    for inject in timeline.injects:
        asked = any(one["organisation"] == organisation for one in inject["expected"])
        if not asked or organisation not in inject["recipients"] or inject["id"] in said:
            continue  # of one that expects nothing of it, an incident is no answer by itself
        later = [one for one in own if timeline.shown(one) >= inject["at"]]
        if later:
            own.remove(later[0])
            said[inject["id"]] = later[0].data["id"]
    return said


def _owner(data: dict[str, Any]) -> str:
    return next((one["code"] for one in data["organisations"] if one["ground"] == "owner"), "")


def _answer(timeline: Timeline, inject: dict, expected: dict) -> list[Event]:
    """Every version of the incident that answers; [] where none does."""
    found = answers(timeline, expected["organisation"]).get(inject["id"])
    return timeline.versions("incident", found) if found else []


def _since(
    timeline: Timeline, inject: dict, expected: dict, event: Event, until: int, reason: str
) -> Measured:
    """From the inject, or from when it came late to the player's node, until then."""
    if late := timeline.late(inject, expected["organisation"], until):
        evidence = [event.id, late.id]
        return Measured(until - late.data["at"], MINUTE, f"{reason}_late", evidence)
    return Measured(max(0, until - inject["at"]), MINUTE, reason, [event.id])


@_measures("T1")
def time_to_log(timeline: Timeline, inject: dict, expected: dict) -> Measured:
    """From the inject to the incident that was written down."""
    found = _answer(timeline, inject, expected)
    if not found:
        return Measured(None, MINUTE, "no_incident")
    return _since(timeline, inject, expected, found[0], timeline.shown(found[0]), "logged")


@_measures("T2")
def time_to_verify(timeline: Timeline, inject: dict, expected: dict) -> Measured:
    """From the inject to the state `verified` or one beyond it."""
    for version in _answer(timeline, inject, expected):
        if version.type == "incident.advanced" and version.data["state"] not in ("received",):
            at = timeline.shown(version)
            return _since(timeline, inject, expected, version, at, "verified")
    return Measured(None, MINUTE, "not_verified")


def _report(timeline: Timeline, incident: str, kinds: Sequence[str]) -> Event | None:
    made = timeline.about("report", "incident", incident)
    found = [one for kind in kinds for one in made if one.data["kind"] == kind]
    return found[0] if found else None


def _time_to_report(timeline: Timeline, inject: dict, expected: dict, kind: str) -> Measured:
    found = _answer(timeline, inject, expected)
    report = _report(timeline, found[0].data["id"], [kind]) if found else None
    if report is None:
        return Measured(None, MINUTE, "no_report")
    said = min(timeline.at(datetime.fromisoformat(report.data["reported_at"])),
               timeline.shown(report))  # fmt: skip
    return _since(timeline, inject, expected, report, said, "reported")


@_measures("T3")
def time_to_phone(timeline: Timeline, inject: dict, expected: dict) -> Measured:
    """From the inject to the first report by phone, by the time that it names."""
    return _time_to_report(timeline, inject, expected, "phone")


@_measures("T4")
def time_to_write(timeline: Timeline, inject: dict, expected: dict) -> Measured:
    """From the inject to the first report in writing, by the time that it names."""
    return _time_to_report(timeline, inject, expected, "written")


def _activation(timeline: Timeline, incident: str) -> Event | None:
    made = timeline.about("activation", "incident", incident)
    return made[0] if made else None


@_measures("T6")
def time_to_activate(timeline: Timeline, inject: dict, expected: dict) -> Measured:
    """From the first grade of the incident, else from the inject, to the plan in force."""
    found = _answer(timeline, inject, expected)
    made = _activation(timeline, found[0].data["id"]) if found else None
    if made is None:
        return Measured(None, MINUTE, "not_activated")
    graded = next((one for one in found if one.data["grade"] is not None), None)
    until = timeline.shown(made)
    if graded is None:
        return _since(timeline, inject, expected, made, until, "activated_ungraded")
    passed = max(0, until - timeline.shown(graded))
    return Measured(passed, MINUTE, "activated", [made.id])


def _tasks(timeline: Timeline, inject: dict, expected: dict) -> list[Event]:
    """What a plan issued to the organisation from the inject on."""
    return [
        one
        for one in timeline.about("task", "organisation", expected["organisation"])
        if one.data.get("plan") != "" and timeline.shown(one) >= inject["at"]
    ]


def _steps(timeline: Timeline, task: Event, kinds: Sequence[str]) -> list[Event]:
    found = timeline.about("step", "task", task.data["id"])
    return [one for one in found if one.data["kind"] in kinds]


@_measures("T7")
def tasks_acknowledged(timeline: Timeline, inject: dict, expected: dict) -> Measured:
    """The median of acknowledgement after issue; one that never came counts as the limit."""
    waits, evidence, lacking = [], [], 0
    for task in _tasks(timeline, inject, expected):
        done = _steps(timeline, task, ("acknowledged", "feedback", "done"))
        evidence.append(done[0].id if done else task.id)
        wait = timeline.shown(done[0]) - timeline.shown(task) if done else None
        lacking += wait is None
        waits.append(expected["limit"] * MINUTE if wait is None else max(0, wait))
    if not waits:
        return Measured(None, MINUTE, "no_task")
    none = "none_acknowledged" if lacking == len(waits) else "some_acknowledged"
    reason = none if lacking else "acknowledged"
    return Measured(int(median(waits)), MINUTE, reason, evidence)


@_measures("T8")
def tasks_done(timeline: Timeline, inject: dict, expected: dict) -> Measured:
    """How many of a hundred were done within the minutes that they had, by the exercise clock."""
    tasks, evidence, done = _tasks(timeline, inject, expected), [], 0
    for task in tasks:
        allowed = datetime.fromisoformat(task.data["due_at"]) - task.time
        steps = _steps(timeline, task, ("done",))
        evidence.append(steps[0].id if steps else task.id)
        took = timeline.shown(steps[0]) - timeline.shown(task) if steps else None
        done += took is not None and took <= allowed.total_seconds() * 1000
    if not tasks:
        return Measured(None, PERCENT, "no_task")
    return Measured(done * 100 * PERCENT // len(tasks), PERCENT, "done_in_time", evidence)


@_measures("T10")
def opened(timeline: Timeline, inject: dict, expected: dict) -> Measured:
    """How many of a hundred of those to be informed opened it within five minutes."""
    found, wanted = _answer(timeline, inject, expected), inject["truth"].get("share_with")
    if not found or not wanted:
        return Measured(None, PERCENT, "no_incident" if wanted else "no_truth")
    id, begins = found[0].data["id"], timeline.shown(found[0])
    receipts = timeline.about("receipt", "incident", id)
    first: dict[str, Event] = {}
    for one in receipts:
        first.setdefault(one.data["organisation"], one)
    seen = [
        first[code]
        for code in wanted
        if code in first and timeline.shown(first[code]) - begins <= OPENED_WITHIN
    ]
    evidence = [found[0].id, *(one.id for one in seen)]
    return Measured(len(seen) * 100 * PERCENT // len(wanted), PERCENT, "opened", evidence)


def _as_reported(timeline: Timeline, inject: dict, expected: dict) -> tuple[Event | None, str]:
    """The incident as it stood at its first report, the one in writing before that by phone, or as
    it stands where there was none; which of both it is, as a reason."""
    found = _answer(timeline, inject, expected)
    if not found:
        return None, "no_incident"
    report = _report(timeline, found[0].data["id"], ["written", "phone"])
    until = [one for one in found if report is None or one.time <= report.time]
    reason = "compared" if report else "compared_unreported"
    return max(until or found[:1], key=lambda one: one.order), reason


@_measures("C1")
def completeness(timeline: Timeline, inject: dict, expected: dict) -> Measured:
    """How many of a hundred elements the first report had."""
    found = _answer(timeline, inject, expected)
    report = _report(timeline, found[0].data["id"], ["written", "phone"]) if found else None
    if report is None:
        return Measured(None, PERCENT, "no_report")
    filled, lacking = len(report.data["filled"]), len(report.data["lacking"])
    value = filled * 100 * PERCENT // max(1, filled + lacking)
    return Measured(value, PERCENT, "elements", [report.id])


def _against_truth(
    timeline: Timeline,
    inject: dict,
    expected: dict,
    name: str,
    value: Callable[[Any, Any], int | None],
) -> Measured:
    (stood, reason), truth = _as_reported(timeline, inject, expected), inject["truth"].get(name)
    if stood is None or truth is None:
        return Measured(None, PERCENT, "unsaid" if stood else reason)
    found = value(stood.data[name], truth)
    if found is None:
        return Measured(None, PERCENT, "not_said", [stood.id])
    return Measured(found * PERCENT, PERCENT, reason, [timeline.said_first(stood, name)])


@_measures("A1")
def right_class(timeline: Timeline, inject: dict, expected: dict) -> Measured:
    """100 for the class itself, 60 for its group (three signs), 30 for its category (two)."""

    def value(said: str, truth: str) -> int:
        same = next((length for length in (5, 3, 2) if said[:length] == truth[:length]), 0)
        return {5: 100, 3: 60, 2: 30, 0: 0}[same]

    return _against_truth(timeline, inject, expected, "type_code", value)


@_measures("A2")
def right_grade(timeline: Timeline, inject: dict, expected: dict) -> Measured:
    """100 for the grade itself, 50 for one beside it."""

    def value(said: int | None, truth: int) -> int | None:
        return None if said is None else {0: 100, 1: 50}.get(abs(said - truth), 0)

    return _against_truth(timeline, inject, expected, "grade", value)


@_measures("A3")
def distance(timeline: Timeline, inject: dict, expected: dict) -> Measured:
    """Whole metres between the place that was reported and the true one (WGS 84, great circle)."""
    stood, reason = _as_reported(timeline, inject, expected)
    if stood is None:
        return Measured(None, 1, reason)
    if stood.data["location"] is None:
        return Measured(None, 1, "not_said", [stood.id])
    said, truth = stood.data["location"], inject["truth"]
    lon, lat = truth.get("lon"), truth.get("lat")
    if lon is None or lat is None:
        return Measured(None, 1, "unsaid", [stood.id])
    far = metres(said["lon"], said["lat"], lon, lat)
    return Measured(far, 1, reason, [timeline.said_first(stood, "location")])


@_measures("A6")
def right_level(timeline: Timeline, inject: dict, expected: dict) -> Measured:
    """100 where the first activation is of the true level."""
    found = _answer(timeline, inject, expected)
    made = _activation(timeline, found[0].data["id"]) if found else None
    if made is None:
        return Measured(None, PERCENT, "not_activated")
    truth = inject["truth"].get("level")
    if truth is None:
        return Measured(None, PERCENT, "unsaid", [made.id])
    right = made.data["level"] == truth
    return Measured(100 * PERCENT * right, PERCENT, "level_compared", [made.id])
