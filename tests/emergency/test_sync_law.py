"""The sync law: an old snapshot and the events since then are the new snapshot.

For every type that tells of incidents and for each kind of viewer: the events are applied as a
browser does it, newer replaces older, each twice and with an overlap on purpose.
"""

import copy
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from emergency.models import Officer
from realtime import access, log, registry
from realtime.hub import Frames
from tests import factories
from tests.emergency.desk import Api
from tests.emergency.world import ACTS, PHONE, World

KINDS = {
    "entry": "entries",
    "attachment": "attachments",
    "tie": "ties",
    "request": "requests",
    "answer": "answers",
    "receipt": "receipts",
    "activation": "activations",
    "end": "ends",
    "task": "tasks",
    "step": "task_steps",
    "report": "reports",
    "taken": "report_receipts",
    "draft": "drafts",
    "elapsed": "deadline_steps",
    "roundorder": "round_orders",
    "round": "round_reports",
    "roundreminder": "round_reminders",
    "supplement": "supplements",
    "directive": "directives",
    "taskreminder": "task_reminders",
}
State = dict[str, dict[str, Any]]  # subject to item


VIEWERS = [("duty_officer", "610100"), ("liaison", "dept-fire"), ("district_officer", "s4")]


def snapshot(api: Api) -> State:
    """What the API shows this viewer: the list, and everything written about each."""
    found: State = {}
    for item in api.get("/incidents", state="all").json()["items"]:
        found[f"incident/{item['id']}"] = item
        detail = api.get(f"/incidents/{item['id']}").json()
        assert {name: detail[name] for name in item} == item
        for kind, name in KINDS.items():
            found |= {f"{kind}/{part['id']}": part for part in detail[name]}
    return found


def frames(viewer: Officer, after: int) -> list[dict[str, Any]]:
    """What the feed sends this viewer of the rows after a position."""
    rights = access.resolver().user_rights(viewer)
    rows = log.read_after(after, 1000)
    scopes = access.resolver().scopes({row.about for row in rows})
    found = []
    for row in rows:
        topic = registry.find(row.type).topic
        frame = Frames(row).seen_by(rights, "real", frozenset({"incidents"}), topic, scopes)
        if frame:
            found.append(orjson.loads(frame.payload))
    return found


def applied(old: State, told: list[dict[str, Any]], fetch: Callable[[str], State]) -> State:
    """Replace if newer; what is gone goes with all about it; what appears is fetched once."""
    new = copy.deepcopy(old)
    for frame in told:
        subject = frame["subject"]
        if frame["kind"] == "gone":
            pk = subject.partition("/")[2]
            new = {
                name: item
                for name, item in new.items()
                if name != subject and item.get("incident") != pk
            }
            continue
        showing = subject.startswith("showing/")  # not of the incident: what it says is fetched
        if showing or frame["about"] not in new:
            new |= fetch(frame["about"])
        if showing:
            continue
        known = new.get(subject)
        if known is None or newer(frame["item"], known):
            new[subject] = frame["item"]
    return new


def newer(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return (one.get("term", 1), one["rev"]) > (other.get("term", 1), other["rev"])


def test_every_type_about_incidents_is_acted_out():
    about = {name for name, kind in registry.declared().items() if kind.topic == "incidents"}
    declared = {name for name in about if not name.startswith("inject.")}  # no part of an incident
    assert {name.partition(" ")[0] for name in ACTS} == declared


@pytest.mark.parametrize(("role", "code"), VIEWERS, ids=[role for role, _code in VIEWERS])
@pytest.mark.parametrize("act", ACTS)
def test_old_snapshot_and_events_are_the_new_snapshot(node, act, role, code):
    world = World()
    viewer = factories.officer(role, code)
    api = Api(viewer)
    position = log.head().position
    old = snapshot(api)
    ACTS[act](world)
    told = frames(viewer, max(0, position - 3))  # an overlap, on purpose
    new = snapshot(api)

    def fetch(subject: str) -> State:
        pk = subject.partition("/")[2]
        about = {name: item for name, item in new.items() if item.get("incident") == pk}
        return about | {subject: new[subject]}

    once = applied(old, told, fetch)
    assert once == new
    assert applied(once, told, fetch) == new
    if role != "duty_officer":
        assert (PHONE in str(new)) is (role == "district_officer" and bool(new))
