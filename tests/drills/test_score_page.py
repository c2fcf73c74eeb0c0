"""The score on its page and from a file: who reads it, and that both are the same."""

import inspect
import io
import json
from dataclasses import asdict

import pytest
from django.core.management import CommandError, call_command

from drills.models import Delivery, Exercise
from drills.scoring import metrics, words
from drills.scoring.metrics import MEASURES
from drills.scoring.score import score
from drills.selectors_score import timeline_of
from drills.services import answers, conduct, exercises, script
from emergency.models import Organisation
from emergency.services import incidents
from realtime.models import Envelope
from realtime.problems import Invalid, NotAllowed
from tests import factories
from tests.drills.scene import line, said
from tests.drills.test_realm import PEOPLE
from tests.emergency.pages import text


@pytest.fixture
def played(planner) -> Exercise:
    """The fire service wrote down one inject and left the other."""
    factories.organisation("dept-emergency")
    made = exercises.schedule_exercise(actor=planner, **said(participants=PEOPLE))
    for number in (1, 2):
        script.write_inject(actor=planner, exercise=made, **line(number, minutes=0))
    conduct.start_exercise(actor=planner, exercise=made)
    made.officer = factories.officer("district_officer", "dept-fire")
    made.incident, _new = incidents.report_incident(
        actor=made.officer, title="村道被淹", type_code="11D02", realm=made.realm, lon=108.94,
        lat=34.02,
    )  # fmt: skip
    second = Delivery.objects.get(number=2)
    answers.answer_inject(actor=made.officer, delivery=second, incident=made.incident)
    return made


def test_the_score_stands_beside_its_evidence(office, played):
    page = text(office.get(f"/drills/of/{played.pk}/score"))
    # T1 with weight 2 and A3 with weight 1: nothing for the first, all for the second
    assert "50.00" in page and "差" in page and "演练尚未结束" in page
    assert "没有任何处置的情景事件： 1" in page
    assert "接报响应用时" in page and "0 米" in page
    [event] = Envelope.objects.filter(type="incident.reported", realm=played.realm)
    page = office.get(f"/drills/of/{played.pk}/score").content.decode()
    assert f"/replay?event={event.id}" in page


def test_on_an_english_page_organisations_have_their_english_names(planner, office, played):
    Organisation.objects.filter(pk="dept-fire").update(name_en="Fire and Rescue")
    fire = Organisation.objects.get(pk="dept-fire").name
    conduct.end_exercise(actor=planner, exercise=played)
    for path in ("", "/score", "/report", "/run", "/script", "/findings"):
        address = f"/drills/of/{played.pk}{path}"
        chinese = text(office.get(address))
        assert fire in chinese and "Fire and Rescue" not in chinese, path
        english = text(office.get(address, headers={"accept-language": "en"}))
        assert "Fire and Rescue" in english and fire not in english, path


def test_who_staffs_it_reads_the_score_at_once_and_who_plays_when_it_has_ended(planner, played):
    def status(role: str, code: str) -> int:
        client = factories.client(factories.officer(role, code))
        return client.get(f"/drills/of/{played.pk}/score").status_code

    assert status("observer", "dept-police") == 200  # evaluates
    assert status("liaison", "dept-fire") == 404
    conduct.end_exercise(actor=planner, exercise=played)
    assert status("liaison", "dept-fire") == 200
    assert status("district_officer", "610122") == 404


def test_the_score_of_the_exported_log_is_the_score_of_the_page(played, tmp_path):
    file, told = tmp_path / "exercise.jsonl", io.StringIO()
    call_command("exportexercise", str(played.pk), str(file), stdout=io.StringIO())
    call_command("scoreexercise", str(file), stdout=told)
    here = json.loads(json.dumps(asdict(score(timeline_of(played)))))
    assert json.loads(told.getvalue()) == here and here["total"] == 50_000
    again = io.StringIO()
    call_command("scoreexercise", str(file), stdout=again)
    assert again.getvalue() == told.getvalue(), "bit for bit"


@pytest.mark.parametrize("content", ["", "x", "{}\n", "[1]\n", '{"id": 1}\n'])
def test_a_file_that_is_no_exercise_is_no_score(tmp_path, content):
    file = tmp_path / "x"
    file.write_text(content)
    if not content:
        told = io.StringIO()
        call_command("scoreexercise", str(file), stdout=told)
        assert json.loads(told.getvalue())["total"] is None
        return
    with pytest.raises(CommandError):
        call_command("scoreexercise", str(file))


def test_an_answer_is_of_who_got_the_inject_and_wrote_the_incident(planner, played):
    first = Delivery.objects.get(number=1)
    city = factories.officer("duty_officer")
    with pytest.raises(Invalid):
        answers.answer_inject(actor=city, delivery=first, incident=played.incident)
    theirs, _new = incidents.report_incident(
        actor=city, title="别人的", type_code="11D02", realm=played.realm
    )
    with pytest.raises(Invalid):
        answers.answer_inject(actor=city, delivery=first, incident=theirs)
    controller = factories.officer("district_officer", "dept-emergency")
    with pytest.raises(Invalid):
        answers.answer_inject(actor=controller, delivery=first, incident=theirs)
    real = factories.incident(played.officer)
    with pytest.raises(Invalid):
        answers.answer_inject(actor=played.officer, delivery=first, incident=real)
    evaluator = factories.officer("duty_officer", "dept-police")
    with pytest.raises(NotAllowed):
        answers.answer_inject(actor=evaluator, delivery=first, incident=played.incident)
    before = Envelope.objects.count()
    second = Delivery.objects.get(number=2)
    answers.answer_inject(actor=played.officer, delivery=second, incident=played.incident)
    assert Envelope.objects.count() == before, "the same again is one"


def test_an_answer_is_given_over_the_api(played):
    client = factories.client(played.officer)
    first = Delivery.objects.get(number=1)
    for inject, incident, status in (
        (first.pk, played.incident.pk, 200),
        (played.pk, played.incident.pk, 404),
        (first.pk, first.pk, 404),
        ("x", played.incident.pk, 422),
    ):
        answer = client.post(
            f"/api/exercises/{played.pk}/answers",
            {"inject": str(inject), "incident": str(incident)},
            content_type="application/json",
        )
        assert answer.status_code == status, answer.content


def test_every_reason_and_grade_has_its_words():
    source = inspect.getsource(metrics)
    assert all(f'"{reason.removesuffix("_late")}"' in source for reason in words.REASONS)
    assert MEASURES and {"excellent", "good", "fair", "poor", ""} == words.GRADES.keys()
