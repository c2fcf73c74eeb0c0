"""The audit administrator's page: what it shows, what it never shows, what leaves as a file."""

import csv
import inspect
import io
import re
from datetime import timedelta
from html import escape

import pytest
from django.test import Client
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from emergency.csvout import FORMULA, csv_text
from emergency.link_words import reason_text
from emergency.models import Officer
from emergency.services import accounts, audit, entries
from realtime import log, refusals, verify
from realtime.models import Envelope
from tests import factories
from tests.emergency.pages import FORMULAS, HOSTILE, text, told


@pytest.fixture
def auditor(node) -> Officer:
    return factories.officer("audit_admin")


@pytest.fixture
def page(auditor) -> Client:
    return factories.client(auditor)


def positions(answer) -> list[int]:
    """Positions of the rows on the page, as they stand."""
    return [int(one) for one in re.findall(r'class="meta">(\d+)</td>', answer.content.decode())]


def exported(page: Client, **wanted: str) -> list[list[str]]:
    answer = page.post("/audit/export", wanted)
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/csv")
    assert answer["Content-Disposition"].startswith("attachment")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_of_an_incident_who_when_and_what_kind_is_shown_and_nothing_of_it(page):
    desk = factories.officer("duty_officer")
    one = factories.incident(
        desk, title="秘密事件", address="秘密路", summary="经过", reporter={"phone": "13900001111"}
    )
    entries.write_entry(actor=desk, incident=one, text="秘密到场")
    shown = page.get("/audit", {"topic": "incidents"}).content.decode()
    assert desk.username in shown and f"incident/{one.pk}" in shown
    assert len(positions(page.get("/audit", {"topic": "incidents"}))) == 2
    everything = shown + page.get("/audit").content.decode() + str(exported(page))
    for secret in ("秘密", "13900001111", "经过", "12D02"):
        assert secret not in everything


def test_of_an_officer_the_rights_are_shown_and_never_the_person(page):
    officer = factories.officer("liaison", name="赵秘密")
    guard = factories.officer("security_admin")
    accounts.change_officer(actor=guard, officer=officer, phone="13900001111", role="observer")
    everything = page.get("/audit").content.decode() + str(exported(page))
    assert officer.username in everything
    assert "赵秘密" not in everything and "13900001111" not in everything


def test_rows_are_filtered_by_topic_type_actor_subject_and_time(page, auditor):
    desk = factories.officer("duty_officer")
    factories.incident(desk)
    about = f"officer/{desk.username}@xian"
    old = Envelope.objects.order_by("position").first()
    Envelope.objects.filter(pk=old.pk).update(time=timezone.now() - timedelta(days=9))

    def found(**query: str) -> set[str]:
        asked = positions(page.get("/audit", query))
        return {Envelope.objects.get(position=one).type for one in asked}

    assert found(topic="incidents") == {"incident.reported"}
    assert found(type="session.started") == {"session.started"}
    assert found(actor=desk.username) == {"incident.reported"}
    assert found(subject=about) == {"officer.changed"}
    assert found(actor="nobody") == set()
    day = (timezone.localtime() - timedelta(days=8)).strftime("%Y-%m-%dT%H:%M")
    assert positions(page.get("/audit", {"until": day})) == [old.position]
    assert old.position not in positions(page.get("/audit", {"since": day}))
    assert found(type="session.started", actor=auditor.username, since=day) == {"session.started"}


@pytest.mark.parametrize(
    "query",
    [{"topic": "x"}, {"type": "x"}, {"since": "yesterday"}, {"since": "0001-01-01T00:00"},
     {"until": "2024-13-01T00:00"}, {"before": "0"}, {"before": "-1"}, {"before": str(2**63)},
     {"before": "x"}, {"actor": "x" * 101}],
)  # fmt: skip
def test_a_filter_that_cannot_be_read_is_answered_with_what_is_wrong(page, query):
    for answer in (page.get("/audit", query), page.post("/audit/export", query)):
        assert answer.status_code == 422 and positions(answer) == []
    assert told("log.exported") == []


def test_the_log_is_paged_by_position_without_gap_or_double(page):
    officer = factories.officer()
    for _number in range(120):
        accounts.note_sign_in(officer=officer, address="127.0.0.1")
    head, seen, address = log.head().position, [], "/audit?type="
    while address:
        answer = page.get(address)
        seen += positions(answer)
        older = re.search(r'rel="next" href="([^"]+)"', answer.content.decode())
        address = "/audit" + older[1].replace("&amp;", "&") if older else ""
    assert seen == list(range(head, 0, -1))


def test_refusals_stand_in_the_log_and_are_found_by_who_was_refused(page):
    liaison = factories.officer("liaison")
    factories.client(liaison).get("/officers")
    refusals.flush()
    answer = page.get("/audit", {"actor": liaison.username, "type": "refusals.counted"})
    assert len(positions(answer)) == 1 and "管理账号：该角色无此权限" in text(answer)


