"""Makes the things tests are about; keyword overrides, sensible defaults.

Owns: no rules. Everything goes through the services that people's actions go through.
"""

import itertools
import os
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.test import Client

from emergency.models import Incident, Officer, Organisation, Plan, ReportDraft
from emergency.plans.services import editing
from emergency.reporting import selectors as reporting
from emergency.services import accounts, incidents, links
from realtime.link import pairing
from realtime.log import SYSTEM
from realtime.models import Peer

PASSWORD = "a-long-enough-passphrase"
_count = itertools.count(1)


def organisation(code: str = "610100", **fields: Any) -> Organisation:
    """An organisation; the city by default."""
    kind = "city" if code == "610100" else "zone" if code.startswith("zone") else "district"
    if code.startswith("dept"):
        kind = "department"
    parent = None if code == "610100" else organisation()
    node = settings.NODE_ID if code == "610100" else ""
    defaults = {"name": code, "kind": kind, "parent": parent, "node": node} | fields
    if kind == "district":
        defaults.setdefault("area", f"districts/{code}")
    if kind == "zone":
        defaults.setdefault("area", f"zones/{code}")
    return Organisation.objects.get_or_create(code=code, defaults=defaults)[0]


def officer(
    role: str = "duty_officer", organisation_code: str = "610100", **fields: Any
) -> Officer:
    """An officer of this role and organisation."""
    number = next(_count)
    defaults = {
        "username": f"{role.replace('_', '-')}-{number}",
        "password": PASSWORD,
        "name": f"officer {number}",
        "role": role,
        "organisation": organisation(organisation_code),
    }
    return accounts.make_officer(**defaults | fields)


def client(who: Officer, *, csrf: bool = False) -> Client:
    """A browser-like client, signed in through the page."""
    made = Client(enforce_csrf_checks=csrf)
    answer = made.post("/sign-in", {"username": who.username, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()[:500]
    return made


def incident(actor: Officer | None = None, **fields: Any) -> Incident:
    """An incident as a duty officer reports it."""
    defaults = {"title": "甲醇罐车泄漏", "type_code": "12D02"}
    made, _new = incidents.report_incident(actor=actor or officer(), **defaults | fields)
    return made


def plan(*, every: int = 0, **fields: Any) -> Plan:
    """A plan with two levels: of the lower one task for the fire service, of the higher one more
    for the police and, where they are given, a report of its reporters every so many minutes."""
    for code in ("dept-fire", "dept-police"):
        organisation(code)
    task = {"level": "III", "minutes": 30, "acknowledge": True}
    defaults: dict[str, Any] = {
        "code": "flood",
        "name": "防汛应急预案",
        "type_codes": ["12"],
        "levels": [
            {"code": "III", "name": "Ⅲ级响应", "when": "橙色预警", "every": 0},
            {"code": "II", "name": "Ⅱ级响应", "when": "红色预警", "every": every},
        ],
        "tasks": [
            task | {"no": 1, "organisation": "dept-fire", "text": "排查下穿通道"},
            task | {"no": 2, "organisation": "dept-police", "text": "交通管制", "level": "II"},
        ],
        "phone_minutes": 20,
        "written_minutes": 40,
    }
    return editing.plant_plan(**defaults | fields)


def report_said(about: Incident, kind: str = "written", **fields: Any) -> dict[str, Any]:
    """What a report says that is submitted now."""
    told = reporting.proposal(Incident.objects.get(pk=about.pk), kind)
    base = {"kind": kind, "recipient": "市总值班室", "text": "如下"}
    return base | {name: told[name] for name in ("rev", "covers")} | fields


def draft(about: Incident, **fields: Any) -> ReportDraft:
    """A report in writing that waits for its signature."""
    said = {"kind": "written", "recipient": "市总值班室", "text": "如下", "author": "x@xian duty"}
    said |= {"covers": reporting.covers_now()}
    return ReportDraft.objects.create(
        incident=about, realm=about.realm, recorded_at=datetime.now(UTC), **said | fields
    )


def activation(**fields: Any) -> dict[str, Any]:
    """What an activation of this plan states."""
    plan()
    base = {"plan": "flood", "level": "II", "matter": "城区内涝", "measures": "抽排、转移"}
    return base | {"until": datetime.now(UTC) + timedelta(hours=24)} | fields


def peer(
    node: str = "xian-yanta",
    *,
    name: str = "雁塔区",
    upper: bool = False,
    confirmed: bool = True,
    cleared: bool = False,
    live: bool = False,
) -> Peer:
    """A node that this one is paired with; nothing answers at its address. `live`: it looks as if
    something did."""
    given = {"node": node, "name": name, "public": os.urandom(32)}
    if upper:
        url = "http://127.0.0.1:9"
        pairing.joined(code="CODE", url=url, actor=SYSTEM, **given)
    else:
        pairing.accept(code=pairing.issue_code(node=node, actor=SYSTEM), **given)
    if confirmed:
        links.confirm_as(by=SYSTEM, node=node, cleared=cleared)
    if live:
        now = datetime.now(UTC)
        Peer.objects.filter(node=node).update(linked_at=now, heard_at=now)
    return Peer.objects.get(node=node)
