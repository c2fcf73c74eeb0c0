"""An exercise is a realm of its own: who takes part plays in it, nothing real is touched."""

from typing import Any

import pytest
from django.test import Client

from drills.models import Clock, Exercise
from drills.services import conduct, exercises, script
from emergency.errors import WrongState
from emergency.models import Incident, NumberSeries
from realtime import refusals
from realtime.models import Envelope
from tests import factories
from tests.drills.scene import line, said
from tests.emergency import pictures

PEOPLE = [
    {"organisation": "dept-emergency", "part": "control"},
    {"organisation": "610100", "part": "play"},
    {"organisation": "dept-fire", "part": "play"},
    {"organisation": "dept-police", "part": "evaluate"},
]


@pytest.fixture
def running(planner) -> Exercise:
    factories.organisation("dept-emergency")
    made = exercises.schedule_exercise(actor=planner, **said(participants=PEOPLE))
    script.write_inject(actor=planner, exercise=made, **line(1, minutes=0))
    script.write_inject(actor=planner, exercise=made, **line(2, minutes=0, recipients=["610100"]))
    conduct.start_exercise(actor=planner, exercise=made)
    return made


def api(role: str, code: str = "610100", desk: str = "") -> "Caller":
    return Caller(factories.client(factories.officer(role, code)), desk)


class Caller:
    """A desk of one realm, or a program that says none."""

    def __init__(self, client: Client, desk: str):
        self.client, self.more = client, {"X-Realm": desk} if desk else {}

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/{path}", headers=self.more)

    def post(self, path: str, **body: Any) -> Any:
        return self.client.post(
            f"/api/{path}", body, content_type="application/json", headers=self.more
        )


def report(caller: Caller, realm: str, title: str = "演练泥石流") -> Any:
    return caller.post("incidents", title=title, type_code="11D02", realm=realm)


def test_who_plays_reports_in_the_exercise_with_numbers_of_its_own(running):
    factories.incident()
    before = list(NumberSeries.objects.filter(realm="real").values())
    duty = api("duty_officer")
    told = report(duty, running.realm).json()
    assert told["number"].startswith("演练-xian-") and told["number"].endswith("000001")
    assert list(NumberSeries.objects.filter(realm="real").values()) == before
    listed = duty.get(f"incidents?realm={running.realm}").json()["items"]
    assert [one["id"] for one in listed] == [told["id"]]
    assert told["id"] not in str(duty.get("incidents").json())


def test_no_number_of_one_exercise_is_that_of_another(running, planner):
    first = report(api("duty_officer"), running.realm).json()["number"]
    conduct.end_exercise(actor=planner, exercise=running)
    later = exercises.schedule_exercise(actor=planner, **said(participants=PEOPLE))
    script.write_inject(actor=planner, exercise=later, **line(1, minutes=0))
    conduct.start_exercise(actor=planner, exercise=later)
    second = report(api("duty_officer"), later.realm).json()["number"]
    assert (first[-6:], second[-6:]) == ("000001", "000002")


@pytest.mark.parametrize(
    ("role", "code", "sees", "writes"),
    [
        ("duty_officer", "610100", True, True),
        ("liaison", "dept-fire", False, False),  # plays, and was not shown it
        ("district_officer", "dept-emergency", True, True),
        ("observer", "dept-police", True, False),
        ("duty_officer", "dept-police", True, False),
        ("district_officer", "610122", False, False),
        ("system_admin", "610100", False, False),
        ("audit_admin", "dept-emergency", False, False),  # of who controls it
        ("security_admin", "dept-police", False, False),
    ],
)
def test_who_takes_part_sees_and_writes_by_part_and_nobody_else_does(
    running, role, code, sees, writes
):
    made = report(api("duty_officer"), running.realm).json()["id"]
    caller = api(role, code)
    assert caller.get(f"incidents/{made}").status_code == (200 if sees else 404)
    listed = caller.get(f"incidents?realm={running.realm}").json()["items"]
    assert bool(listed) == sees
    wrote = caller.post(f"incidents/{made}/entries", text="到场")
    assert (wrote.status_code == 201) == writes, wrote.content
    reported = report(caller, running.realm)
    assert (reported.status_code == 201) == (writes or False), reported.content


def test_an_incident_of_it_is_shown_to_nobody_who_takes_no_part(running):
    factories.organisation("dept-water")
    duty = api("duty_officer")
    made = report(duty, running.realm).json()["id"]
    answer = duty.post(f"incidents/{made}/organisations", code="dept-water")
    assert answer.status_code == 422 and "演练" in answer.json()["fields"]["code"]
    assert duty.post(f"incidents/{made}/organisations", code="dept-fire").status_code == 200
    told = duty.get(f"organisations?realm={running.realm}").json()
    sees = {one["code"]: (one["sees"], one["acts"]) for one in told}
    assert sees["dept-fire"] == (True, True)
    assert sees["dept-police"] == (True, False)  # evaluates
    assert sees["dept-water"] == (False, False)
    assert all(one["sees"] and one["acts"] for one in duty.get("organisations").json())
    other = api("liaison", "dept-water")
    assert other.get(f"organisations?realm={running.realm}").status_code == 404


def test_the_office_that_planned_it_and_takes_no_part_is_not_in_it(planner):
    factories.organisation("dept-emergency")
    people = [PEOPLE[0], *PEOPLE[2:]]
    made = exercises.schedule_exercise(actor=planner, **said(participants=people))
    script.write_inject(actor=planner, exercise=made, **line(1))
    conduct.start_exercise(actor=planner, exercise=made)
    assert report(api("emergency_office"), made.realm).status_code == 403
    assert report(api("duty_officer"), made.realm).status_code == 403


