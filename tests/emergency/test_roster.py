"""The roster: who is on duty when; nothing overlaps, nothing over changes, swaps take three."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emergency.errors import SameIdOtherContent, StaleRevision, WrongState
from emergency.models import DutyPost, Shift
from emergency.roster import selectors, services
from realtime.problems import Conflict, Invalid, NotAllowed, NotFound
from realtime.verify import verify_log
from tests import factories
from tests.emergency.pages import told
from tests.emergency.test_parallel import PARALLEL, at_once

HOUR = timedelta(hours=1)


def on(post="main", who=None, name="", phone=""):
    return {"post": post, "username": who.username if who else "", "name": name, "phone": phone}


@pytest.fixture
def leader(node):
    return factories.officer("shift_leader")


def shift(leader, people=None, *, begins=1, hours=12, **fields):
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + begins * HOUR
    return services.keep_shift(
        actor=leader,
        starts_at=start,
        ends_at=start + hours * HOUR,
        people=people or [on("main", factories.officer())],
        **fields,
    )


def fields_of(refused):
    return list(refused.value.fields)


def test_who_is_on_duty_is_kept_in_the_order_of_posts_with_names_and_phones_apart(leader):
    duty = factories.officer(name="李晨")
    made = shift(
        leader, [on("main", duty), on("lead", leader), on("reserve", None, "王局长", "139")]
    )
    assert [one["post"] for one in made.people] == ["lead", "main", "reserve"]
    assert [one["name"] for one in made.people] == [leader.name, "李晨", "王局长"]
    (row,) = told("shift.kept")
    assert "李晨" not in bytes(row.public).decode()
    assert json.loads(bytes(row.personal))["people"] == made.people
    assert (row.audience.split(), row.about, row.relay) == (["xian"], "roster/xian", "about")
    assert len(told("roster.opened")) == 1


def test_the_shift_that_runs_is_the_one_on_duty_and_what_lacks_is_said(leader):
    now = shift(leader, [on("main", leader)], begins=-1)
    shift(leader, [on("main", leader)], begins=20)
    assert selectors.on_duty("xian") == now
    (first, second), more = selectors.shifts(leader, since=datetime.now(UTC))
    assert (first.now, second.now, more) == (True, False, 0)
    assert first.lacks == ["带班领导"] or first.lacks == ["Shift leader"]


def test_shifts_do_not_overlap_and_may_touch(leader):
    first = shift(leader, begins=1, hours=12)
    for begins, hours in ((1, 1), (0, 2), (12, 4), (0, 20)):
        with pytest.raises(Conflict):
            shift(leader, begins=begins, hours=hours)
    after = services.keep_shift(
        actor=leader, starts_at=first.ends_at, ends_at=first.ends_at + HOUR, people=first.people
    )
    assert list(selectors.own()) == [first, after]


@pytest.mark.parametrize(("begins", "hours"), [(1, 0), (1, -3), (1, 24 * 7 + 1), (-30, 24)])
def test_a_shift_of_no_length_too_long_or_over_is_refused(leader, begins, hours):
    with pytest.raises(Invalid) as refused:
        shift(leader, begins=begins, hours=hours)
    assert fields_of(refused) == ["ends_at"]
    assert not Shift.objects.exists()


def test_people_are_named_once_on_posts_that_there_are_and_have_a_desk_here(leader):
    other = factories.officer("duty_officer", "s4")
    gone = factories.officer()
    gone.is_active = False
    gone.save()
    for people, field in (
        ([on("main", leader), on("second", leader)], "people"),
        ([on("main", None, "张三"), on("second", None, "张三")], "people"),
        ([on("cook", leader)], "people"),
        ([on("main", other, "张三")], "post_main"),
        ([on("main", gone, "张三")], "post_main"),
        ([on("main", factories.officer("observer"))], "post_main"),
        ([on("main", None, " ")], "post_main"),
    ):
        with pytest.raises(Invalid) as refused:
            shift(leader, people)
        assert fields_of(refused) == [field]
    with pytest.raises(Invalid) as refused:
        services.keep_shift(
            actor=leader,
            starts_at=datetime.now(UTC),
            ends_at=datetime.now(UTC) + HOUR,
            people=[],
        )
    assert fields_of(refused) == ["people"] and not Shift.objects.exists()


def test_a_post_out_of_use_stays_in_shifts_that_have_it(leader):
    made = shift(leader, [on("reserve", leader)])
    DutyPost.objects.filter(pk="reserve").update(in_use=False)
    again = {"starts_at": made.starts_at, "ends_at": made.ends_at + HOUR, "people": made.people}
    assert services.keep_shift(actor=leader, shift=made, rev=1, **again).rev == 2
    with pytest.raises(Invalid):
        shift(leader, [on("reserve", leader)], begins=30)


def test_who_did_not_see_the_newest_state_is_told(leader):
    made = shift(leader)
    said = {"starts_at": made.starts_at, "ends_at": made.ends_at}
    services.keep_shift(actor=leader, shift=made, rev=1, people=[on("main", leader)], **said)
    with pytest.raises(StaleRevision):
        services.keep_shift(actor=leader, shift=made, rev=1, people=made.people, **said)
    with pytest.raises(StaleRevision):
        services.cancel_shift(actor=leader, shift=made, rev=1)


def test_what_is_over_or_cancelled_stays_as_it_was(leader):
    over, later = shift(leader, begins=-1, hours=2), shift(leader, begins=5)
    services.cancel_shift(actor=leader, shift=later, rev=1)
    now = datetime.now(UTC)
    Shift.objects.filter(pk=over.pk).update(starts_at=now - 9 * HOUR, ends_at=now - 8 * HOUR)
    for made in (over, later):
        with pytest.raises(WrongState):
            services.keep_shift(
                actor=leader,
                shift=made,
                rev=Shift.objects.get(pk=made.pk).rev,
                starts_at=made.starts_at,
                ends_at=made.ends_at + 30 * HOUR,
                people=made.people,
            )
    with pytest.raises(WrongState):
        services.cancel_shift(actor=leader, shift=shift(leader, begins=0, hours=2), rev=1)


def test_a_cancelled_shift_makes_room(leader):
    services.cancel_shift(actor=leader, shift=shift(leader), rev=1)
    assert shift(leader) in selectors.own()


def test_the_same_id_twice_is_one_shift(leader):
    same = {"id": uuid.uuid4(), "people": [on("main", leader)]}
    assert shift(leader, **same) == shift(leader, **same)
    assert Shift.objects.count() == len(told("shift.kept")) == 1
    with pytest.raises(SameIdOtherContent):
        shift(leader, **same, hours=3)


def test_of_twenty_shifts_at_one_time_one_is_kept(live_node):
    leader = factories.officer("shift_leader")
    answers = at_once(lambda _number: shift(leader, [on("main", leader)]))
    assert sum(isinstance(one, Shift) for one in answers) == 1
    assert sum(isinstance(one, Conflict) for one in answers) == PARALLEL - 1
    assert verify_log().bad is None


def test_shifts_are_repeated_after_their_days_and_what_is_taken_is_left_out(leader):
    for day in range(2):
        shift(leader, [on("main", leader)], begins=1 + 24 * day, hours=24)
    taken = shift(leader, [on("main", None, "他人")], begins=1 + 24 * 3, hours=24)
    first = datetime.now(UTC)
    made, left = services.repeat_shifts(actor=leader, first=first, days=2, times=2)
    assert (len(made), left) == (3, 1)
    starts = [one.starts_at for one in selectors.own()]
    assert len(starts) == 6 and taken in selectors.own()
    gaps = {later - earlier for earlier, later in zip(starts, starts[1:], strict=False)}
    assert gaps == {24 * HOUR}


def test_a_repetition_of_nothing_or_of_who_has_gone_is_refused_as_a_whole(leader):
    first = datetime.now(UTC)
    with pytest.raises(Invalid) as refused:
        services.repeat_shifts(actor=leader, first=first, days=7, times=1)
    assert fields_of(refused) == ["first"]
    gone = factories.officer()
    shift(leader, [on("main", leader)], begins=1)
    shift(leader, [on("main", gone)], begins=30)
    gone.is_active = False
    gone.save()
    with pytest.raises(Invalid):
        services.repeat_shifts(actor=leader, first=first, days=2, times=1)
    assert Shift.objects.count() == 2
    for days, times in ((0, 1), (32, 1), (1, 0), (1, 32), (31, 3)):
        with pytest.raises(Invalid):
            services.repeat_shifts(actor=leader, first=first, days=days, times=times)


@pytest.mark.parametrize(
    ("role", "code"),
    [("duty_officer", "610100"), ("observer", "610100"), ("shift_leader", "s4"),
     ("system_admin", "610100")],
)  # fmt: skip
def test_who_does_not_plan_the_roster_of_this_node_changes_nothing_of_it(leader, role, code):
    made, other = shift(leader), factories.officer(role, code)
    factories.peer("xian-yanta")
    said = {"starts_at": made.starts_at, "ends_at": made.ends_at, "people": made.people}
    for act in (
        lambda: services.keep_shift(actor=other, shift=made, rev=1, **said),
        lambda: services.cancel_shift(actor=other, shift=made, rev=1),
        lambda: services.repeat_shifts(actor=other, first=made.starts_at, days=1, times=1),
        lambda: services.publish(actor=other, node="xian-yanta"),
        lambda: services.withdraw(actor=other, node="xian-yanta"),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert Shift.objects.get().rev == 1


def test_a_node_that_is_not_linked_is_told_nothing(leader):
    factories.peer("xian-yanta", confirmed=False)
    for node in ("xian-yanta", "nowhere"):
        with pytest.raises(NotFound):
            services.publish(actor=leader, node=node)
    with pytest.raises(NotFound):
        services.withdraw(actor=leader, node="xian-yanta")


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    plans=st.lists(
        st.tuples(st.integers(0, 90), st.integers(1, 30), st.booleans()), min_size=1, max_size=8
    )
)
def test_whatever_is_planned_no_two_shifts_run_at_once(leader, plans):
    Shift.objects.all().delete()
    for begins, hours, cancel in plans:
        try:
            made = shift(leader, [on("main", leader)], begins=begins + 1, hours=hours)
        except Conflict:
            continue
        if cancel:
            services.cancel_shift(actor=leader, shift=made, rev=1)
    rows = list(selectors.own())
    assert all(one.ends_at <= two.starts_at for one, two in zip(rows, rows[1:], strict=False))