@pytest.mark.parametrize("label", HOSTILE)
def test_what_somebody_typed_is_text_on_the_page(page, label):
    accounts.issue_token(officer=factories.officer(), label=label)
    body = page.get("/audit", {"type": "token.changed"}).content.decode()
    assert escape(label) in body and label not in body


@pytest.mark.parametrize("label", FORMULAS)
def test_no_cell_of_a_file_begins_like_a_formula(page, label):
    accounts.issue_token(officer=factories.officer(), label=label)
    refusals.count(label, "x")
    refusals.flush()
    rows = exported(page)
    rows += csv.reader(io.StringIO(csv_text([label] * len(rows[0]), [])))
    assert len({len(row) for row in rows}) == 1
    assert not [cell for row in rows for cell in row if cell.lstrip().startswith(FORMULA)]


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_any_table_reads_back_row_by_row_without_a_formula(rows):
    read = list(csv.reader(io.StringIO(csv_text(["a", "b"], rows).removeprefix("\ufeff"))))
    assert len(read) == len(rows) + 1 and all(len(row) == 2 for row in read)
    cells = [cell for row in read for cell in row]
    assert not [cell for cell in cells if cell.lstrip().startswith(FORMULA)]
    assert not any(break_ in cell for cell in cells for break_ in "\r\n\t\x0b\x0c\x85\u2028\u2029")


def test_an_export_takes_the_filter_and_is_itself_recorded(page, auditor):
    factories.incident()
    rows = exported(page, topic="incidents")
    assert [row[0] for row in rows[1:]] == [str(told("incident.reported")[0].position)]
    row = told("log.exported")[0]
    public = bytes(row.public).decode()
    assert row.actor.startswith(auditor.username)
    assert '"rows":1' in public and '"topic":"incidents"' in public


def test_an_export_that_cannot_be_recorded_does_not_leave(page, monkeypatch):
    def full(*_args, **_fields):
        raise OSError("disk full")

    page.raise_request_exception = False
    monkeypatch.setattr(log, "append", full)
    answer = page.post("/audit/export")
    assert answer.status_code == 500 and "csv" not in answer["Content-Type"]


def test_an_export_is_bounded(page, monkeypatch):
    monkeypatch.setattr(audit, "EXPORT_AT_MOST", 2)
    factories.officer(), factories.officer()
    assert len(exported(page)) == 3


def test_the_chain_is_verified_on_demand_and_the_result_stays_with_its_time(page):
    rows = log.head().position
    assert page.post("/audit/verify").status_code == 302
    public = bytes(told("log.verified")[0].public).decode()
    assert f'"rows":{rows}' in public and '"bad":null' in public
    shown = page.get("/audit").content.decode()
    assert f" {rows} " in shown and 'class="chain"' in shown


def test_a_row_that_was_changed_is_named_on_the_page(page):
    Envelope.objects.filter(position=2).update(public=b"{}")
    page.post("/audit/verify")
    shown = page.get("/audit").content.decode()
    assert 'class="chain broken"' in shown and '"bad":2' in str(told("log.verified")[0].public)
    assert "内容被改动" in shown and "differs from its digest" not in shown


def test_every_fault_of_the_log_is_named_in_chinese():
    source = inspect.getsource(verify)
    faults = re.findall(r'(?:return f?|reason = |Bad\(position \+ 1, )"([^"]+)"', source)
    assert len(faults) == 17
    for fault in faults:
        with translation.override("zh-hans"):
            said = reason_text(fault.replace("{name}", "audience"))
        assert re.search("[一-龥]", said), fault


def test_a_long_log_is_not_verified_in_a_request(page, monkeypatch):
    monkeypatch.setattr(audit, "VERIFY_BELOW", 1)
    answer = page.post("/audit/verify")
    assert answer.status_code == 409 and "manage.py verifylog" in text(answer)
    assert told("log.verified") == [] and 'action="/audit/verify"' not in answer.content.decode()


def test_two_verifications_do_not_run_at_once(page):
    with audit._verifying:
        assert page.post("/audit/verify").status_code == 409
    assert page.post("/audit/verify").status_code == 302


def test_rows_written_while_the_log_is_verified_are_no_fault(node, monkeypatch):
    officer = factories.officer()
    check, written = verify._fault, []

    def slow(*given):
        if not written:
            written.append(accounts.note_sign_in(officer=officer, address=""))
        return check(*given)

    rows = log.head().position
    monkeypatch.setattr(verify, "_fault", slow)
    report = verify.verify_log()
    assert (report.bad, report.rows, log.head().position) == (None, rows, rows + 1)
