"""The pages of documents and templates, as a desk and an office use them."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document as Word

from emergency.documents import selectors
from emergency.documents.render import TYPE
from emergency.models import Document, DocumentKind, DocumentTemplate
from realtime import blobs
from tests import factories
from tests.emergency.pages import HOSTILE, text
from tests.emergency.test_directives import directive
from tests.emergency.test_document_templates import written
from tests.emergency.test_documents import leader, made, report, today  # noqa: F401
from tests.emergency.test_handover import incident

PAGE = "/documents"


@pytest.fixture
def desk(duty):
    return factories.client(duty)


@pytest.fixture
def office(node):
    return factories.client(factories.officer("emergency_office"))


def issued(desk, kind, of, **fields) -> Document:
    """What the form of a new document made."""
    address = f"{PAGE}/new/{kind}/{of}"
    form = desk.get(address).content.decode()
    said = {"id": re.search(r'name="id" value="([^"]+)"', form)[1], "recipients": "市委、市政府"}
    said |= fields
    answer = desk.post(address, said)
    one = Document.objects.get(pk=said["id"])
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}/{one.pk}?done=kept")
    return one


def test_a_bulletin_is_looked_at_numbered_and_saved(desk, report):  # noqa: F811
    address = f"{PAGE}/new/report/{report}"
    draft = text(desk.get(address))
    assert "尚未印发" in draft and "雨后山洪" in draft and not Document.objects.exists()
    assert 'value="市总值班室"' in desk.get(address).content.decode()  # as the report says
    one = issued(desk, "report", report, copies="市消防救援支队")
    page = text(desk.get(f"{PAGE}/{one.pk}"))
    assert one.shown_number in page and one.sha256 in page and "与印发时一致" in page
    assert "抄送： 市消防救援支队" in page
    answer = desk.get(f"{PAGE}/{one.pk}/file")
    assert answer["Content-Type"] == TYPE and "attachment" in answer["Content-Disposition"]
    word = Word(io.BytesIO(answer.content))
    assert one.shown_number in [line.text for line in word.paragraphs]
    assert one.title in text(desk.get(PAGE))


def test_what_is_sent_twice_is_one_document(desk, report):  # noqa: F811
    one = issued(desk, "report", report)
    said = {"id": one.pk, "recipients": "市委、市政府"}
    assert desk.post(f"{PAGE}/new/report/{report}", said).status_code == 302
    answer = desk.post(f"{PAGE}/new/report/{report}", said | {"recipients": "别处"})
    assert answer.status_code == 422 and Document.objects.count() == 1


def test_a_file_that_was_changed_is_said_to_be_and_not_handed_out(desk, report):  # noqa: F811
    one = issued(desk, "report", report)
    path = blobs.path_of(one.sha256)
    path.write_bytes(b"another")
    assert "文件不是印发时的那一份" in text(desk.get(f"{PAGE}/{one.pk}"))
    assert desk.get(f"{PAGE}/{one.pk}/file").status_code == 404


def test_from_a_day_to_its_log_and_from_a_moment_to_its_report(desk):
    answer = desk.get(f"{PAGE}/of/dutylog", {"day": today()[4:]})
    assert answer["Location"] == f"{PAGE}/new/dutylog/{today()}"
    assert "值班日志" in text(desk.get(answer["Location"]))
    answer = desk.get(f"{PAGE}/of/daily", {"until": "2026-01-02T08:00"})
    assert "2026年01月01日 08:00 至 2026年01月02日 08:00" in text(desk.get(answer["Location"]))
    for bad in ("", "nothing", "2999-01-01T00:00", "9999-12-31T23:59", "0001-01-01T00:00"):
        answer = desk.get(f"{PAGE}/of/daily", {"until": bad}, follow=True)
        assert answer.status_code == 422, bad
    assert desk.get(f"{PAGE}/of/novel").status_code == 404


def test_the_tables_of_directives_lead_to_their_documents(desk, duty):
    row = directive(duty, incident(duty))
    page = desk.get("/directives").content.decode()
    assert f'href="{PAGE}/new/notice/directive/{row.pk}"' in page
    assert f'href="{PAGE}/new/directives/directives/open"' in page
    one = issued(desk, "notice", f"directive/{row.pk}")
    assert "批示原文" in text(desk.get(f"{PAGE}/{one.pk}"))


def test_a_handover_that_was_taken_leads_to_its_record(desk, duty):
    desk.post("/handover", {"remarks": "其余正常"})
    comes = factories.client(factories.officer("shift_leader"))
    record = comes.post("/handover/take", {"rev": 1})["Location"].partition("?")[0]
    way = f"{PAGE}/new/handover{record}"
    assert f'href="{way}"' in desk.get(record).content.decode()
    one = issued(desk, "handover", record[1:])
    assert "其余正常" in text(desk.get(f"{PAGE}/{one.pk}"))


def test_an_office_puts_its_template_in_force_and_takes_it_back(office):
    address = "/tables/kinds/dutylog"
    page = text(office.get(address))
    assert "{{ row.summary }}" in page and "现用：平台自带模板" in page
    assert Word(io.BytesIO(office.get(f"{address}/file").content)).tables
    said = {"file": SimpleUploadedFile("a.docx", written("{{ number }}")), "note": "新抬头"}
    assert office.post(f"{address}/template", said).status_code == 302
    assert "新抬头" in text(office.get(address)) and "第 1 版" in text(office.get("/tables/kinds"))
    assert office.post(f"{address}/reset").status_code == 302
    assert "现用：平台自带模板" in text(office.get(address))


def test_a_broken_template_comes_back_with_the_tag_that_is_wrong(office):
    said = {"file": SimpleUploadedFile("a.docx", written("{{ nomber }}")), "note": "新抬头"}
    answer = office.post("/tables/kinds/dutylog/template", said)
    assert answer.status_code == 422 and "nomber" in text(answer)
    assert "新抬头" in answer.content.decode() and not DocumentTemplate.objects.exists()


def test_how_a_number_is_written_is_the_offices(office, desk):
    address = "/tables/kinds/dutylog"
    said = {"name": "值班日志", "name_en": "Duty log", "order": 70, "source": "本局办公室"}
    for bad in ("日志", "{n}{n}", "{n} {number}", "{n.__class__} {n}", "{0}{n}"):
        answer = office.post(address, said | {"number_form": bad, "in_use": "on"})
        assert answer.status_code == 422, bad
    answer = office.post(address, said | {"number_form": "应值志〔{year}〕{n}号", "in_use": "on"})
    assert answer.status_code == 302
    assert issued(desk, "dutylog", today()).shown_number.startswith("应值志〔")
    assert office.post(address, said | {"number_form": "{n}"}).status_code == 302
    assert not DocumentKind.objects.get(pk="dutylog").in_use
    answer = desk.post(f"{PAGE}/new/dutylog/{today()}", {"id": "0" * 32, "recipients": "存档"})
    assert answer.status_code == 422 and "不使用这种公文" in text(answer)


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_refused_or_stand_as_they_are(desk, words):
    answer = desk.post(f"{PAGE}/new/dutylog/{today()}", {"id": "0" * 32, "recipients": words})
    assert answer.status_code in (302, 422)
    for one in Document.objects.all():
        page = desk.get(f"{PAGE}/{one.pk}")
        assert page.status_code == 200 and "<script>alert" not in page.content.decode()
        assert selectors.faults(one) == []


def test_the_list_is_searched_and_says_when_nothing_fits(desk, report):  # noqa: F811
    assert "还没有印发过公文" in text(desk.get(PAGE))
    one = issued(desk, "report", report)
    assert one.shown_number in text(desk.get(PAGE, {"q": "沣峪口"}))
    assert "没有符合条件的公文" in text(desk.get(PAGE, {"q": "别处"}))
    assert "没有符合条件的公文" in text(desk.get(PAGE, {"kind": "daily"}))
    assert desk.get(PAGE, {"kind": "novel"}).status_code == 422
    assert factories.client(factories.officer("observer")).get(PAGE).status_code == 403
