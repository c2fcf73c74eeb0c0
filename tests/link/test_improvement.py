"""Findings over nodes: the owner corrects at its own node, everybody reads the same, nobody else
may say that it is done."""

import pytest
from django.db import transaction
from django.utils import timezone

from drills import improvement_events
from drills.models import Exercise, Improvement, Progress
from drills.selectors_improvement import items
from drills.services import conduct, improvement
from realtime import log
from tests import factories
from tests.drills.test_improvement import told
from tests.link.test_conduct import begin, nodes, player, settle  # noqa: F401


@pytest.fixture
def found(nodes) -> Improvement:  # noqa: F811
    city, _yanta, _changan = nodes
    made = begin(city)
    with city.here():
        office = factories.officer("emergency_office")
        conduct.end_exercise(actor=office, exercise=made)
        made.refresh_from_db()
        fields = told(owner="610113")
        kept = improvement.record_finding(actor=office, exercise=made, **fields)
    settle(nodes)
    return kept


def states(*those) -> list:
    told_by = []
    for node in those:
        with node.here():
            rows = items(list(Exercise.objects.all()), timezone.localdate())
            told_by.append([(one.improvement.pk, one.state, len(one.lines)) for one in rows])
    return told_by


def test_its_owner_corrects_it_at_its_own_node_and_the_office_verifies(nodes, found):  # noqa: F811
    city, yanta, changan = nodes
    with yanta.here():
        here = Improvement.objects.get()
        officer = player(yanta, "610113")
        improvement.report_progress(actor=officer, improvement=here, kind="done", text="已改")
    settle(nodes)
    with city.here():
        improvement.report_progress(
            actor=factories.officer("emergency_office"), improvement=found, kind="verified",
            text="已查",
        )  # fmt: skip
    settle(nodes)
    assert states(city, yanta) == [[(found.pk, "verified", 2)]] * 2
    assert states(changan) == [[]], "it was not invited"


def test_a_node_cannot_say_what_only_the_office_says(nodes, found):  # noqa: F811
    city, yanta, _changan = nodes
    with yanta.here():
        officer = player(yanta, "610113")
        improvement.report_progress(
            actor=officer, improvement=Improvement.objects.get(), kind="done", text="已改"
        )
        said = improvement_events.progress_data(Progress.objects.get())
        id = "00000000-0000-4000-8000-000000000002"
        with transaction.atomic():
            log.append(
                improvement_events.PROGRESSED, subject=f"progress/{id}",
                about=f"exercise/{found.exercise_id}", actor="x", realm=found.realm, rev=1,
                audience=["xian"], public=said | {"id": id, "kind": "verified"},
            )  # fmt: skip
    settle(nodes)
    assert states(city) == [[(found.pk, "done", 1)]]
