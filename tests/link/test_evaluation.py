"""Marks over three nodes: an evaluator elsewhere judges, everybody works out the same, nobody who
plays reads them early, and a mark of who does not evaluate is none."""

import pytest
from django.db import transaction

from drills import mark_events
from drills.models import Criteria, Exercise, Mark
from drills.scoring.score import score
from drills.selectors_score import timeline_of
from drills.services import conduct, evaluation, exercises, script
from realtime import log
from realtime.models import Envelope, Parked, Quarantined
from realtime.problems import Problem
from tests import factories
from tests.drills.scene import line, said
from tests.drills.test_evaluation import ITEM
from tests.link.test_conduct import nodes, player, settle  # noqa: F401

WHOLE = ITEM | {"organisation": "610116"}


@pytest.fixture
def judged(nodes) -> Exercise:  # noqa: F811
    """雁塔区 evaluates, 长安区 plays, the city is home; it runs."""
    city, _yanta, _changan = nodes
    people = [
        {"organisation": "610100", "part": "control"},
        {"organisation": "610116", "part": "play"},
        {"organisation": "610113", "part": "evaluate"},
    ]
    with city.here():
        factories.plan()
        office = factories.officer("emergency_office")
        made = exercises.schedule_exercise(actor=office, **said(participants=people))
        truth = line()["truth"] | {"share_with": []}
        script.write_inject(
            actor=office, exercise=made,
            **line(1, minutes=0, recipients=["610116"], truth=truth, expected=[]),
        )  # fmt: skip
        evaluation.set_criteria(actor=office, exercise=made, rev=0, items=[WHOLE])
        conduct.start_exercise(actor=office, exercise=made)
    settle(nodes)
    return made


def mark(node, officer, made: Exercise, value: str) -> None:
    with node.here():
        found = Exercise.objects.get(pk=made.pk)
        [item] = Criteria.objects.get(exercise=found).items
        evaluation.give_mark(actor=officer, exercise=found, row=item["id"], value=value)


def scores(*those) -> list:
    found = []
    for node, made in those:
        with node.here():
            found.append(score(timeline_of(Exercise.objects.get(pk=made.pk))))
            assert not Parked.objects.exists() and not Quarantined.objects.exists()
    return found


def test_a_mark_given_elsewhere_during_a_cut_counts_at_every_node(nodes, judged):  # noqa: F811
    city, yanta, changan = nodes
    evaluator = player(yanta, "610113")
    with city.here():
        office = factories.officer("emergency_office")
    mark(yanta, evaluator, judged, "4")
    mark(city, office, judged, "3")
    with changan.here():
        assert not Mark.objects.exists() and not Criteria.objects.exists()
    settle(nodes)
    here, there = scores((city, judged), (yanta, judged))
    assert here == there and here.total == 70_000
    with changan.here():
        assert not Envelope.objects.filter(type__in=("criteria.set", "mark.given")).exists()


def test_who_plays_has_the_marks_when_it_has_ended(nodes, judged):  # noqa: F811
    city, yanta, changan = nodes
    mark(yanta, player(yanta, "610113"), judged, "4")
    settle(nodes)
    with city.here():
        conduct.end_exercise(actor=factories.officer("emergency_office"), exercise=judged)
    settle(nodes)
    mark(yanta, player(yanta, "610113"), judged, "2")  # somebody else there, afterwards
    settle(nodes)
    found = scores((city, judged), (yanta, judged), (changan, judged))
    assert found[0] == found[1] == found[2] and found[0].total == 60_000


def test_a_player_judges_nothing_and_a_forged_mark_is_none(nodes, judged):  # noqa: F811
    city, _yanta, changan = nodes
    officer = player(changan, "610116")
    with changan.here():
        found = Exercise.objects.get(pk=judged.pk)
        with pytest.raises(Problem):
            evaluation.give_mark(actor=officer, exercise=found, row="x", value="5")
    with city.here():
        [item] = Criteria.objects.get().items
        office = factories.officer("emergency_office")
        given = evaluation.give_mark(actor=office, exercise=judged, row=item["id"], value="1")
        false = mark_events.mark_data(given)
    id = "00000000-0000-4000-8000-000000000001"
    with changan.here(), transaction.atomic():
        log.append(
            mark_events.MARK_GIVEN, subject=f"mark/{id}", about=f"script/{judged.pk}", actor="x",
            realm=judged.realm, rev=1, audience=["xian"],
            public=false | {"id": id, "home": changan.name, "value": "5", "organisation": "610113"},
        )  # fmt: skip
    settle(nodes)
    with city.here():
        assert Mark.objects.count() == 1
        assert score(timeline_of(judged)).total == 20_000
