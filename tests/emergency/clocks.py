"""What the tests of limits share: an incident that a district took at 18:00, and looks at it.

Owns: no rules.
"""

from datetime import UTC, datetime, timedelta

from emergency.deadlines import services
from emergency.models import Deadline, DeadlineStep, Incident, Officer, Organisation, Report
from tests import factories

START = datetime(2026, 7, 1, 18, 0, tzinfo=UTC)
FLOOD = "11D02"
Step = DeadlineStep.Kind


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def flood(duty: Officer) -> Incident:
    """A mudslide that a district's desk took at 18:00: 20 minutes by phone, 40 in writing."""
    Organisation.objects.filter(pk=duty.organisation_id).update(kind="district")
    return factories.incident(duty, title="沣峪口山洪", type_code=FLOOD, received_at=START)


def look(incident: Incident, minutes: float) -> None:
    """What the watch does at that minute."""
    services.settle([incident.pk], now=at(minutes))
    services.remind(now=at(minutes))


def report(actor, incident: Incident, kind: str, minutes: float) -> None:
    """A report of that minute, as it is written down."""
    now = datetime.now(UTC)
    Report.objects.create(
        incident=incident,
        home=incident.home,
        realm=incident.realm,
        kind=kind,
        recipient="市总值班室",
        reported_at=at(minutes),
        recorded_at=now,
        author="",
        author_name="",
    )


def limits(incident: Incident) -> dict[str, int]:
    """Of those that run."""
    running = Deadline.objects.filter(incident=incident).exclude(limit__in=ended())
    return dict(running.values_list("kind", "minutes"))


def ended():
    return DeadlineStep.objects.exclude(kind=Step.REMINDED).values("deadline")


def stated(incident: Incident, kind: str = "phone") -> dict:
    """The limit that holds, as the incident states it."""
    incident.refresh_from_db()
    return [one for one in incident.limits if one["kind"] == kind][-1]


def started(incident: Incident) -> datetime:
    """From when on it holds."""
    return datetime.fromisoformat(stated(incident)["started_at"])


def reminded(incident: Incident, kind: str = "phone") -> list[int]:
    steps = DeadlineStep.objects.filter(kind=Step.REMINDED, incident=incident, report=kind)
    return sorted(steps.values_list("percent", flat=True))


def ending(incident: Incident, kind: str) -> DeadlineStep:
    ends = DeadlineStep.objects.exclude(kind=Step.REMINDED)
    return ends.get(deadline=stated(incident, kind)["id"])


def set_to(monkeypatch, minutes: float) -> None:
    """What is done about incidents from now on is done at that minute."""

    class Clock(datetime):
        @classmethod
        def now(cls, zone=None):
            return at(minutes)

    monkeypatch.setattr("emergency.services.incidents.datetime", Clock)