def test_an_office_that_is_a_guest_at_the_node_is_no_office_of_it(running):
    factories.organisation("dept-water")
    for code in ("dept-fire", "dept-water"):
        guest = factories.client(factories.officer("emergency_office", code))
        for page in ("script", "run", "score"):
            answer = guest.get(f"/drills/of/{running.pk}/{page}")
            assert answer.status_code in (403, 404), (code, page)
        sent = guest.post(f"/drills/of/{running.pk}/run/pause")
        assert sent.status_code in (403, 404)
    assert Clock.objects.get().state == "running"


def test_a_file_that_goes_with_an_inject_is_saved_by_its_recipients(planner, running):
    one = script.write_inject(
        actor=planner, exercise=running, **line(3, minutes=90, recipients=["dept-fire"])
    )
    one = script.attach(
        actor=planner, inject=one, rev=1, name="a.jpg", file=pictures.jpeg(open=True)
    )
    conduct.send_inject(actor=planner, inject=one)
    (file,) = one.attachments
    at = f"/drills/of/{running.pk}/received/{one.pk}/files/{file['sha256']}"
    for role, code, status in (
        ("liaison", "dept-fire", 200), ("observer", "dept-police", 200),
        ("duty_officer", "610100", 404), ("district_officer", "610122", 404),
    ):  # fmt: skip
        client = factories.client(factories.officer(role, code))
        assert client.get(at).status_code == status, (role, code)
    with pytest.raises(WrongState):
        script.attach(actor=planner, inject=one, rev=3, name="b.jpg", file=pictures.jpeg(open=True))


def test_a_realm_that_is_no_exercise_takes_nothing(running):
    nowhere = "ex:00000000-0000-0000-0000-000000000000"
    assert report(api("duty_officer"), nowhere).status_code == 403
    assert api("duty_officer").get(f"incidents?realm={nowhere}").json()["items"] == []


def test_before_it_begins_and_after_it_ends_nothing_is_written(planner):
    factories.organisation("dept-emergency")
    made = exercises.schedule_exercise(actor=planner, **said(participants=PEOPLE))
    script.write_inject(actor=planner, exercise=made, **line(1))
    duty = api("duty_officer")
    assert report(duty, made.realm).status_code == 403
    conduct.start_exercise(actor=planner, exercise=made)
    first = report(duty, made.realm).json()["id"]
    conduct.pause_clock(actor=planner, exercise=made)
    assert report(duty, made.realm).status_code == 201, "while it is paused people go on"
    conduct.end_exercise(actor=planner, exercise=made)
    assert report(duty, made.realm).status_code == 403
    assert duty.post(f"incidents/{first}/entries", text="晚").status_code == 403
    assert duty.get(f"incidents/{first}").status_code == 200, "it is still read"


def test_from_the_desk_of_an_exercise_nothing_real_is_touched_and_the_try_is_recorded(running):
    real = factories.incident()
    drill = report(api("duty_officer"), running.realm).json()["id"]
    at_drill, at_real = api("duty_officer", desk=running.realm), api("duty_officer", desk="real")
    before = Envelope.objects.filter(about=f"incident/{real.pk}").count()
    for caller, other in ((at_drill, real.pk), (at_real, drill)):
        for path, body in {
            f"incidents/{other}/entries": {"text": "x"},
            f"incidents/{other}/steps": {"rev": 1, "step": "verify"},
            f"incidents/{other}/receipts": {"kind": "opened"},
        }.items():
            answer = caller.post(path, **body)
            assert (answer.status_code, answer.json()["code"]) == (409, "other_realm"), path
        assert caller.get(f"incidents/{other}").status_code == 409
    assert report(at_drill, "real").status_code == 409
    assert report(at_real, running.realm).status_code == 409
    assert Envelope.objects.filter(about=f"incident/{real.pk}").count() == before
    assert Incident.objects.filter(realm="real").count() == 1
    refusals.flush()
    counted = Envelope.objects.filter(type="refusals.counted").last()
    assert "another realm" in bytes(counted.public).decode()


def test_players_are_told_what_is_delivered_to_them_and_nothing_else(running):
    for role, code, numbers in (
        ("duty_officer", "610100", [2]),
        ("liaison", "dept-fire", [1]),
        ("observer", "dept-police", [1, 2]),
        ("liaison", "dept-emergency", [1, 2]),
    ):
        told = api(role, code).get(f"exercises/{running.pk}").json()
        assert [one["number"] for one in told["deliveries"]] == numbers, (role, code)
        assert told["clock"]["state"] == "running"
        assert [one["rev"] for one in told["history"]] == [1]
    assert api("district_officer", "610122").get(f"exercises/{running.pk}").status_code == 404
    listed = api("liaison", "dept-fire").get("exercises").json()
    assert [one["id"] for one in listed] == [str(running.pk)]


def test_the_desk_of_an_exercise_is_for_who_takes_part_and_says_what_it_is(running):
    for role, code, status in (
        ("duty_officer", "610100", 200),
        ("observer", "dept-police", 200),
        ("district_officer", "610122", 404),
        ("security_admin", "610100", 403),
    ):
        client = factories.client(factories.officer(role, code))
        answer = client.get(f"/drills/of/{running.pk}/desk")
        assert answer.status_code == status, (role, code)
        if status == 200:
            page = answer.content.decode()
            assert f'content="{running.realm}"' in page and "exercise-chip" in page
            assert ('"incident.report"' in page) == (role == "duty_officer")
