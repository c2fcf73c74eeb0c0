"""The page of grades: an office changes the bounds, the log says what was."""

import json

import pytest

from emergency.models import GradeRule
from tests import factories
from tests.emergency.pages import text, told

PAGE = "/tables/grades"


@pytest.fixture
def office(node):
    return factories.client(factories.officer("emergency_office"))


def bounds(**fields: object) -> dict[str, object]:
    base = {"type_prefix": "13A", "figure": "affected", "least_1": "", "least_2": 100}
    return base | {"least_3": 10, "least_4": 1, "source": "市府办〔2026〕1号"} | fields


def last() -> dict:
    return json.loads(bytes(told("table.changed")[-1].public))


def test_bounds_are_added_replaced_and_removed_and_the_log_says_what_was(office):
    assert office.post(PAGE, bounds()).status_code == 302
    assert office.post(PAGE, bounds(least_3=20)).status_code == 302
    assert (last()["before"]["least_3"], last()["after"]["least_3"]) == (10, 20)
    count = len(told("table.changed"))
    office.post(PAGE, bounds(least_3=20))
    assert len(told("table.changed")) == count
    assert "传染病" in text(office.get(PAGE))

    row = GradeRule.objects.get(type_prefix="13A")
    assert f'action="{PAGE}/{row.pk}/remove"' in office.get(PAGE).content.decode()
    assert office.post(f"{PAGE}/{row.pk}/remove").status_code == 302
    assert (last()["before"]["least_3"], last()["after"]) == (20, None)
    assert office.post(f"{PAGE}/{row.pk}/remove").status_code == 404


def test_an_english_page_names_classes_in_english(office):
    page = text(office.get(PAGE, headers={"accept-language": "en"}))
    assert "Hazardous chemicals" in page and "危险化学品事故" not in page


def test_the_audit_shows_no_bound_as_nothing(office):
    office.post(PAGE, bounds())
    auditor = factories.client(factories.officer("audit_admin"))
    page = text(auditor.get("/audit?topic=audit&type=table.changed"))
    assert "Ⅲ级自" in page and "None" not in page


def test_classes_that_are_not_graded_have_a_row_without_bounds(office):
    nothing = dict.fromkeys(("figure", "least_1", "least_2", "least_3", "least_4"), "")
    assert office.post(PAGE, bounds(**nothing)).status_code == 302
    assert office.post(PAGE, bounds(**nothing | {"least_1": 3})).status_code == 422
    assert "不分级" in text(office.get(PAGE))


@pytest.mark.parametrize(
    "fields",
    [{"least_2": 10}, {"least_2": 5}, {"least_4": 10}, {"least_2": -1}, {"least_2": 10**14},
     {"least_2": "x"}, {"figure": "cows"}, {"type_prefix": "99"}, {"type_prefix": ""},
     {"source": ""}, {"least_2": "", "least_3": "", "least_4": ""}],
    ids=range(11),
)  # fmt: skip
def test_bounds_that_are_none_are_refused_and_nothing_is_written(office, fields):
    count = len(told("table.changed"))
    assert office.post(PAGE, bounds(**fields)).status_code == 422
    assert len(told("table.changed")) == count
