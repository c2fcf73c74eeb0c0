"""Who may see and do what: every role against every door, as rights.csv says.

The table is for people to read and sign. `own` is an incident that lies in the officer's area,
`shown` one that the officer's organisation was shown, `here` one of another node that this node
alone shows it, `other` one of a third organisation. A cell is the HTTP status, or for the list and
the feed what is told of the incident.
"""

import csv
import json
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction

from emergency.models import Incident, Reach, Role
from emergency.plans.services import responses
from emergency.services import attachments, entries
from realtime import access, log, registry
from realtime.hub import Frames
from tests import factories
from tests.emergency.desk import Api
from tests.emergency.pictures import jpeg

TABLE = Path(__file__).with_name("rights.csv")
COLUMNS = ("own", "shown", "here", "other")
PHONE = "13900001111"


def rows() -> dict[tuple[str, str], dict[str, dict[str, str]]]:
    """The table by role and organisation, then by verb."""
    found: dict = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            cells = {column: row[column] for column in COLUMNS}
            found.setdefault((row["role"], row["organisation"]), {})[row["verb"]] = cells
    return found


def listed(api: Api, incident: Incident) -> str:
    items = api.get("/incidents", state="all").json()["items"]
    found = [item for item in items if item["id"] == str(incident.pk)]
    return part(json.dumps(found)) if found else "hidden"


def fed(api: Api, incident: Incident) -> str:
    """What the feed tells this officer of the incident's report."""
    rights = access.resolver().user_rights(api.officer)
    about = f"incident/{incident.pk}"
    row = next(row for row in log.read_after(0, 10_000) if row.subject == about)
    scopes = access.resolver().scopes([about])
    topic = registry.find(row.type).topic
    frame = Frames(row).seen_by(rights, "real", frozenset(), topic, scopes)
    return part(frame.text) if frame else "hidden"


def part(text: str) -> str:
    return "full" if PHONE in text else "public"


def step(name: str, **more: str) -> Callable[[Api, Incident], int]:
    def take(api: Api, incident: Incident) -> int:
        return api.post(f"/incidents/{incident.pk}/steps", rev=1, step=name, **more).status_code

    return take


def archive(api: Api, incident: Incident) -> int:
    Incident.objects.filter(pk=incident.pk).update(state="concluded")
    return step("archive")(api, incident)


def share(api: Api, incident: Incident) -> int:
    return api.post(f"/incidents/{incident.pk}/organisations", code="dept-police").status_code


def unshare(api: Api, incident: Incident) -> int:
    return api.send("DELETE", f"/incidents/{incident.pk}/organisations/dept-police", "").status_code


def of_entry(verb: str, **body: str) -> Callable[[Api, Incident], int]:
    """Act on an entry that somebody of the city desk wrote."""

    def act(api: Api, incident: Incident) -> int:
        entry = incident.entries.get()
        return api.post(f"/entries/{entry.pk}/{verb}", **body).status_code

    return act


DOORS: dict[str, Callable[[Api, Incident], object]] = {
    "list": listed,
    "feed": fed,
    "detail": lambda api, incident: api.get(f"/incidents/{incident.pk}").status_code,
    "download": lambda api, incident: (
        api.get(f"/attachments/{incident.attachments.get().pk}").status_code
    ),
    "report": lambda api, incident: api.report(id=str(uuid.uuid4())).status_code,
    "edit": lambda api, incident: (
        api.send("PATCH", f"/incidents/{incident.pk}", {"rev": 1, "title": "新"}).status_code
    ),
    "grade": lambda api, incident: (
        api.send("PATCH", f"/incidents/{incident.pk}", {"rev": 1, "grade": 2}).status_code
    ),
    "advance": step("verify"),
    "archive": archive,
    "share": share,
    "unshare": unshare,
    "entry": lambda api, incident: (
        api.post(f"/incidents/{incident.pk}/entries", text="到场").status_code
    ),
    "correct": of_entry("corrections", text="更正"),
    "strike": of_entry("strike", reason="误记"),
    "receive": lambda api, incident: (
        api.post(f"/incidents/{incident.pk}/receipts", kind="acknowledged").status_code
    ),
    "activate": lambda api, incident: (
        api.post(
            f"/incidents/{incident.pk}/activations",
            plan="flood",
            level="II",
            matter="内涝",
            measures="抽排",
            hours=24,
        ).status_code
    ),
    "end response": lambda api, incident: (
        api.post(f"/incidents/{incident.pk}/ends", plan="flood", text="雨停").status_code
    ),
    "answer task": lambda api, incident: (
        api.post(f"/tasks/{incident.tasks.get(no=1).pk}/steps", kind="acknowledged").status_code
    ),
    "first report": lambda api, incident: (
        api.post(
            f"/incidents/{incident.pk}/reports", kind="phone", recipient="省应急厅"
        ).status_code
    ),
    "draft report": lambda api, incident: (
        api.post(f"/incidents/{incident.pk}/drafts", **factories.report_said(incident)).status_code
    ),
    "read draft": lambda api, incident: (
        api.get(f"/drafts/{factories.draft(incident).pk}").status_code
    ),
    "sign report": lambda api, incident: (
        api.post(f"/drafts/{factories.draft(incident).pk}/signature").status_code
    ),
    "attach": lambda api, incident: api.attach(incident.pk, jpeg()).status_code,
}


def test_the_table_names_every_role_and_every_door():
    table = rows()
    assert {role for role, _code in table} == set(Role.values)
    assert all(verbs.keys() == DOORS.keys() for verbs in table.values())


@pytest.mark.parametrize(("role", "code"), rows())
def test_every_door_answers_as_the_table_says(node, role, code):
    desk = factories.officer("duty_officer")
    officer = factories.officer(role, code)
    factories.organisation("dept-police")
    incidents = {}
    for column in COLUMNS:
        one = incidents[column] = factories.incident(desk, reporter={"phone": PHONE})
        entries.write_entry(actor=desk, incident=one, text="接报")
        with transaction.atomic():  # an attachment whose content nobody asks for twice
            attachments.add_attachment(actor=desk, incident=one, name="a", file=jpeg(open=True))
        responses.activate_plan(actor=desk, incident=one, **factories.activation())
        Incident.objects.filter(pk=one.pk).update(rev=1)
        Reach.objects.filter(incident=one).delete()
        grounds = {"own": "place", "shown": "shared", "here": "here"}
        reached = code if column in grounds else "610104"
        Reach.objects.create(
            incident=one, organisation=reached, ground=grounds.get(column, "place")
        )
        if column == "here":
            Incident.objects.filter(pk=one.pk).update(home="xian-yanta")
    api = Api(officer)
    answers: dict[str, dict[str, str]] = {}
    for verb, door in DOORS.items():
        for column, incident in incidents.items():
            with transaction.atomic():
                answers.setdefault(verb, {})[column] = str(door(api, incident))
                transaction.set_rollback(True)
    assert answers == rows()[role, code]
