"""Who may open which page: every role against every address, and where each begins."""

import pytest
from django.test import Client

from emergency.directives.services import record_directive
from emergency.documents.services import issue_document
from emergency.duty.services import log_duty
from emergency.models import (
    AlikeRule,
    Document,
    DocumentKind,
    DocumentTemplate,
    DutyChannel,
    DutyEntry,
    DutyPost,
    FactorRule,
    GradeRule,
    Handover,
    IncidentType,
    LimitRule,
    Officer,
    Plan,
    Role,
    RollCall,
    SecondFactor,
    SharingRule,
    Shift,
    SupplementRule,
    Swap,
)
from emergency.roster.services import keep_shift
from gis.models import Extent, SurveyRing
from realtime import refusals
from realtime.models import Envelope, PairingCode, Peer
from tests import factories
from tests.emergency.pages import text, told
from tests.emergency.verbs_duty import call, directive, given, hours, main

EVERYBODY = set(Role.values)
DUTY = {"duty_officer", "shift_leader", "emergency_office"}
ROSTER = {"shift_leader", "emergency_office"}
OFFICERS, AUDIT = {"security_admin"}, {"audit_admin"}
TABLES = {"emergency_office", "system_admin"}
PAPERS = DUTY | {"district_officer"}
PLANS, PLAN_EDIT = (
    EVERYBODY - {"system_admin", "security_admin", "audit_admin"},
    {"emergency_office"},
)
WHY = PAPERS | {"security_admin", "audit_admin"}
SYSTEM, LINKS = {"system_admin", "security_admin", "audit_admin"}, {"system_admin"}
SEEN = {
    "/officers": OFFICERS,
    "/officers?q=a&page=2": OFFICERS,
    "/officers/new": OFFICERS,
    "/officers/{pk}": OFFICERS,
    "/officers/factor": OFFICERS,
    "/why": WHY,
    "/audit": AUDIT,
    "/duty": DUTY,
    "/duty/{entry}": DUTY,
    "/roll-calls": DUTY,
    "/directives": PLANS,
    "/documents": PAPERS,
    "/documents/new/directives/directives/open": DUTY,
    "/documents/new/daily/until/2026-01-02T08:00": DUTY,
    "/documents/{document}": PAPERS,
    "/documents/{document}/file": PAPERS,
    "/directives?all=1": PLANS,
    "/handover": DUTY,
    "/handover/{handover}": DUTY,
    "/roster": DUTY,
    "/roster/shifts/new": ROSTER,
    "/roster/shifts/{shift}": ROSTER,
    "/roster/shifts/{shift}/swap": DUTY,
    "/plans": PLANS,
    "/plans/new": PLAN_EDIT,
    "/plans/of/flood": PLANS,
    "/plans/of/flood/1": PLANS,
    "/plans/of/flood/edit": PLAN_EDIT,
    "/tables": TABLES,
    "/tables/classes/12D02": TABLES,
    "/tables/elements/cause": TABLES,
    "/tables/extents/{extent}": TABLES,
    "/incidents/{incident}/package": ROSTER,
    "/tables/channels": TABLES,
    "/tables/posts": TABLES,
    "/tables/kinds": TABLES,
    "/tables/kinds/dutylog": TABLES,
    "/tables/kinds/dutylog/file": TABLES,
    "/tables/sharing": TABLES,
    "/tables/limits": TABLES,
    "/tables/grades": TABLES,
    "/tables/alike": TABLES,
    "/nodes": SYSTEM,
    "/nodes/at/xian-yanta": SYSTEM,
    "/account": EVERYBODY,
}
SENT = {
    "/officers/new": OFFICERS,
    "/officers/{pk}": OFFICERS,
    "/officers/{pk}/activity": OFFICERS,
    "/officers/{pk}/password": OFFICERS,
    "/officers/{pk}/sessions": OFFICERS,
    "/officers/{pk}/factor": OFFICERS,
    "/officers/{pk}/identity": OFFICERS,
    "/officers/factor": OFFICERS,
    "/officers/{pk}/tokens": OFFICERS,
    "/audit/export": AUDIT,
    "/audit/verify": AUDIT,
    "/duty": DUTY,
    "/duty/{entry}": DUTY,
    "/roll-calls": DUTY,
    "/roll-calls/answer": DUTY,
    "/handover": DUTY,
    "/handover/take": DUTY,
    "/roster/repeat": ROSTER,
    "/roster/publish": ROSTER,
    "/roster/answer": DUTY,
    "/roster/shifts/new": ROSTER,
    "/roster/shifts/{shift}": ROSTER,
    "/roster/shifts/{shift}/cancel": ROSTER,
    "/roster/shifts/{shift}/swap": DUTY,
    "/plans/new": PLAN_EDIT,
    "/plans/of/flood/edit": PLAN_EDIT,
    "/documents/new/daily/until/2026-01-02T08:00": DUTY,
    "/incidents/{incident}/package": ROSTER,
    "/tables/channels": TABLES,
    "/tables/posts": TABLES,
    "/tables/kinds/dutylog": TABLES,
    "/tables/kinds/dutylog/template": TABLES,
    "/tables/kinds/dutylog/reset": TABLES,
    "/tables/classes/12D02": TABLES,
    "/tables/elements/cause": TABLES,
    "/tables/rings": TABLES,
    "/tables/rings/500/remove": TABLES,
    "/tables/extents/{extent}": TABLES,
    "/tables/sharing": TABLES,
    "/tables/sharing/{rule}/remove": TABLES,
    "/tables/limits": TABLES,
    "/tables/limits/{limit}/remove": TABLES,
    "/tables/reminders": TABLES,
    "/tables/reminders/50/remove": TABLES,
    "/tables/supplements": TABLES,
    "/tables/supplements/{supplement}/remove": TABLES,
    "/tables/grades": TABLES,
    "/tables/grades/{grade}/remove": TABLES,
    "/tables/alike": TABLES,
    "/tables/alike/{alike}/remove": TABLES,
    "/nodes/code": LINKS,
    "/nodes/join": LINKS,
    "/nodes/key": LINKS,
    "/nodes/at/xian-yanta/confirm": LINKS,
    "/nodes/at/xian-yanta/clearance": LINKS,
    "/nodes/at/xian-yanta/compare": SYSTEM,
    "/nodes/at/xian-yanta/revoke": LINKS,
}
HOMES = {"system_admin": "/tables", "security_admin": "/officers", "audit_admin": "/audit"}


