"""Roll calls at the node that calls: who may, whom, and what the pages and the API say of it."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emergency.errors import SameIdOtherContent
from emergency.models import RollAnswer, RollCall
from emergency.rollcall import selectors, services
from realtime import log
from realtime.problems import Invalid, NotAllowed
from tests import factories
from tests.emergency.desk import Api
from tests.emergency.pages import text, told

PAGE = "/roll-calls"
SECOND = timedelta(seconds=1)


@pytest.fixture
def below(node):
    return factories.peer("xian-yanta")


def call(officer, *nodes, **fields):
    said = {"nodes": nodes or ["xian-yanta"], "minutes": 5} | fields
    return services.call_roll(actor=officer, **said)


def came(made, node="xian-yanta", after=7):
    """An answer as it came over the link."""
    return RollAnswer.objects.create(
        call=made, home=node, seconds=3, author="a",
        author_name="刘洋",
        recorded_at=datetime.now(UTC), here_since=made.here_since + after * SECOND,
    )  # fmt: skip


def test_nodes_below_that_are_linked_are_called_and_no_others(duty, below):
    factories.peer("shaanxi", upper=True)
    factories.peer("xian-changan", confirmed=False)
    for nodes in ([], ["shaanxi"], ["xian-changan"], ["nowhere"], ["xian-yanta", "nowhere"]):
        with pytest.raises(Invalid) as refused:
            services.call_roll(actor=duty, nodes=nodes, minutes=5)
        assert list(refused.value.fields) == ["nodes"]
    for minutes in (0, -1, 61):
        with pytest.raises(Invalid):
            call(duty, minutes=minutes)
    made = call(duty)
    (row,) = told("rollcall.called")
    assert sorted(row.audience.split()) == ["xian", "xian-yanta"]
    assert made.nodes == [{"node": "xian-yanta", "name": "雁塔区"}]


def test_the_same_id_twice_is_one_call(duty, below):
    pk = uuid.uuid4()
    assert call(duty, id=pk) == call(duty, id=pk)
    assert len(told("rollcall.called")) == 1
    with pytest.raises(SameIdOtherContent):
        call(duty, id=pk, minutes=9)


def test_what_was_called_before_a_loss_is_not_measured_anew(duty, below):
    made = call(duty)
    RollCall.objects.update(epoch="before")
    assert services.close_due(now=datetime.now(UTC) + timedelta(hours=1)) == 0
    assert selectors.shown(RollCall.objects.get())["lost"] is True
    assert "没有测得" in text(factories.client(duty).get(PAGE))
    assert not told("rollcall.closed") and made.closed_at is None


def test_it_is_closed_as_soon_as_all_have_answered(duty, below):
    made = call(duty)
    assert services.close_due() == 0
    came(made)
    assert services.close_due() == 1
    assert RollCall.objects.get().results == [{"node": "xian-yanta", "seconds": 7}]
    assert len(told("rollcall.closed")) == 1


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(answers=st.dictionaries(st.sampled_from(["n1", "n2", "n3"]), st.integers(0, 400)))
def test_whoever_answers_when_each_node_is_answered_late_or_missing(duty, node, answers):
    RollCall.objects.all().delete()
    now = datetime.now(UTC)
    made = RollCall.objects.create(
        home="xian", home_name="西安市", at=now, here_since=now, minutes=5, author="a",
        author_name="a", epoch=log.head().epoch,
        nodes=[{"node": name, "name": name} for name in ("n1", "n2", "n3")],
    )  # fmt: skip
    for name, after in answers.items():
        came(made, name, after)
    services.close_due(now=now + timedelta(minutes=6))
    rows = {row["node"]: row for row in selectors.shown(RollCall.objects.get())["rows"]}
    for name in ("n1", "n2", "n3"):
        after = answers.get(name)
        state = "none" if after is None else "answered" if after <= 300 else "late"
        assert (rows[name]["state"], rows[name]["seconds"]) == (
            state,
            after if state == "answered" else None,
        )


@pytest.mark.parametrize(
    ("role", "code"),
    [("observer", "610100"), ("liaison", "dept-fire"), ("duty_officer", "s4"),
     ("audit_admin", "610100")],
)  # fmt: skip
def test_nobody_but_the_desk_of_the_node_calls_answers_or_reads(duty, below, role, code):
    made, other = call(duty), factories.officer(role, code)
    for act in (
        lambda: call(other),
        lambda: services.answer_roll(actor=other, call=made),
        lambda: selectors.calls(other),
        lambda: selectors.waiting(other),
        lambda: selectors.answered(other),
        lambda: selectors.call(other, made.pk),
    ):
        with pytest.raises(NotAllowed):
            act()
    api = Api(other)
    assert api.get("/roll-calls/waiting").status_code == 403
    assert api.get(f"/roll-calls/{made.pk}").status_code == 403
    assert api.post(f"/roll-calls/{made.pk}/answer").status_code == 403


def test_the_api_says_who_has_answered_and_of_no_call_nothing(duty, below):
    api, made = Api(duty), call(duty)
    came(made)
    (row,) = api.get(f"/roll-calls/{made.pk}").json()["rows"]
    assert (row["state"], row["seconds"], row["desk"], row["who"]) == ("answered", 7, 3, "刘洋")
    assert api.get(f"/roll-calls/{uuid.uuid4()}").status_code == 404
    assert api.post(f"/roll-calls/{uuid.uuid4()}/answer").status_code == 404
    assert api.post(f"/roll-calls/{made.pk}/answer").status_code == 404  # it was not called itself


def test_a_call_of_another_node_is_answered_once_at_the_api(duty, below):
    now = datetime.now(UTC)
    made = RollCall.objects.create(
        home="shaanxi", home_name="陕西省", at=now, here_since=now - 9 * SECOND, minutes=5,
        author="a", author_name="a", nodes=[{"node": "xian", "name": "西安市"}],
    )  # fmt: skip
    api = Api(duty)
    assert [one["id"] for one in api.get("/roll-calls/waiting").json()] == [str(made.pk)]
    first = api.post(f"/roll-calls/{made.pk}/answer")
    assert (first.status_code, first.json()["seconds"]) == (200, 9)
    assert api.post(f"/roll-calls/{made.pk}/answer").json() == first.json()
    assert api.get("/roll-calls/waiting").json() == []


def test_the_page_calls_shows_who_lacks_and_answers(duty, below):
    desk = factories.client(duty)
    assert "还没有点过名" in text(desk.get(PAGE))
    said = {"nodes": ["xian-yanta"], "minutes": 5, "text": "汛期抽查"}
    assert desk.post(PAGE, said).status_code == 302
    assert "进行中" in text(desk.get(PAGE)) and "汛期抽查" in text(desk.get(PAGE))
    services.close_due(now=datetime.now(UTC) + timedelta(minutes=6))
    page = text(desk.get(PAGE))
    assert "1 个中 0 个应答" in page and "未应答" in page
    now = datetime.now(UTC)
    made = RollCall.objects.create(
        home="shaanxi", home_name="陕西省", at=now, here_since=now, minutes=5, author="a",
        author_name="a", nodes=[{"node": "xian", "name": "西安市"}],
    )  # fmt: skip
    assert "陕西省 点名" in text(desk.get(PAGE))
    assert desk.post(f"{PAGE}/answer", {"call": made.pk}).status_code == 302
    assert "陕西省 点名" not in text(desk.get(PAGE)) and "陕西省 已应答" in text(desk.get(PAGE))


@pytest.mark.parametrize(
    "said",
    [{}, {"nodes": ["x"]}, {"minutes": "x"}, {"minutes": 0}, {"minutes": 61}, {"text": "字" * 301}],
    ids=range(6),
)
def test_what_is_no_call_comes_back_and_nobody_is_called(duty, below, said):
    desk = factories.client(duty)
    whole = {"nodes": ["xian-yanta"], "minutes": 5} if said else {}
    assert desk.post(PAGE, whole | said | {"q": "1"}).status_code == 422
    assert not RollCall.objects.exists()
    for bad in ({}, {"call": "x"}):
        assert desk.post(f"{PAGE}/answer", bad).status_code == 422
    assert desk.post(f"{PAGE}/answer", {"call": uuid.uuid4()}).status_code == 404


def test_a_node_with_none_below_says_so(duty):
    assert "没有可点名的下级节点" in text(factories.client(duty).get(PAGE))
