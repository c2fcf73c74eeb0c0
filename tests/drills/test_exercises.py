"""An exercise from the calendar on its pages: who sees it, what is due, what is refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from drills.models import DueRule, Exercise
from drills.services import exercises
from emergency.models import Incident, Role
from realtime.models import Envelope
from tests import factories
from tests.drills.scene import PEOPLE, form, said
from tests.emergency.pages import HOSTILE, text, told


def test_an_exercise_is_scheduled_on_a_page_and_stands_in_the_calendar(office):
    answer = office.post("/drills/new", form())
    made = Exercise.objects.get()
    assert answer.headers["Location"] == f"/drills/of/{made.pk}?done=kept"
    assert made.objectives == ["检验会商", "检验转移"] and made.realm == f"ex:{made.pk}"
    assert [one["part"] for one in made.participants] == ["control", "play", "evaluate"]
    shown = text(office.get("/drills?month=2099-06"))
    assert "09:00 汛期桌面演练" in shown
    page = text(office.get(f"/drills/of/{made.pk}"))
    assert "2099-06-01 09:00" in page and "dept-fire" in page and "演练 汛期桌面演练" in page


def test_the_same_form_sent_twice_is_one_exercise(office):
    sent = form()
    assert office.post("/drills/new", sent).status_code == 302
    assert office.post("/drills/new", sent).status_code == 302
    assert office.post("/drills/new", sent | {"title": "别的"}).status_code == 422
    assert Exercise.objects.count() == 1 and len(told("exercise.scheduled")) == 1


def test_only_who_takes_part_sees_it_besides_the_office(planner):
    made = exercises.schedule_exercise(actor=planner, **said())
    for role, code, status in (
        ("liaison", "dept-fire", 200),
        ("observer", "dept-police", 200),
        ("duty_officer", "610100", 200),
        ("liaison", "dept-water", 404),
        ("district_officer", "610122", 404),
        ("audit_admin", "610100", 403),
    ):
        client = factories.client(factories.officer(role, code))
        assert client.get(f"/drills/of/{made.pk}").status_code == status, (role, code)
        listed = client.get("/drills")
        assert ("汛期桌面演练" in text(listed)) == (status == 200), (role, code)


def test_who_takes_part_no_more_sees_it_no_more(planner):
    made = exercises.schedule_exercise(actor=planner, **said())
    fire = factories.client(factories.officer("liaison", "dept-fire"))
    assert fire.get(f"/drills/of/{made.pk}").status_code == 200
    people = [PEOPLE[0], PEOPLE[2] | {"part": "play"}]
    exercises.change_exercise(
        actor=planner, exercise=made, rev=1,
        **said(participants=people, starts_at=made.starts_at),
    )  # fmt: skip
    assert fire.get(f"/drills/of/{made.pk}").status_code == 404


@pytest.mark.parametrize("role", Role.values)
def test_only_the_emergency_office_schedules_changes_and_cancels(planner, role):
    made = exercises.schedule_exercise(actor=planner, **said())
    client = factories.client(factories.officer(role))
    before = Envelope.objects.count()
    sent = {
        "/drills/new": form(),
        f"/drills/of/{made.pk}/edit": form(rev="1"),
        f"/drills/of/{made.pk}/cancel": {"rev": "1", "reason": "高考"},
        f"/drills/of/{made.pk}/held": {"rev": "1"},
        "/drills/rules": {"plan": "flood", "organisation": "dept-fire", "months": "36",
                          "warn_days": "90", "source": "局令"},
    }  # fmt: skip
    if role == "emergency_office":
        return
    for address, body in sent.items():
        assert client.post(address, body).status_code == 403, address
    assert Envelope.objects.count() == before and not DueRule.objects.exists()


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"plan": "quake"}, "plan"),
    ({"starts_at": "2020-01-01T09:00"}, "已过"),
    ({"starts_at": "99999-01-01T09:00"}, "starts_at"),
    ({"starts_at": "9999-12-31T23:59"}, "2200"),
    ({"starts_at": ""}, "必填"),
    ({"minutes": "0"}, "minutes"),
    ({"minutes": "1e3"}, "minutes"),
    ({"title": "\u200b"}, "必填"),
    ({"title": "x" * 121}, "120"),
    ({"objectives": ""}, "必填"),
    ({"objectives": "\n".join(map(str, range(13)))}, "12"),
    ({"form": "dance"}, "dance"),
    ({"people": PEOPLE[:1]}, "参演"),
    ({"people": [*PEOPLE, PEOPLE[0]]}, "重复"),
    ({"people": [PEOPLE[0], {"organisation": "gone", "part": "play"}]}, "gone"),
    ({"people": []}, "导调"),
    ({"people-TOTAL_FORMS": "x"}, ""),
    ({"people-TOTAL_FORMS": "99999"}, ""),
]


@pytest.mark.parametrize(("fields", "says"), REFUSED)
def test_an_exercise_that_cannot_be_is_refused_and_what_was_typed_comes_back(office, fields, says):
    people = fields.pop("people", PEOPLE)
    answer = office.post("/drills/new", form(people, **{"title": "错的演练"} | fields))
    assert answer.status_code == 422
    body = answer.content.decode()
    assert says in body and (fields.get("title") or "错的演练") in body
    assert not Exercise.objects.exists() and told("exercise.scheduled") == []


@pytest.mark.parametrize("name", HOSTILE)
def test_what_an_exercise_says_is_text(office, name):
    office.post("/drills/new", form(title=name, objectives=name))
    made = Exercise.objects.get()
    for address in ("/drills?month=2099-06", f"/drills/of/{made.pk}", f"/drills/of/{made.pk}/edit"):
        assert name not in office.get(address).content.decode()


def test_it_is_changed_by_who_saw_the_newest_and_cancelled_with_a_reason(office):
    office.post("/drills/new", form())
    made = Exercise.objects.get()
    at = f"/drills/of/{made.pk}"
    assert office.post(f"{at}/edit", form(known=3, rev="1", title="改期演练")).status_code == 302
    assert office.post(f"{at}/edit", form(known=3, rev="1", title="晚了")).status_code == 422
    assert office.post(f"{at}/edit", form(known=3, rev="2", title="改期演练")).status_code == 302
    made.refresh_from_db()
    assert (made.title, made.rev) == ("改期演练", 2), "what is sent unchanged is no version"
    assert office.post(f"{at}/cancel", {"rev": "2", "reason": " "}).status_code == 422
    assert office.post(f"{at}/held", {"rev": "2"}).status_code == 422, "it has not begun"
    assert office.post(f"{at}/cancel", {"rev": "2", "reason": "高考"}).status_code == 302
    assert "已取消：高考" in text(office.get(at))
    assert office.post(f"{at}/cancel", {"rev": "3", "reason": "又"}).status_code == 422
    assert [row.type for row in Envelope.objects.filter(realm=made.realm).order_by("position")] == [
        "exercise.scheduled", "exercise.changed", "exercise.cancelled",
    ]  # fmt: skip


@pytest.mark.parametrize("month", ["2026-13", "x", "2026-02", "0001-01", "9999-12", "2026-02-02"])
def test_any_month_that_is_asked_for_answers_with_a_month(office, month):
    assert office.get("/drills", {"month": month}).status_code == 200


def test_two_exercises_of_one_organisation_on_a_day_are_pointed_out(office, planner):
    at = datetime.now(UTC) + timedelta(days=30)
    first = exercises.schedule_exercise(actor=planner, **said(title="甲", starts_at=at))
    exercises.schedule_exercise(
        actor=planner, **said(title="乙", starts_at=at, participants=PEOPLE[:2])
    )
    assert "当天还参加另一场演练：乙" in text(office.get(f"/drills/of/{first.pk}"))


def test_an_exercise_is_no_incident_and_takes_no_number(planner):
    exercises.schedule_exercise(actor=planner, **said())
    assert not Incident.objects.exists()
    assert set(
        Envelope.objects.filter(type__startswith="exercise").values_list("realm", flat=True)
    ) == {Exercise.objects.get().realm}
