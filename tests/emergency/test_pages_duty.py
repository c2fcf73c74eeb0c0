"""The page of the duty log and its channels, as an officer fills them in."""

import json
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from emergency.duty.services import log_duty
from emergency.models import DutyChannel, DutyEntry
from tests import factories
from tests.emergency.pages import HOSTILE, text, told
from tests.emergency.test_duty_log import PARTY, PHONE, said

PAGE, CHANNELS = "/duty", "/tables/channels"


def filled(**fields):
    at = timezone.localtime() - timedelta(minutes=2)
    words = {name: said()[name] for name in "channel direction party phone summary".split()}
    return words | {"at": f"{at:%Y-%m-%dT%H:%M}", "id": str(uuid.uuid4())} | fields


@pytest.fixture
def desk(duty):
    return factories.client(duty)


def test_a_call_is_written_down_and_stands_in_the_log(desk, duty):
    about = factories.incident(duty)
    answer = desk.post(PAGE, filled(number=about.number))
    assert (answer.status_code, answer["Location"]) == (302, "/duty?done=kept")
    page = desk.get(PAGE)
    assert PARTY in text(page) and PHONE in text(page) and "电话 · 来" in text(page)
    assert f'href="/?incident={about.pk}"' in page.content.decode()


def test_sent_twice_it_is_written_once(desk):
    form = filled()
    assert [desk.post(PAGE, form).status_code for _time in range(2)] == [302, 302]
    assert DutyEntry.objects.count() == 1


def test_from_an_incident_the_form_has_its_number_and_the_log_what_was_said_of_it(desk, duty):
    about = factories.incident(duty)
    log_duty(actor=duty, **said(summary="别的事"))
    log_duty(actor=duty, number=about.number, **said(summary="这件事"))
    page = desk.get(PAGE, {"number": about.number})
    assert f'name="number" value="{about.number}"' in page.content.decode()
    assert "这件事" in text(page) and "别的事" not in text(page)


def test_what_was_wrong_is_corrected_on_its_own_page(desk, duty):
    old = log_duty(actor=duty, **said())
    page = desk.get(f"{PAGE}/{old.pk}").content.decode()
    assert old.summary in page and PHONE in page
    at = f"{timezone.localtime(old.at):%Y-%m-%dT%H:%M}"
    form = filled(at=at, summary="积水约一米", of=str(old.pk))
    assert desk.post(f"{PAGE}/{old.pk}", form).status_code == 302
    shown = desk.get(PAGE)
    assert "已更正" in text(shown) and "积水约一米" in text(shown) and old.summary in text(shown)
    assert "更正" in text(desk.get(f"{PAGE}/{old.pk}"))


def test_a_correction_sent_from_an_old_page_is_shown_what_corrected_it_first(desk, duty):
    old = log_duty(actor=duty, **said())
    first = filled(summary="二", of=str(old.pk))
    assert desk.post(f"{PAGE}/{old.pk}", first).status_code == 302
    assert desk.post(f"{PAGE}/{old.pk}", first).status_code == 302  # sent twice
    answer = desk.post(f"{PAGE}/{old.pk}", filled(summary="三", of=str(old.pk)))
    newer = DutyEntry.objects.get(corrects=old)
    assert answer.status_code == 422 and "已被更正" in text(answer)
    assert f'name="of" value="{newer.pk}"' in answer.content.decode()
    assert desk.post(f"{PAGE}/{old.pk}", filled(summary="三", of=str(newer.pk))).status_code == 302
    assert [one.summary for one in DutyEntry.objects.order_by("recorded_at")][1:] == ["二", "三"]


@pytest.mark.parametrize(
    "fields",
    [{"at": ""}, {"at": "2300-01-01T00:00"}, {"at": "1969-01-01T00:00"}, {"at": "x"},
     {"channel": "pigeon"}, {"direction": "up"}, {"party": " "}, {"summary": "\u200b"},
     {"summary": "字" * 4001}, {"party": "字" * 121}, {"number": "xian-1"}, {"id": "x"},
     {"at": f"{timezone.localtime() + timedelta(hours=2):%Y-%m-%dT%H:%M}"}],
    ids=range(13),
)  # fmt: skip
def test_what_is_no_entry_comes_back_with_what_is_wrong_and_nothing_is_written(desk, fields):
    answer = desk.post(PAGE, filled(phone="13900000000") | fields)
    assert answer.status_code == 422 and "13900000000" in answer.content.decode()
    assert not DutyEntry.objects.exists() and not told("duty.logged")


def test_hostile_words_are_words(desk):
    for words in HOSTILE:
        assert desk.post(PAGE, filled(party=words, summary=words)).status_code == 302
    body = desk.get(PAGE).content.decode()
    assert "<svg onload" not in body and "<script>alert" not in body and "<img src=x" not in body
    assert "{{7*7}}" in text(desk.get(PAGE))


@pytest.mark.parametrize(
    "query",
    [
        "day=2026-13-40",
        "day=9999-12-31",
        "day=0001-01-01",
        "before=x",
        "channel=pigeon",
        "q=" + "字" * 61,
    ],
)
def test_a_filter_that_cannot_be_read_says_so(desk, query):
    answer = desk.get(f"{PAGE}?{query}")
    assert answer.status_code == 422 and "筛选" in text(answer)


def test_an_empty_log_says_what_to_do_and_an_empty_filter_that_nothing_fits(desk):
    assert "还没有记录" in text(desk.get(PAGE))
    assert "没有符合" in text(desk.get(f"{PAGE}?q=a"))


def test_the_audit_says_that_something_was_logged_and_nothing_of_it(desk, duty):
    log_duty(actor=duty, **said())
    auditor = factories.client(factories.officer("audit_admin"))
    page = text(auditor.get("/audit?topic=duty"))
    assert "值班记录" in page and PARTY not in page and said()["summary"] not in page


@pytest.fixture
def office(node):
    return factories.client(factories.officer("emergency_office"))


def channel(**fields):
    base = {"code": "pigeon", "name": "信鸽", "name_en": "Pigeon", "order": 5, "in_use": "on"}
    return base | {"source": "市府办〔2026〕1号"} | fields


def test_a_channel_is_added_and_taken_out_of_use_and_the_log_says_what_was(office, desk):
    assert office.post(CHANNELS, channel()).status_code == 302
    assert "信鸽" in text(desk.get(PAGE))
    assert desk.post(PAGE, filled(channel="pigeon")).status_code == 302
    assert office.post(CHANNELS, channel(in_use="")).status_code == 302
    row = json.loads(bytes(told("table.changed")[-1].public))
    assert (row["before"]["in_use"], row["after"]["in_use"]) == (True, False)
    assert desk.post(PAGE, filled(channel="pigeon")).status_code == 422
    assert "信鸽 · 来" in text(desk.get(PAGE))


def test_one_channel_stays_in_use(office):
    DutyChannel.objects.exclude(pk="phone").update(in_use=False)
    answer = office.post(CHANNELS, channel(code="phone", name="电话", in_use=""))
    assert answer.status_code == 422 and DutyChannel.objects.get(pk="phone").in_use


@pytest.mark.parametrize(
    "fields", [{"code": "a b"}, {"name": ""}, {"order": -1}, {"source": ""}, {"name": "字" * 21}]
)
def test_a_channel_that_is_none_is_refused(office, fields):
    count = len(told("table.changed"))
    assert office.post(CHANNELS, channel(**fields)).status_code == 422
    assert len(told("table.changed")) == count
