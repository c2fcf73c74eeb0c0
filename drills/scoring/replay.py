"""An exercise moment by moment: what was told and done, and how each incident stood then.

Owns: which events are shown, and the words of each that are its own. Promises: pure; moments are
in the order of the exercise clock; what was planned, judged or set is left out; the state of an
incident at a moment is its version in force up to then. Must not know: maps, pages.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .timeline import Event, Timeline

SHOWN = {  # kind of thing to the field whose words are its own
    "incident": "title",
    "entry": "text",
    "report": "text",
    "attachment": "name",
    "activation": "matter",
    "end": "text",
    "task": "text",
    "step": "text",
    "receipt": "",
    "reply": "",
}
STATE = ("title", "type_code", "type_name", "grade", "state", "number", "home", "district_name")


@dataclass(frozen=True)
class Moment:
    """`at` in milliseconds of the exercise clock; `incident`: the one that it is about, empty for
    an inject; `state`: how that stood from then on, where this changed it, with lon and lat (WGS
    84, None where it has no place)."""

    id: str
    at: int
    time: str
    type: str
    source: str
    author: str
    words: str
    incident: str
    state: dict[str, Any] | None


def moments(timeline: Timeline) -> Sequence[Moment]:
    """All that was told and done, the earliest first."""
    found = [*_injects(timeline), *_played(timeline)]
    return sorted(found, key=lambda one: (one.at, one.time, one.id))


def at_moment(all_of_it: Sequence[Moment], at: int) -> dict[str, dict[str, Any]]:
    """Incident to how it stood when the clock showed this much."""
    known: dict[str, dict[str, Any]] = {}
    for one in all_of_it:
        if one.at <= at and one.state is not None:
            known[one.incident] = one.state
    return known


def _injects(timeline: Timeline) -> Iterator[Moment]:
    for event in timeline.newest("inject"):
        said = event.data
        if said["state"] == "sent":
            words = f"{said['number']} {said.get('content', '')}"
            time = event.time.isoformat()
            sender = said.get("sender", "")
            yield Moment(
                event.id, said["at"], time, "inject.delivered", event.source, sender, words, "",
                None,
            )  # fmt: skip


def _played(timeline: Timeline) -> Iterator[Moment]:
    newest: dict[str, Event] = {}
    for event in timeline.events:
        kind = event.subject.partition("/")[0]
        if kind not in SHOWN:
            continue
        state = None
        if kind == "incident":
            held = newest.get(event.subject)
            if held is not None and held.order > event.order:
                continue  # it came later and says less: nobody saw it so
            newest[event.subject] = event
            state = _state(event.data)
        yield Moment(
            id=event.id,
            at=timeline.shown(event),
            time=event.time.isoformat(),
            type=event.type,
            source=event.source,
            author=event.data.get("author_name") or event.data.get("received_by", ""),
            words=str(event.data.get(SHOWN[kind], "") or ""),
            incident=event.data["id"] if kind == "incident" else event.data.get("incident", ""),
            state=state,
        )


def _state(data: dict[str, Any]) -> dict[str, Any]:
    place = data.get("location") or {}
    said = {name: data.get(name) for name in STATE}
    return said | {"lon": place.get("lon"), "lat": place.get("lat")}
