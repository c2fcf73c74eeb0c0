"""A swap takes three: who asks, who takes it on, who approves."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from emergency.errors import SameIdOtherContent, WrongState
from emergency.models import Shift, Swap
from emergency.roster import selectors, services, swaps
from realtime.problems import Conflict, Invalid, NotAllowed
from tests import factories
from tests.emergency.pages import told
from tests.emergency.test_roster import fields_of, on, shift


@pytest.fixture
def leader(node):
    return factories.officer("shift_leader")


@pytest.fixture
def asked(leader):
    """A swap that somebody on duty asks another for."""
    giver, taker = factories.officer(name="李晨"), factories.officer(name="王敏")
    taker.phone = "135"
    taker.save()
    made = shift(leader, [on("lead", leader), on("main", giver)])
    return swaps.ask_swap(actor=giver, shift=made, taker=taker.username, reason="家中有事")


def officer_of(username):
    return next(one for one in selectors.officers() if one.username == username)


def test_a_swap_holds_when_it_is_taken_on_and_approved_and_not_before(leader, asked):
    before = Shift.objects.get().people
    taken = swaps.answer_swap(actor=officer_of(asked.taker), swap=asked, takes=True)
    assert Shift.objects.get().people == before
    done = swaps.decide_swap(actor=factories.officer("emergency_office"), swap=taken, approves=True)
    assert done.state == Swap.State.APPROVED
    now = Shift.objects.get().people
    assert now[0] == before[0]
    assert (now[1]["username"], now[1]["name"], now[1]["phone"]) == (asked.taker, "王敏", "135")
    assert [json.loads(bytes(row.public))["state"] for row in told("swap.changed")] == [
        "asked", "taken", "approved"
    ]  # fmt: skip
    assert told("swap.changed")[-1].position > told("shift.kept")[-1].position


def test_nobody_answers_decides_or_withdraws_for_another(leader, asked):
    with pytest.raises(NotAllowed):
        swaps.answer_swap(actor=officer_of(asked.giver), swap=asked, takes=True)
    with pytest.raises(NotAllowed):
        swaps.withdraw_swap(actor=officer_of(asked.taker), swap=asked)
    with pytest.raises(WrongState):  # not taken on yet
        swaps.decide_swap(actor=leader, swap=asked, approves=True)
    taken = swaps.answer_swap(actor=officer_of(asked.taker), swap=asked, takes=True)
    with pytest.raises(NotAllowed):
        swaps.decide_swap(actor=officer_of(asked.taker), swap=taken, approves=True)
    assert Shift.objects.get().rev == 1


def test_who_plans_the_roster_does_not_approve_a_swap_of_their_own(leader):
    taker = factories.officer()
    made = shift(leader, [on("lead", leader)])
    swap = swaps.ask_swap(actor=leader, shift=made, taker=taker.username, reason="出差")
    swap = swaps.answer_swap(actor=taker, swap=swap, takes=True)
    with pytest.raises(NotAllowed):
        swaps.decide_swap(actor=leader, swap=swap, approves=True)
    assert Shift.objects.get().people[0]["username"] == leader.username


@pytest.mark.parametrize("end", ["declined", "refused", "withdrawn", "approved"])
def test_what_was_decided_stays(leader, asked, end):
    office = factories.officer("emergency_office")
    giver, taker = officer_of(asked.giver), officer_of(asked.taker)
    if end == "declined":
        done = swaps.answer_swap(actor=taker, swap=asked, takes=False, answer="当日已排")
    elif end == "withdrawn":
        done = swaps.withdraw_swap(actor=giver, swap=asked)
    else:
        taken = swaps.answer_swap(actor=taker, swap=asked, takes=True)
        if end == "refused":
            with pytest.raises(Invalid):
                swaps.decide_swap(actor=office, swap=taken, approves=False)
        done = swaps.decide_swap(actor=office, swap=taken, approves=end == "approved", answer="a")
    assert done.state == end
    for act in (
        lambda: swaps.answer_swap(actor=taker, swap=done, takes=True),
        lambda: swaps.withdraw_swap(actor=giver, swap=done),
        lambda: swaps.decide_swap(actor=office, swap=done, approves=True),
    ):
        with pytest.raises(WrongState):
            act()


def test_a_swap_of_a_shift_that_was_changed_meanwhile_is_not_approved(leader, asked):
    taken = swaps.answer_swap(actor=officer_of(asked.taker), swap=asked, takes=True)
    made = Shift.objects.get()
    said = {"starts_at": made.starts_at, "ends_at": made.ends_at}
    services.keep_shift(
        actor=leader, shift=made, rev=1, people=[on("main", None, "王局长")], **said
    )
    with pytest.raises(WrongState):
        swaps.decide_swap(actor=factories.officer("emergency_office"), swap=taken, approves=True)
    assert Swap.objects.get().state == Swap.State.TAKEN


def test_a_swap_is_asked_by_who_is_on_duty_of_who_is_not_once(leader, asked):
    made, giver = Shift.objects.get(), officer_of(asked.giver)
    with pytest.raises(NotAllowed):
        swaps.ask_swap(actor=factories.officer(), shift=made, taker=asked.taker, reason="a")
    with pytest.raises(Conflict):
        swaps.ask_swap(actor=giver, shift=made, taker=asked.taker, reason="a")
    swaps.withdraw_swap(actor=giver, swap=asked)
    for taker, reason, field in (
        (leader.username, "a", "taker"),
        ("nobody", "a", "taker"),
        (factories.officer("observer").username, "a", "taker"),
        (asked.taker, " ", "reason"),
    ):
        with pytest.raises(Invalid) as refused:
            swaps.ask_swap(actor=giver, shift=made, taker=taker, reason=reason)
        assert fields_of(refused) == [field]


def test_a_swap_of_a_shift_that_is_over_is_not_taken_on_and_not_listed(leader, asked):
    taker = officer_of(asked.taker)
    assert selectors.swaps(leader) == [asked]
    now = datetime.now(UTC)
    Shift.objects.update(starts_at=now - timedelta(hours=2), ends_at=now)
    Swap.objects.update(recorded_at=now - timedelta(days=9))
    with pytest.raises(WrongState):
        swaps.answer_swap(actor=taker, swap=asked, takes=True)
    assert selectors.swaps(leader) == []
    assert swaps.answer_swap(actor=taker, swap=asked, takes=False).state == "declined"


def test_the_same_id_with_other_words_is_not_the_same_swap(leader, asked):
    giver = officer_of(asked.giver)
    said = {"actor": giver, "shift": asked.shift, "taker": asked.taker, "id": asked.pk}
    assert swaps.ask_swap(reason=asked.reason, **said) == asked
    with pytest.raises(SameIdOtherContent):
        swaps.ask_swap(reason="别的", **said)
