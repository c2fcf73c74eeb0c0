"""Documents: what they say is what the database says, numbers have no gap, the hash tells."""

import contextlib
import hashlib
import io
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from docx import Document as Word

from emergency.documents import samples, selectors
from emergency.documents import services as documents
from emergency.documents.services import issue_document
from emergency.documents.sources import MAKERS
from emergency.duty.services import log_duty
from emergency.errors import SameIdOtherContent
from emergency.handover import services as handover
from emergency.models import Document, DocumentKind, Incident, NumberSeries
from realtime import blobs
from realtime.problems import Conflict, Invalid, NotAllowed, NotFound
from realtime.verify import verify_log
from tests import factories
from tests.emergency.desk import Api
from tests.emergency.pages import told
from tests.emergency.test_directives import directive
from tests.emergency.test_duty_log import said as called
from tests.emergency.test_parallel import PARALLEL, at_once
from tests.emergency.test_plans import STATED
from tests.emergency.test_reporting import change, issue

HOUR = timedelta(hours=1)


@pytest.fixture
def leader(node):
    return factories.officer("shift_leader", name="李卫东")


@pytest.fixture
def made(duty) -> Incident:
    said = {"title": "沣峪口山洪", "summary": "三人失联", "missing": 3, "trend": "雨势减弱"}
    return factories.incident(duty, **said, address="沣峪口", lon=108.85, lat=34.03)


@pytest.fixture
def report(duty, leader, made) -> str:
    """A report that the leader signed."""
    told_here = issue(Api(duty, "zh-hans"), Api(leader, "zh-hans"), made, text="雨后山洪\n三人失联")
    return f"report/{told_here['id']}"


def out(officer, kind: str, of: str, **fields) -> Document:
    said = {"recipients": "市委、市政府"} | fields
    return issue_document(actor=officer, kind=kind, of=of, **said)


def opened(one: Document):
    """Its file, as python-docx reads it: all text, and the rows of its tables."""
    word = Word(io.BytesIO(selectors.content_of(one.sha256)))
    lines = [line.text for line in word.paragraphs]
    rows = [[cell.text for cell in row.cells] for table in word.tables for row in table.rows]
    return word, "\n".join(lines), rows


def of_weiyang():
    """A district officer who works at the city's node."""
    district = factories.organisation("610112", name="未央区")
    return factories.officer("district_officer", organisation=district)


def today() -> str:
    return f"day/{timezone.localdate()}"


def morning() -> str:
    return f"until/{timezone.localtime():%Y-%m-%dT%H:%M}"


def everything(duty, leader, made, report) -> dict[str, str]:
    """Something for a document of each kind."""
    factories.plan()
    api = Api(duty)
    answer = api.post(f"/incidents/{made.pk}/activations", level="II", **STATED).json()
    row = directive(duty, made)
    log_duty(actor=duty, **called(number=made.number))
    given = handover.sign_handover(actor=duty, notes={}, warnings="暴雨橙色预警")
    taken = handover.take_over_shift(actor=leader, handover=given, rev=1, notes={})
    return {
        "report": report,
        "special": report,
        "response": f"activation/{answer['activations'][0]['id']}",
        "notice": f"directive/{row.pk}",
        "directives": "directives/open",
        "daily": morning(),
        "dutylog": today(),
        "handover": f"handover/{taken.pk}",
    }


def test_a_document_of_every_kind_has_the_tags_of_its_example(duty, leader, made, report):
    for kind, of in everything(duty, leader, made, report).items():
        one = out(duty, kind, of)
        example = samples.said(kind)
        assert one.said.keys() == example.keys(), kind
        for name, rows in one.said.items():
            for row in rows if isinstance(rows, list) else ():
                if isinstance(row, dict):
                    assert row.keys() == example[name][0].keys(), (kind, name)
        _word, text, rows = opened(one)
        assert one.shown_number in text and one.title in text, kind
        assert "{{" not in text and "{%" not in text, kind
        assert all(cells.count("") < len(cells) for cells in rows), (kind, rows)
    assert MAKERS.keys() == DocumentKind.objects.in_bulk().keys()