@pytest.fixture
def names(node) -> dict[str, int]:
    """What stands in the addresses."""
    one = factories.officer("observer")
    factories.peer("xian-yanta")
    factories.plan()
    rule = SharingRule.objects.create(node="xian-yanta", source="a")
    limit = LimitRule.objects.exclude(type_prefix="").first()
    own = {"extent": Extent.objects.first().pk, "supplement": SupplementRule.objects.first().pk}
    own["alike"] = AlikeRule.objects.create(type_prefix="12", distance_m=9, minutes=9).pk
    own["entry"] = log_duty(actor=factories.officer(), **call()).pk
    leader = factories.officer("shift_leader")
    own["handover"] = given(leader).pk
    own["incident"] = factories.incident(leader).pk
    about = factories.incident(leader)
    factories.organisation("dept-fire")
    row = record_directive(actor=leader, incident=about, **directive())
    said = {"kind": "notice", "of": f"directive/{row.pk}", "recipients": "存档"}
    own["document"] = issue_document(actor=leader, **said).pk
    own["shift"] = keep_shift(actor=leader, people=[main(leader)], **hours(1)).pk
    own["grade"] = GradeRule.objects.first().pk
    return own | {"pk": one.pk, "rule": rule.pk, "limit": limit.pk}


def rows() -> list:
    """What a page could have changed."""
    tables = (Officer, IncidentType, Plan, SurveyRing, Extent, SharingRule, Peer, PairingCode)
    tables += (DutyEntry, DutyChannel, DutyPost, Shift, Swap, RollCall, Handover)
    tables += (FactorRule, SecondFactor)
    tables += (Document, DocumentKind, DocumentTemplate)
    return [list(table.objects.order_by("pk").values()) for table in tables]


