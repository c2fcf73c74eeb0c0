"""The page of limits and reminders: an office changes them, the log says what was."""

import json

import pytest
from django.db import transaction

from emergency.models import LimitRule, ReminderRule, SupplementRule
from emergency.services.tables import keep_row
from realtime.problems import Conflict
from tests import factories
from tests.emergency.pages import text, told

PAGE = "/tables/limits"


@pytest.fixture
def office(node):
    return factories.client(factories.officer("emergency_office"))


def limit(**fields: object) -> dict[str, object]:
    base = {"kind": "phone", "type_prefix": "12D", "grade": "", "level": "", "minutes": 25}
    return base | {"source": "市府办〔2026〕1号"} | fields


def reminder(**fields: object) -> dict[str, object]:
    base = {"percent": 90, "roles": ["shift_leader"], "source": "市府办〔2026〕1号"}
    return base | fields


def last() -> dict:
    return json.loads(bytes(told("table.changed")[-1].public))


def test_a_limit_is_added_replaced_and_removed_and_the_log_says_what_was(office):
    assert office.post(PAGE, limit()).status_code == 302
    assert office.post(PAGE, limit(minutes=15)).status_code == 302
    assert (last()["before"]["minutes"], last()["after"]["minutes"]) == (25, 15)
    assert "危险化学品" in text(office.get(PAGE))

    row = LimitRule.objects.get(type_prefix="12D")
    assert f'action="{PAGE}/{row.pk}/remove"' in office.get(PAGE).content.decode()
    assert office.post(f"{PAGE}/{row.pk}/remove").status_code == 302
    assert (last()["before"]["minutes"], last()["after"]) == (15, None)
    assert not LimitRule.objects.filter(type_prefix="12D").exists()


def test_without_a_change_nothing_is_written(office):
    office.post(PAGE, limit())
    office.post("/tables/reminders", reminder())
    count = len(told("table.changed"))
    office.post(PAGE, limit())
    office.post("/tables/reminders", reminder())
    assert len(told("table.changed")) == count


def test_the_default_is_named_changed_and_never_removed(office):
    row = LimitRule.objects.get(kind="phone", type_prefix="", grade=0, level="")
    assert "默认" in text(office.get(PAGE))
    assert office.post(PAGE, limit(type_prefix="", minutes=35)).status_code == 302
    assert office.post(f"{PAGE}/{row.pk}/remove").status_code == 404
    assert LimitRule.objects.get(pk=row.pk).minutes == 35


def test_a_reminder_is_added_replaced_and_removed_but_for_the_last(office):
    assert office.post("/tables/reminders", reminder()).status_code == 302
    assert ReminderRule.objects.get(pk=90).roles == ["shift_leader"]
    for percent in (50, 80, 90):
        assert office.post(f"/tables/reminders/{percent}/remove").status_code == 302
    assert office.post("/tables/reminders/100/remove").status_code == 404
    assert list(ReminderRule.objects.values_list("pk", flat=True)) == [100]


@pytest.mark.parametrize(
    "fields",
    [{"minutes": 0}, {"minutes": -5}, {"minutes": "1e3"}, {"minutes": 43_201}, {"minutes": ""},
     {"kind": "fax"}, {"type_prefix": "99"}, {"grade": 5}, {"level": "street"}, {"source": ""}],
)  # fmt: skip
def test_a_limit_that_is_none_is_refused_and_nothing_is_written(office, fields):
    count = LimitRule.objects.count()
    assert office.post(PAGE, limit(**fields)).status_code == 422
    assert (LimitRule.objects.count(), len(told("table.changed"))) == (count, 0)


@pytest.mark.parametrize(
    "fields",
    [{"percent": 0}, {"percent": 1001}, {"percent": "半"}, {"roles": []}, {"roles": ["king"]},
     {"roles": ["system_admin"]}, {"source": ""}],
)  # fmt: skip
def test_a_reminder_that_is_none_is_refused_and_nothing_is_written(office, fields):
    assert office.post("/tables/reminders", reminder(**fields)).status_code == 422
    assert (ReminderRule.objects.count(), len(told("table.changed"))) == (3, 0)


def days(**fields: object) -> dict:
    return {"type_prefix": "12D", "days": 14, "source": "市府办〔2026〕1号"} | fields


def test_days_for_supplements_are_added_replaced_and_removed_and_the_log_says_what_was(office):
    for number in (14, 21):
        assert office.post("/tables/supplements", days(days=number)).status_code == 302
    assert (last()["before"]["days"], last()["after"]["days"]) == (14, 21)
    office.post("/tables/supplements", days(days=21))
    assert last()["before"]["days"] == 14  # without a change nothing is written
    assert "危险化学品" in text(office.get(PAGE))
    row = SupplementRule.objects.get(type_prefix="12D")
    assert office.post(f"/tables/supplements/{row.pk}/remove").status_code == 302
    assert (last()["table"], last()["after"]) == ("supplements", None)
    assert office.post(f"/tables/supplements/{row.pk}/remove").status_code == 404


@pytest.mark.parametrize(
    "fields",
    [{"days": 0}, {"days": 367}, {"days": "1e1"}, {"days": ""}, {"type_prefix": ""},
     {"type_prefix": "99"}, {"source": ""}],
)  # fmt: skip
def test_days_that_are_none_are_refused_with_what_was_typed(office, fields):
    answer = office.post("/tables/supplements", days(**fields))
    assert answer.status_code == 422 and told("table.changed") == []
    assert not SupplementRule.objects.filter(type_prefix="12D").exists()
    assert 'id="supplement_days"' in answer.content.decode()


def test_who_adds_what_somebody_has_just_added_is_told_so(node):
    """Two at once: neither has found the row of the other."""
    row, said = SupplementRule(type_prefix="12"), {"days": 14, "source": "a", "verified": False}
    actor = factories.officer("emergency_office")
    with pytest.raises(Conflict), transaction.atomic():
        keep_row(row, said, table="supplements", key="12", actor=actor)
    assert SupplementRule.objects.get(type_prefix="12").days == 30
    assert told("table.changed") == []
