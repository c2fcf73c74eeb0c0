"""The pages of the roster, as those who plan it and those who stand in it use them."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from emergency.models import Shift, Swap
from emergency.roster import services
from tests import factories
from tests.emergency.pages import HOSTILE, text
from tests.emergency.test_roster import on, shift

PAGE = "/roster"


@pytest.fixture
def leader(node):
    return factories.officer("shift_leader", name="赵建国")


@pytest.fixture
def desk(leader):
    return factories.client(leader)


def filled(begins=1, hours=12, **fields):
    start = timezone.localtime().replace(minute=0) + timedelta(hours=begins)
    ends = start + timedelta(hours=hours)
    times = {"starts_at": f"{start:%Y-%m-%dT%H:%M}", "ends_at": f"{ends:%Y-%m-%dT%H:%M}"}
    return times | {"id": str(uuid.uuid4()), "name_main": "王局长", "phone_main": "139"} | fields


def test_a_shift_is_planned_changed_and_cancelled(desk, leader):
    assert desk.post(f"{PAGE}/shifts/new", filled(post_lead=leader.username)).status_code == 302
    page = text(desk.get(PAGE))
    assert "带班领导 赵建国" in page and "主班 王局长 139" in page and "缺" not in page
    made = Shift.objects.get()
    form = desk.get(f"{PAGE}/shifts/{made.pk}").content.decode()
    assert 'value="王局长"' in form and 'name="rev" value="1"' in form
    assert desk.post(f"{PAGE}/shifts/{made.pk}", filled(rev=1)).status_code == 302
    assert "缺带班领导" in text(desk.get(PAGE))
    assert desk.post(f"{PAGE}/shifts/{made.pk}/cancel", {"rev": 2}).status_code == 302
    assert "还没有班次" in text(desk.get(PAGE))


def test_what_another_wrote_meanwhile_is_said_and_what_was_typed_stays(desk, leader):
    made = shift(leader, [on("main", leader)])
    assert desk.post(f"{PAGE}/shifts/{made.pk}", filled(rev=1)).status_code == 302
    answer = desk.post(f"{PAGE}/shifts/{made.pk}", filled(rev=1, name_main="李局长"))
    assert answer.status_code == 422 and "已被他人修改" in text(answer)
    assert 'value="李局长"' in answer.content.decode()
    for rev in ("x", "", "1"):
        answer = desk.post(f"{PAGE}/shifts/{made.pk}/cancel", {"rev": rev})
        assert answer.status_code == 422
    assert not Shift.objects.get().cancelled


@pytest.mark.parametrize(
    "fields",
    [{"starts_at": ""}, {"ends_at": "x"}, {"ends_at": "2199-12-01T00:00"}, {"name_main": ""},
     {"post_main": "nobody"}, {"phone_main": "拨打"}, {"name_main": "字" * 61}, {"rev": "x"},
     {"hours": -1}, {"hours": 0}, {"begins": -30, "hours": 20}],
    ids=range(11),
)  # fmt: skip
def test_what_is_no_shift_comes_back_and_nothing_is_written(desk, fields):
    answer = desk.post(f"{PAGE}/shifts/new", filled(**fields))
    assert answer.status_code == 422 and not Shift.objects.exists()


def test_an_officer_and_another_name_on_one_post_are_asked_about(desk, leader):
    answer = desk.post(f"{PAGE}/shifts/new", filled(post_main=leader.username))
    assert answer.status_code == 422 and "不能同时填写" in text(answer)


def test_overlapping_shifts_are_named(desk, leader):
    desk.post(f"{PAGE}/shifts/new", filled())
    assert "与已有班次重叠" in text(desk.post(f"{PAGE}/shifts/new", filled(begins=3)))


def test_a_week_is_repeated(desk, leader):
    shift(leader, [on("main", leader)])
    day = timezone.localtime(Shift.objects.get().starts_at).date()
    said = {"first": str(day), "days": 7, "times": 4}
    assert desk.post(f"{PAGE}/repeat", said).status_code == 302
    assert Shift.objects.count() == 5
    for bad in ({"days": 0}, {"times": 99}, {"first": "x"}, {"first": "9999-12-31"}):
        assert desk.post(f"{PAGE}/repeat", said | bad).status_code == 422
    assert Shift.objects.count() == 5


def test_a_swap_goes_from_one_officer_by_another_to_who_approves(desk, leader):
    giver, taker = factories.officer(name="李晨"), factories.officer(name="王敏")
    made = shift(leader, [on("main", giver)])
    of_giver, of_taker = factories.client(giver), factories.client(taker)
    assert f"{made.pk}/swap" in of_giver.get(PAGE).content.decode()
    assert f"{made.pk}/swap" not in of_taker.get(PAGE).content.decode()
    said = {"taker": taker.username, "reason": "家中有事"}
    assert of_giver.post(f"{PAGE}/shifts/{made.pk}/swap", said).status_code == 302
    swap = Swap.objects.get()

    def acts(client):
        page = client.get(PAGE).content.decode()
        known = ("take", "decline", "withdraw", "approve", "refuse")
        return {act for act in known if f'value="{act}"' in page}

    assert (acts(of_giver), acts(of_taker)) == ({"withdraw"}, {"take", "decline"})
    assert acts(desk) == set()
    assert of_taker.post(f"{PAGE}/answer", {"swap": swap.pk, "act": "take"}).status_code == 302
    assert acts(desk) == {"approve", "refuse"}
    answer = desk.post(f"{PAGE}/answer", {"swap": swap.pk, "act": "refuse"})
    assert answer.status_code == 422 and "请填写原因" in text(answer)
    assert desk.post(f"{PAGE}/answer", {"swap": swap.pk, "act": "approve"}).status_code == 302
    assert "主班 王敏" in text(desk.get(PAGE)) and acts(of_giver) == acts(of_taker) == set()


@pytest.mark.parametrize(
    ("said", "status"),
    [({}, 422), ({"act": "take"}, 422), ({"swap": "x", "act": "take"}, 422),
     ({"swap": str(uuid.uuid4()), "act": "take"}, 404), ({"swap": None, "act": "burn"}, 422)],
    ids=range(5),
)  # fmt: skip
def test_an_answer_to_no_swap_changes_nothing(desk, said, status):
    said = {name: value or str(uuid.uuid4()) for name, value in said.items()}
    assert desk.post(f"{PAGE}/answer", said).status_code == status


def test_the_roster_is_told_to_a_node_and_told_no_more(desk, leader):
    factories.peer("xian-yanta", cleared=True)
    assert "未公布" in text(desk.get(PAGE))
    assert desk.post(f"{PAGE}/publish", {"node": "xian-yanta", "told": "on"}).status_code == 302
    assert "已公布" in text(desk.get(PAGE)) and "不含姓名" not in text(desk.get(PAGE))
    assert desk.post(f"{PAGE}/publish", {"node": "xian-yanta"}).status_code == 302
    assert "未公布" in text(desk.get(PAGE))
    assert desk.post(f"{PAGE}/publish", {"node": "nowhere", "told": "on"}).status_code == 422


def test_a_shift_of_another_node_is_not_changed_here(desk, leader):
    made = shift(leader, [on("main", leader)])
    Shift.objects.update(home="xian-yanta")
    for address in (f"{PAGE}/shifts/{made.pk}", f"{PAGE}/shifts/{made.pk}/swap"):
        assert desk.get(address).status_code == 404


def test_names_withheld_are_said_to_be_withheld(desk, leader):
    factories.peer("xian-yanta")
    shift(leader, [on("main", leader)], begins=0)
    Shift.objects.update(home="xian-yanta", people=[])
    page = text(desk.get(PAGE))
    assert "雁塔区" in page and "姓名未对本节点开放" in page and "缺" not in page


def test_hostile_names_are_names(desk):
    for begins, words in enumerate(HOSTILE):
        form = filled(begins=1 + 13 * begins, name_main=words)
        assert desk.post(f"{PAGE}/shifts/new", form).status_code == 302
    body = desk.get(PAGE).content.decode()
    assert "<svg onload" not in body and "<script>alert" not in body and "<img src=x" not in body


def test_the_desk_of_today_reads_the_roster_and_does_not_plan_it(leader):
    services.keep_shift(
        actor=leader,
        starts_at=timezone.now(),
        ends_at=timezone.now() + timedelta(hours=8),
        people=[on("main", leader)],
    )
    duty = factories.client(factories.officer())
    page = duty.get(PAGE)
    assert "正在值班" in text(page) and "新班次" not in text(page) and "向谁公布" not in text(page)


def test_the_next_shift_is_proposed_after_the_last_and_as_long(desk, leader):
    made = shift(leader, [on("main", leader)], hours=12)
    page = desk.get(f"{PAGE}/shifts/new").content.decode()
    begins, ends = made.ends_at, made.ends_at + timedelta(hours=12)
    for name, moment in (("starts_at", begins), ("ends_at", ends)):
        assert f'name="{name}" value="{timezone.localtime(moment):%Y-%m-%dT%H:%M}"' in page


def test_posts_have_their_english_names_on_an_english_page(desk, leader):
    shift(leader, [on("main", leader)])
    assert "First officer 赵建国" in text(desk.get(PAGE, headers={"accept-language": "en"}))
