"""The pages of a handover, as those who go and those who come use them."""

import pytest

from emergency.models import Handover
from tests import factories
from tests.emergency.pages import HOSTILE, text
from tests.emergency.test_handover import incident, items, needs_note

PAGE = "/handover"


@pytest.fixture
def desk(duty):
    return factories.client(duty)


@pytest.fixture
def comes(node):
    return factories.client(factories.officer("shift_leader", name="赵建国"))


def test_a_shift_is_handed_over_and_taken_over_on_the_screen(desk, comes, duty):
    made = incident(duty, grade=3)
    page = text(desk.get(PAGE))
    assert made.number in page and "电话首报" in page and "值班表上现在没有班次" in page
    said = {"warnings": "暴雨橙色预警", "faults": "2号电台无声"}
    assert desk.post(PAGE, said).status_code == 302
    assert "待接班" in text(desk.get(PAGE)) and 'value="' in desk.get(PAGE).content.decode()
    page = comes.get(PAGE)
    assert "暴雨橙色预警" in text(page) and "签字接班" in text(page) and made.number in text(page)
    answer = comes.post(f"{PAGE}/take", {"rev": 1})
    row = Handover.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}/{row.pk}?done=kept")
    record = text(desk.get(f"{PAGE}/{row.pk}"))
    assert "接班人" in record and "赵建国" in record and "2号电台无声" in record
    assert "历次交接班" in text(desk.get(PAGE))


def test_the_overdue_report_asks_for_its_note_where_it_stands(desk, comes, duty):
    incident(duty, ago=90)
    answer = desk.post(PAGE, {"remarks": "其余正常"})
    assert answer.status_code == 422
    assert "请填写逾期说明" in text(answer) and "其余正常" in answer.content.decode()
    keys = [one["key"] for one in items(duty) if needs_note(one)]
    assert all(f'name="{key}"' in answer.content.decode() for key in keys)
    assert desk.post(PAGE, dict.fromkeys(keys, "占线")).status_code == 302
    incident(duty, ago=90)
    page = comes.get(PAGE)
    assert "交班后逾期" in text(page)
    answer = comes.post(f"{PAGE}/take", {"rev": 1})
    assert answer.status_code == 422 and "请填写逾期说明" in text(answer)
    notes = {one["key"]: "刚到" for one in items(duty) if needs_note(one)}
    assert comes.post(f"{PAGE}/take", {"rev": 1} | notes).status_code == 302
    assert "逾期说明: 占线" in text(desk.get(f"{PAGE}/{Handover.objects.get().pk}"))


def test_who_has_handed_over_signs_anew_and_does_not_take_over(desk, comes, duty):
    desk.post(PAGE, {"remarks": "一"})
    assert "一" in desk.get(PAGE).content.decode() and "重新签字" in text(desk.get(PAGE))
    assert desk.post(f"{PAGE}/take", {"rev": 1}).status_code == 422
    assert desk.post(PAGE, {"remarks": "二"}).status_code == 302
    assert comes.post(f"{PAGE}/take", {"rev": 1}).status_code == 422
    assert comes.post(PAGE, {}).status_code == 422
    assert Handover.objects.get().remarks == "二"


@pytest.mark.parametrize("said", [{}, {"rev": "x"}, {"rev": 0}, {"rev": 10**20}], ids=range(4))
def test_a_signature_for_nothing_that_was_read_takes_nothing_over(desk, comes, said):
    desk.post(PAGE, {})
    assert comes.post(f"{PAGE}/take", said).status_code == 422
    assert Handover.objects.get().state == "signed"


def test_where_nothing_waits_there_is_nothing_to_take(comes):
    answer = comes.post(f"{PAGE}/take", {"rev": 1})
    assert (answer.status_code, answer["Location"]) == (302, PAGE)


@pytest.mark.parametrize("name", ["warnings", "faults", "sensitive", "remarks"])
def test_words_too_long_come_back_and_hostile_ones_are_words(desk, comes, name):
    assert desk.post(PAGE, {name: "字" * 2001}).status_code == 422
    assert not Handover.objects.exists()
    for words in HOSTILE:
        assert desk.post(PAGE, {name: words}).status_code == 302
        body = comes.get(PAGE).content.decode()
        assert "<svg onload" not in body and "<script>alert" not in body