def test_a_bulletin_says_what_was_signed_whatever_has_changed_since(duty, made, report):
    change(Api(duty), made, summary="另有五人受伤")
    one = out(duty, "report", report)
    word, text, rows = opened(one)
    assert "雨后山洪" in text and "三人失联" in text and "另有五人受伤" not in text
    assert ["影响范围", "不详", "待续报"] in rows or ["影响范围", "不详", "不详"] in rows
    (people,) = [row for row in rows if "失联 3" in row[1]]
    assert "死亡 不详" in people[1]
    assert f"签发：{factories.organisation().name} 李卫东" in text
    assert one.title == "沣峪口山洪 书面首报" and f"事件编号：{made.number}" in text
    fonts = {run.font.name for line in word.paragraphs for run in line.runs} - {None}
    assert {"宋体"} <= fonts
    normal = word.styles["Normal"].element.rPr.rFonts
    east = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}eastAsia"
    assert normal.get(east) == "仿宋"


def test_a_special_bulletin_has_outlook_and_a_sketch_of_the_place(duty, report):
    one = out(duty, "special", report)
    word, text, _rows = opened(one)
    assert "二、研判" in text and "雨势减弱" in text and "1. 沣峪口" in text
    assert len(word.inline_shapes) == 1


def test_a_handover_and_a_days_log_say_what_the_desk_wrote(duty, leader, made, report):
    of = everything(duty, leader, made, report)
    _word, text, rows = opened(out(duty, "handover", of["handover"]))
    assert "暴雨橙色预警" in text and any(made.number in row for row in rows)
    _word, text, rows = opened(out(duty, "dutylog", of["dutylog"]))
    (row,) = [row for row in rows if "草滩八路积水约半米，两车被困" in row]
    assert made.number in row and "未央区应急局 王值班员 029-86241234" in row


def test_the_table_of_directives_names_each_unit_and_what_is_late(duty, made):
    now = datetime.now(UTC)
    directive(duty, made, due_at=now + timedelta(seconds=1), received_at=now - HOUR)
    one = out(duty, "directives", "directives/open")
    _word, text, rows = opened(one)
    assert one.title in text
    (row,) = [row for row in rows if row[0] == "1"]
    assert "全力救治伤员，查明原因，举一反三。" in row and "（主办）：已下达" in row[-1]


def test_numbers_run_by_kind_year_and_organisation_without_a_gap(duty, report):
    first, second = out(duty, "report", report), out(duty, "report", report)
    other = out(duty, "special", report)
    assert [one.number for one in (first, second, other)] == [1, 2, 1]
    year = timezone.localtime().year
    assert second.shown_number == f"值班信息〔{year}〕第2期"
    NumberSeries.objects.update(last=8)
    assert out(duty, "report", report).number == 9


def test_a_number_is_given_with_the_document_or_not_at_all(duty, report, monkeypatch):
    def full(*_args, **_named):
        raise OSError("the disk is full")

    monkeypatch.setattr(documents.log, "append", full)
    with pytest.raises(OSError):
        out(duty, "report", report)
    monkeypatch.undo()
    assert not Document.objects.exists()
    assert out(duty, "report", report).number == 1


def test_who_is_faster_takes_the_number_and_the_other_the_next(duty, report, monkeypatch):
    slow, busy = documents._made, []

    def meanwhile(*args):
        content = slow(*args)
        if not busy:
            busy.append(1)
            out(duty, "report", report)
        return content

    monkeypatch.setattr(documents, "_made", meanwhile)
    monkeypatch.setattr(documents, "_turn", contextlib.nullcontext())  # as in another process
    late = out(duty, "report", report)
    assert sorted(one.number for one in Document.objects.all()) == [1, 2]
    assert late.number == 2 and "第2期" in opened(late)[1]


def test_whoever_never_gets_a_number_is_told_so(duty, report, monkeypatch):
    monkeypatch.setattr(documents, "_keep", lambda *_args: False)
    with pytest.raises(Conflict):
        out(duty, "report", report)


