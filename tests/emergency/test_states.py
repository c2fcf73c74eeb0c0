"""The state table: no walk leaves it, every row of it can be reached."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emergency import errors, states
from emergency.models import Incident
from emergency.services import incidents
from emergency.states import STEPS, State
from realtime.problems import Invalid, NotAllowed
from tests import factories

WORDS = (*STEPS, "nonsense", "")


@pytest.fixture
def leader(node):
    """A shift leader, whose role may take every step."""
    return factories.officer("shift_leader")


@given(walk=st.lists(st.sampled_from(WORDS), max_size=12))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_walk_leaves_the_table(leader, walk):
    incident, into = factories.incident(leader), factories.incident(leader)
    for name in walk:
        before = incident.state
        possible = states.steps_from(before)
        try:
            incident = incidents.advance_incident(
                actor=leader,
                incident=incident,
                rev=incident.rev,
                step=name,
                reason="because",
                into=into if name == "merge" else None,
            )
        except errors.WrongState:
            assert name not in possible
        except Invalid:
            assert name not in STEPS
        else:
            assert name in possible
            assert incident.state == STEPS[name].target
            assert (incident.merged_into == into) is (name == "merge")
        incident.refresh_from_db()
        assert incident.state in State.values


def test_every_row_can_be_taken_and_every_state_be_reached_from_the_first():
    reached, taken, frontier = {State.RECEIVED}, set(), [State.RECEIVED]
    while frontier:
        for name in states.steps_from(frontier.pop()):
            taken.add(name)
            if STEPS[name].target not in reached:
                reached.add(STEPS[name].target)
                frontier.append(STEPS[name].target)
    assert taken == STEPS.keys()
    assert reached == set(State)


def test_a_duty_officer_does_not_archive(node):
    officer = factories.officer("duty_officer")
    incident = factories.incident(officer)
    Incident.objects.update(state=State.CONCLUDED)
    with pytest.raises(NotAllowed):
        incidents.advance_incident(actor=officer, incident=incident, rev=1, step="archive")


def test_a_reopened_incident_is_handled_and_no_longer_merged(leader):
    first, second = factories.incident(leader), factories.incident(leader)
    merged = incidents.advance_incident(
        actor=leader, incident=first, rev=1, step="merge", reason="same", into=second
    )
    again = incidents.advance_incident(
        actor=leader, incident=merged, rev=2, step="reopen", reason="not the same"
    )
    assert (again.state, again.merged_into) == (State.HANDLING, None)
