"""A storm: a plan whose levels ask two counties for a report every hour, in force on an incident.

Owns: no rules.
"""

from datetime import UTC, datetime, timedelta

from emergency.models import Incident, RoundOrder, RoundReminder, RoundReport
from emergency.plans.services import responses
from emergency.rounds import selectors, services
from tests import factories

LEVELS = [
    {"code": "IV", "name": "Ⅳ级响应", "when": "", "every": 0},
    {"code": "III", "name": "Ⅲ级响应", "when": "", "every": 60},
    {"code": "II", "name": "Ⅱ级响应", "when": "", "every": 60},
]


class Storm:
    """A plan in force whose levels III and II ask two counties for a report every hour."""

    def __init__(self, leader):
        self.leader = leader
        self.counties = [factories.organisation(code) for code in ("610122", "610124")]
        factories.plan(levels=LEVELS, tasks=[], reporters=[one.pk for one in self.counties])
        self.incident = factories.incident(leader)
        self.activate("III")

    def activate(self, level: str) -> None:
        self.incident.refresh_from_db()
        responses.activate_plan(
            actor=self.leader, incident=self.incident, **factories.activation(level=level)
        )

    @property
    def order(self) -> RoundOrder:
        return selectors.orders([self.incident])[0]

    def at(self, minutes: float) -> datetime:
        return self.order.recorded_at + timedelta(minutes=minutes)

    def began(self, minutes: float) -> None:
        """Let the order be as old as this."""
        then = datetime.now(UTC) - timedelta(minutes=minutes)
        RoundOrder.objects.filter(pk=self.order.pk).update(recorded_at=then)

    def look(self, minutes: float) -> None:
        services.remind(now=self.at(minutes))

    def report(self, county: int = 0, no: int = 1, **fields) -> RoundReport:
        code = self.counties[county].pk
        said = {"nothing_new": True, "text": ""} | fields
        actor = said.pop("actor", None) or factories.officer("district_officer", code)
        incident = Incident.objects.get(pk=self.incident.pk)
        return services.report_round(
            actor=actor,
            incident=incident,
            **{"order": self.order.pk, "no": no, "organisation": code} | said,
        )


def said() -> list[tuple[int, int, int]]:
    """Round, per cent and how many were missing of every reminder."""
    rows = RoundReminder.objects.order_by("recorded_at", "no")
    return [(one.no, one.percent, len(one.missing)) for one in rows]