@pytest.mark.parametrize("role", Role.values)
def test_every_page_opens_for_its_roles_alone(names, role):
    client = factories.client(factories.officer(role))
    opened = {address: client.get(address.format(**names)).status_code for address in SEEN}
    assert opened == {address: 200 if role in SEEN[address] else 403 for address in SEEN}


@pytest.mark.parametrize("role", Role.values)
def test_whoever_may_not_changes_nothing_and_the_refusal_is_counted(names, role):
    client = factories.client(officer := factories.officer(role))
    closed = [address for address, roles in SENT.items() if role not in roles]
    before, length = rows(), Envelope.objects.count()
    answers = [client.post(address.format(**names)).status_code for address in closed]
    assert set(answers) == {403} and rows() == before and Envelope.objects.count() == length
    refusals.flush()
    assert any(officer.username in bytes(row.public).decode() for row in told("refusals.counted"))


@pytest.mark.parametrize(
    ("method", "address"), [*(("GET", one) for one in SEEN), *(("POST", one) for one in SENT)]
)
def test_a_stranger_is_sent_to_sign_in(names, method, address):
    answer = Client().generic(method, address.format(**names))
    assert (answer.status_code, answer["Location"][:14]) == (302, "/sign-in?next=")


@pytest.mark.parametrize("role", Role.values)
def test_everybody_begins_on_the_own_page_and_is_shown_the_way_to_no_other(node, role):
    client = factories.client(factories.officer(role))
    answer = client.get("/")
    home = HOMES.get(role)
    assert (answer.status_code, answer.get("Location")) == ((302, home) if home else (200, None))
    page = client.get("/account").content.decode()
    for address in ("/officers", "/audit", "/tables", "/nodes", "/duty"):
        assert (f'href="{address}"' in page) is (role in SEEN[address])


@pytest.mark.parametrize("role", Role.values)
def test_what_is_not_there_answers_as_absent_to_those_who_may(node, role):
    client = factories.client(factories.officer(role))
    for address, roles in (
        ("/officers/999999", OFFICERS),
        (f"/officers/{10**30}", OFFICERS),
        ("/tables/classes/99999", TABLES),
        ("/tables/extents/999999", TABLES),
        ("/nodes/at/nowhere", SYSTEM),
    ):
        assert client.get(address).status_code == (404 if role in roles else 403), address


@pytest.mark.parametrize(
    ("role", "address", "page"),
    [
        ("security_admin", "/officers/{pk}/password", "/officers/{pk}"),
        ("audit_admin", "/audit/export", "/audit"),
        ("shift_leader", "/roster/answer", "/roster"),
        ("duty_officer", "/roll-calls/answer", "/roll-calls"),
        ("duty_officer", "/handover/take", "/handover"),
        ("shift_leader", "/roster/shifts/{shift}/cancel", "/roster/shifts/{shift}"),
        ("system_admin", "/nodes/code", "/nodes"),
        ("system_admin", "/nodes/at/xian-yanta/revoke", "/nodes/at/xian-yanta"),
        ("observer", "/account/password", "/account"),
        ("observer", "/account/tokens", "/account"),
    ],
)
def test_a_link_to_where_a_form_is_sent_leads_to_the_page_of_the_form(names, role, address, page):
    answer = factories.client(factories.officer(role)).get(address.format(**names))
    assert (answer.status_code, answer["Location"]) == (302, page.format(**names))


def test_no_page_is_kept_by_a_browser_or_runs_what_is_not_a_file(names):
    client = factories.client(factories.officer("security_admin"))
    for address in ("/officers", "/account"):
        answer = client.get(address)
        assert "no-store" in answer["Cache-Control"]
        assert "unsafe" not in answer["Content-Security-Policy"]
        body = answer.content.decode()
        assert " style=" not in body and "<script>" not in body and " onclick" not in body


def test_who_is_signed_in_stands_on_the_page(node):
    officer = factories.officer("liaison", name="王敏")
    assert "王敏" in text(factories.client(officer).get("/account"))
