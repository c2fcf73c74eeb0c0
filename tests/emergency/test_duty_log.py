"""The duty log: what was written stays, what corrects it is an entry of its own, nothing leaves."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emergency.duty import selectors
from emergency.duty.services import log_duty
from emergency.errors import SameIdOtherContent, WrongState
from emergency.models import DutyChannel, DutyEntry, Incident
from realtime import access, log
from realtime.access import View
from realtime.problems import Invalid, NotAllowed, NotFound
from realtime.verify import verify_log
from tests import factories
from tests.emergency.pages import everything_told, told
from tests.emergency.test_parallel import PARALLEL, at_once

PARTY, PHONE = "未央区应急局 王值班员", "029-86241234"


def said(**fields):
    base = {"channel": "phone", "direction": "in", "party": PARTY, "phone": PHONE}
    words = {"summary": "草滩八路积水约半米，两车被困", "handling": "已通知排水集团"}
    return base | words | {"at": datetime.now(UTC) - timedelta(minutes=3)} | fields


def found(officer, **wanted):
    shown = selectors.entries(officer, selectors.Wanted(**wanted), before=None, limit=100)
    return [one.entry.summary for one in shown]


def test_what_came_in_is_kept_with_its_incident_and_who_spoke_apart(duty):
    about = factories.incident(duty)
    entry = log_duty(actor=duty, number=about.number, **said())
    (row,) = told("duty.logged")
    public, personal = json.loads(bytes(row.public)), json.loads(bytes(row.personal))
    assert (public["incident"], public["number"]) == (str(about.pk), about.number)
    assert public["summary"] == entry.summary and public["author"] == row.actor
    assert personal == {"party": PARTY, "phone": PHONE}
    assert PARTY not in bytes(row.public).decode()
    assert entry.channel_name == "电话"


def test_an_entry_is_for_this_node_alone(duty):
    factories.peer("xian-yanta", cleared=True)
    log_duty(actor=duty, **said())
    (row,) = told("duty.logged")
    assert (row.audience.split(), row.relay) == (["xian"], "none")


def test_the_same_id_twice_is_one_entry_and_with_other_words_it_is_refused(duty):
    same = said(id=uuid.uuid4())
    assert log_duty(actor=duty, **same) == log_duty(actor=duty, **same)
    with pytest.raises(SameIdOtherContent):
        log_duty(actor=duty, **same | {"summary": "其他"})
    assert DutyEntry.objects.count() == len(told("duty.logged")) == 1


def test_a_correction_is_an_entry_of_its_own_and_what_was_wrong_stays(duty):
    old = log_duty(actor=duty, **said())
    before = DutyEntry.objects.filter(pk=old.pk).values().get()
    other = factories.officer("shift_leader")
    newer = log_duty(actor=other, corrects=old, **said(at=old.at, summary="积水约一米"))
    assert DutyEntry.objects.filter(pk=old.pk).values().get() == before
    assert [one.entry for one in selectors.chain(duty, newer.pk)] == [old, newer]
    assert [one.entry for one in selectors.chain(duty, old.pk)] == [old, newer]
    assert selectors.chain(duty, old.pk)[0].corrected_by == newer


def test_an_entry_is_corrected_once_and_only_where_something_was_wrong(duty):
    old = log_duty(actor=duty, **said())
    same = {name: getattr(old, name) for name in said()}
    with pytest.raises(Invalid) as refused:
        log_duty(actor=duty, corrects=old, **same)
    assert list(refused.value.fields) == ["summary"]
    log_duty(actor=duty, corrects=old, **same | {"phone": ""})
    with pytest.raises(WrongState):
        log_duty(actor=duty, corrects=old, **same | {"phone": "1"})
    assert DutyEntry.objects.count() == 2


def test_of_twenty_corrections_at_once_one_is_written(live_node):
    duty = factories.officer("duty_officer")
    old = log_duty(actor=duty, **said())

    def correct(number):
        return log_duty(actor=duty, corrects=old, **said(at=old.at, summary=f"{number}"))

    answers = at_once(correct)
    assert sum(isinstance(one, DutyEntry) for one in answers) == 1
    assert sum(isinstance(one, WrongState) for one in answers) == PARALLEL - 1
    assert DutyEntry.objects.count() == 2 and verify_log().bad is None


def test_of_what_has_not_happened_yet_nothing_is_written(duty):
    with pytest.raises(Invalid) as refused:
        log_duty(actor=duty, **said(at=datetime.now(UTC) + timedelta(minutes=5)))
    assert list(refused.value.fields) == ["at"]
    assert not DutyEntry.objects.exists()


def test_a_channel_out_of_use_takes_no_new_entry_but_what_came_by_it_is_corrected(duty):
    old = log_duty(actor=duty, **said(channel="fax"))
    DutyChannel.objects.filter(pk="fax").update(in_use=False)
    with pytest.raises(Invalid) as refused:
        log_duty(actor=duty, **said(channel="fax"))
    assert list(refused.value.fields) == ["channel"]
    newer = log_duty(actor=duty, corrects=old, **said(channel="fax", at=old.at, summary="改"))
    assert newer.channel_name == "传真"
    assert "fax" not in dict(selectors.channels())
    assert "fax" in dict(selectors.channels(besides="fax"))


def test_an_entry_is_about_an_incident_that_its_author_may_see(duty):
    with pytest.raises(Invalid) as refused:
        log_duty(actor=duty, number="xian-2026-999999", **said())
    assert list(refused.value.fields) == ["number"]
    drilled = factories.incident(duty)
    Incident.objects.filter(pk=drilled.pk).update(realm=f"ex:{uuid.uuid4()}")
    with pytest.raises(Invalid) as refused:
        log_duty(actor=duty, number=drilled.number, **said())
    assert list(refused.value.fields) == ["number"]
    assert not DutyEntry.objects.exists()


def test_of_an_incident_that_is_not_here_any_more_the_number_stays_and_can_be_corrected_around(
    duty,
):
    about = factories.incident(duty)
    old = log_duty(actor=duty, number=about.number, **said())
    Incident.objects.filter(pk=about.pk).update(realm=f"ex:{uuid.uuid4()}")
    (shown,) = selectors.entries(duty, selectors.Wanted(), before=None, limit=9)
    assert (shown.entry.number, shown.linked) == (about.number, False)
    again = said(at=old.at, number=about.number, summary="改")
    assert log_duty(actor=duty, corrects=old, **again).incident == about.pk


@pytest.mark.parametrize(
    ("role", "code"),
    [("observer", "610100"), ("audit_admin", "610100"), ("system_admin", "610100"),
     ("liaison", "dept-fire"), ("district_officer", "s4"), ("duty_officer", "s4"),
     ("shift_leader", "dept-fire")],
)  # fmt: skip
def test_nobody_but_the_desk_of_the_own_organisation_reads_or_writes_it(node, role, code):
    entry = log_duty(actor=factories.officer(), **said())
    other = factories.officer(role, code)
    for act in (
        lambda: log_duty(actor=other, **said()),
        lambda: selectors.chain(other, entry.pk),
        lambda: found(other),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert DutyEntry.objects.count() == 1
    rights = access.resolver().user_rights(other)
    assert access.resolver().view(rights, "duty", "real", None) is View.NONE


def test_the_desk_is_told_of_it_whole(duty):
    rights = access.resolver().user_rights(duty)
    assert access.resolver().view(rights, "duty", "real", None) is View.FULL


def test_who_lost_the_right_reads_nothing_any_more(duty):
    log_duty(actor=duty, **said())
    duty.role = "observer"
    duty.save()
    with pytest.raises(NotAllowed):
        found(duty)


def test_entries_are_found_by_words_day_channel_and_incident(duty):
    about = factories.incident(duty)
    midnight = datetime(2026, 3, 4, 16, 0, tzinfo=UTC)  # of 5 March in Xi'an
    second = timedelta(seconds=1)
    log_duty(actor=duty, **said(at=midnight - second, summary="四日末", party="张三"))
    log_duty(actor=duty, **said(at=midnight, summary="五日初", channel="fax"))
    log_duty(actor=duty, **said(at=midnight, summary="关于事件", number=about.number))
    log_duty(actor=duty, **said(at=midnight + timedelta(days=1), summary="六日初"))
    day = midnight.astimezone().date().replace(day=5)
    assert set(found(duty, day=day)) == {"五日初", "关于事件"}
    assert found(duty, q="张三") == ["四日末"]
    assert found(duty, channel="fax") == ["五日初"]
    assert found(duty, number=about.number) == ["关于事件"]
    assert found(duty, q="关于", channel="fax") == []


def test_page_after_page_every_entry_comes_once(duty):
    moment = datetime.now(UTC)
    for number in range(7):
        log_duty(actor=duty, **said(summary=str(number)))
    DutyEntry.objects.update(recorded_at=moment)  # all in one moment
    seen, before = [], None
    while rows := selectors.entries(duty, selectors.Wanted(), before=before, limit=3):
        seen += [one.entry.summary for one in rows]
        before = rows[-1].entry.pk
    assert sorted(seen) == [str(number) for number in range(7)]


def test_an_entry_that_there_is_not_is_not_found(duty):
    with pytest.raises(NotFound):
        selectors.chain(duty, uuid.uuid4())


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(st.integers(0, 30), max_size=12))
def test_whatever_is_corrected_every_word_stays_and_chains_do_not_fork(duty, steps):
    position, wrote = log.head().position, []
    for count, step in enumerate(steps):
        old = wrote[step % len(wrote)] if wrote and step % 3 else None
        try:
            wrote.append(log_duty(actor=duty, corrects=old, **said(summary=f"{position} {count}")))
        except WrongState:
            assert DutyEntry.objects.filter(corrects=old).count() == 1
    rows = DutyEntry.objects.in_bulk([one.pk for one in wrote])
    assert [rows[one.pk].summary for one in wrote] == [one.summary for one in wrote]
    for one in wrote:
        chain = [shown.entry for shown in selectors.chain(duty, one.pk)]
        assert one in chain
        assert [entry.corrects for entry in chain] == [None, *chain[:-1]]
    text = everything_told()
    assert all(one.summary in text for one in wrote)
