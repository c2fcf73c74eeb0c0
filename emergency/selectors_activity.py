"""What happened lately, for a desk that was opened just now.

Owns: the way back through the log. Promises: what is told, and to whom, is decided where the feed
decides it (realtime.hub); a look back is bounded, however little of it an officer may see. Must not
know: requests, how a line is worded.
"""

import uuid
from typing import Any

import orjson

from realtime import access, log, registry
from realtime.hub import Frames
from realtime.link import applying
from realtime.models import Envelope
from realtime.tail import BATCH, read

from .models import Incident, Officer

TOPICS = ("incidents", "shares")
LINES = 200  # of which a browser shows some
SHOWN = ("title", "grade", "home")
DEPTH = 10 * BATCH  # envelopes that are looked through at most


def activity(realm: str, officer: Officer) -> list[dict[str, Any]]:
    """The newest events that the officer may see, oldest first, as the feed told them but without
    personal parts; each with its incident as it is now (id, title, grade, home), and whether it is
    a proposal that is not in force."""
    rights = access.resolver().user_rights(officer)
    if rights is None:
        return []
    found: list[dict[str, Any]] = []
    end = log.head().position
    for last in range(end, max(0, end - DEPTH), -BATCH):
        found = _told(realm, rights, max(0, last - BATCH), last) + found
        if len(found) >= LINES:
            break
    return found[-LINES:]


def _told(realm: str, rights: access.Rights, after: int, last: int) -> list[dict[str, Any]]:
    """The events after this position up to the last."""
    _head, rows, scopes = read(after)
    ids = {about[9:] for about in scopes if about.startswith("incident/")}
    known = {f"incident/{one.pk}": one for one in Incident.objects.filter(pk__in=ids)}
    late = _late({row.subject for row in rows})
    told = []
    for row in rows:
        declared = registry.find(row.type)
        if row.position > last or declared is None or declared.topic not in TOPICS:
            continue
        frame = Frames(row).seen_by(rights, realm, frozenset(), declared.topic, scopes)
        event = orjson.loads(frame.payload) if frame else {"kind": "gone"}
        incident = known.get(row.about)
        if event["kind"] != "event" or incident is None:
            continue
        said = {name: event["item"][name] for name in declared.public & event["item"].keys()}
        if declared.is_whole(said):  # what was erased tells nothing
            told.append(
                {
                    **{name: event[name] for name in ("cursor", "type", "time", "actor")},
                    "item": said,
                    "incident": {name: getattr(incident, name) for name in SHOWN}
                    | {"id": str(incident.pk)},
                    "proposal": row.id in late,
                }
            )
    return told


def _late(subjects: set[str]) -> set[uuid.UUID]:
    """The envelopes of these subjects that nobody goes by."""
    found: dict[str, list[Any]] = {}
    rows = Envelope.objects.filter(subject__in=subjects, parked=None)
    for row in rows.values_list("subject", "term", "rev", "id", named=True):
        found.setdefault(row.subject, []).append(row)
    return set().union(*map(applying.not_in_force, found.values()))
