"""The replay of an exercise: what stood when, and who may see it."""

import json

from hypothesis import given
from hypothesis import strategies as st

from drills.scoring.replay import at_moment, moments
from drills.scoring.timeline import Timeline
from drills.services import conduct
from emergency.services import entries, incidents
from tests import factories
from tests.drills.story import Story, whole
from tests.drills.test_evaluation import exercise, running  # noqa: F401

MINUTE = 60_000


def test_an_incident_stands_as_it_was_said_up_to_the_moment():
    told = moments(Timeline.of(whole().events))
    assert at_moment(told, 12 * MINUTE - 1) == {}
    assert at_moment(told, 12 * MINUTE)["n1"]["grade"] is None
    assert at_moment(told, 20 * MINUTE)["n1"]["grade"] == 3
    assert at_moment(told, 25 * MINUTE)["n1"]["state"] == "verified"
    last = at_moment(told, 200 * MINUTE)["n1"]
    assert last["grade"] == 2 and last["lon"] == 108.9
    kinds = [one.type for one in told]
    assert kinds[0] == "inject.delivered" and kinds.count("task.issued") == 3
    assert [one.at for one in told] == sorted(one.at for one in told)


@given(st.lists(st.tuples(st.integers(1, 100), st.sampled_from(["a", "b"])), max_size=12))
def test_at_every_moment_the_newest_version_up_to_it_is_shown(said):
    story = Story()
    said.sort()
    for number, (minute, id) in enumerate(said):
        story.incident(minute, id, title=f"{number}")
    told = moments(Timeline.of(story.events))
    for until in range(0, 101, 20):
        newest = {id: f"{n}" for n, (minute, id) in enumerate(said) if minute <= until}
        shown = at_moment(told, until * MINUTE)
        assert {id: state["title"] for id, state in shown.items()} == newest


def test_a_version_that_came_late_and_says_less_was_never_seen():
    story = Story()
    first = story.incident(10, title="甲")
    newer = story.incident(11, title="乙")
    story.events.append(type(first)(**vars(first) | {"time": newer.time, "id": "z"}))
    assert at_moment(moments(Timeline.of(story.events)), 60 * MINUTE)["n1"]["title"] == "乙"


def test_who_may_read_the_score_may_see_the_replay_and_nobody_else(planner, running):  # noqa: F811
    def status(role: str, code: str) -> list[int]:
        client = factories.client(factories.officer(role, code))
        at = (f"/drills/of/{running.pk}/replay", f"/api/exercises/{running.pk}/replay")
        return [client.get(one).status_code for one in at]

    assert status("observer", "dept-police") == [200, 200]
    assert status("liaison", "dept-fire") == [404, 404]
    assert status("district_officer", "610122") == [404, 404]
    conduct.end_exercise(actor=planner, exercise=running)
    assert status("liaison", "dept-fire") == [200, 200]


def test_the_api_tells_what_was_done_with_its_words_and_no_script(running):  # noqa: F811
    player = factories.officer("duty_officer", "dept-fire")
    made, _new = incidents.report_incident(
        actor=player, title="房屋被冲毁", type_code="11D02", realm=running.realm,
        reporter={"name": "canary-person", "phone": "13900001111"},
    )  # fmt: skip
    entries.write_entry(actor=player, incident=made, text="已派两车")
    client = factories.client(factories.officer("observer", "dept-police"))
    answer = client.get(f"/api/exercises/{running.pk}/replay")
    told = json.loads(answer.content)["moments"]
    assert {"房屋被冲毁", "已派两车"} <= {one["words"] for one in told}
    assert "canary-person" not in answer.content.decode(), "persons are not part of it"
    assert not any(one["type"].startswith(("criteria", "mark", "script")) for one in told)