def test_of_twenty_issued_at_once_each_has_a_number_of_its_own(live_node):
    officer = factories.officer("emergency_office")
    at_once(lambda _number: out(officer, "dutylog", today()))
    found = {one.number: one for one in Document.objects.all()}
    assert sorted(found) == list(range(1, PARALLEL + 1)) and verify_log().bad is None
    assert all(f"第{number}号" in opened(one)[1] for number, one in found.items())


def test_the_same_id_twice_is_one_document(duty, report):
    same = uuid.uuid4()
    assert out(duty, "report", report, id=same) == out(duty, "report", report, id=same)
    with pytest.raises(SameIdOtherContent):
        out(duty, "report", report, id=same, recipients="别处")
    assert Document.objects.count() == 1


def test_its_hash_stands_in_the_log_and_tells_a_file_that_was_changed(duty, report):
    one = out(duty, "report", report)
    (row,) = told("document.issued")
    assert one.sha256 in bytes(row.public).decode()
    assert "雨后山洪" not in bytes(row.public).decode()
    assert (row.audience.split(), row.relay) == (["xian"], "none")
    assert selectors.faults(one) == [] and verify_log().bad is None
    assert hashlib.sha256(selectors.content_of(one.sha256)).hexdigest() == one.sha256
    path = blobs.path_of(one.sha256)
    path.write_bytes(path.read_bytes() + b" ")
    assert selectors.faults(one) == ["file"]
    path.unlink()
    assert selectors.faults(one) == ["gone"]


def test_a_row_that_was_changed_by_hand_differs_from_the_log(duty, report):
    one = out(duty, "report", report)
    one.sha256 = "0" * 64
    assert selectors.faults(one) == ["gone", "row"]
    for said in (
        {"number": 7, "shown_number": "值班信息〔2026〕第7期"},
        {"said": one.said | {"text": ["改过的"]}},
        {"recipients": "别处"},
    ):
        Document.objects.filter(pk=one.pk).update(**said)
        assert selectors.faults(Document.objects.get()) == ["row"], said
        same = {name: getattr(one, name) for name in ("number", "shown_number", "said")}
        Document.objects.filter(pk=one.pk).update(**same, recipients=one.recipients)
        assert selectors.faults(Document.objects.get()) == []


def test_a_report_of_others_and_one_that_was_only_made_by_phone_are_no_document(duty, made):
    said = {"kind": "phone", "recipient": "市总值班室", "text": "电话报告"}
    answer = Api(duty).post(f"/incidents/{made.pk}/reports", **said)
    assert answer.status_code == 201, answer.content
    one = made.reports.get()
    with pytest.raises(NotFound):
        out(duty, "report", f"report/{one.pk}")
    with pytest.raises(NotFound):
        out(duty, "report", "report/nothing")


def test_what_a_colleague_of_another_organisation_signed_is_not_issued_as_ones_own(report, made):
    weiyang = of_weiyang()
    made.reaches.create(organisation="610112", ground="shared")
    with pytest.raises(NotFound):
        out(weiyang, "report", report)


def test_who_has_no_right_issues_and_reads_nothing(duty, report):
    one = out(duty, "report", report)
    observer = factories.officer("observer")
    with pytest.raises(NotAllowed):
        out(observer, "report", report)
    with pytest.raises(NotAllowed):
        selectors.document(observer, one.pk)


def test_it_is_read_by_its_own_organisation_while_its_incident_may_be_seen(duty, report, made):
    one, weiyang = out(duty, "report", report), of_weiyang()
    made.reaches.create(organisation="610112", ground="shared")
    with pytest.raises(NotFound):
        selectors.document(weiyang, one.pk)  # of another organisation
    assert selectors.documents(weiyang) == ([], 0)
    assert selectors.documents(duty)[0] == [one]
    Document.objects.update(organisation="610112")
    assert selectors.document(weiyang, one.pk) == one
    made.reaches.filter(organisation="610112").update(ended_at=datetime.now(UTC))
    with pytest.raises(NotFound):
        selectors.document(weiyang, one.pk)


def test_a_kind_out_of_use_is_not_issued(duty, report):
    DocumentKind.objects.filter(pk="report").update(in_use=False)
    with pytest.raises(Invalid):
        out(duty, "report", report)
    assert not Document.objects.exists()
