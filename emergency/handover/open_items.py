"""What is open at the desk of this node, as a handover tells it.

Owns: which things these are, and their order. Promises: reports that are overdue come first and are
never left out; the real realm alone; of an incident of another node id, number and what is due are
all that is told, so that a handover keeps nothing of what is withdrawn later. Must not know: who
signs, how it is shown.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from ..deadlines import selectors as deadlines
from ..deadlines.standing import last_of
from ..directives.followup import waits
from ..directives.selectors import open_here
from ..events import moment
from ..models import (
    Incident,
    Officer,
    Receipt,
    Report,
    ReportDraft,
    ReportReceipt,
    Request,
    Task,
    TaskStep,
)
from ..realms import REAL
from ..rounds import selectors as rounds
from ..rounds.counting import LOOK_BACK
from ..selectors import visible_incidents
from ..states import OPEN
from ..supplements import selectors as supplements

MOST = 2000
OWED = frozenset({"limit", "round", "supplement"})  # reports of this desk
ORDER = (
    "limit round supplement draft awaited directive request task report receipt incident".split()
)
WORDS = frozenset({"text", "grade", "state", "missing"})
Item = dict[str, Any]


def open_items(officer: Officer, now: datetime) -> tuple[list[Item], int]:
    """Items, and how many were left out: {key, kind, incident, number, title, due_at, overdue} and
    what each kind has besides; `due_at` is null where nothing is due."""
    found = list(_Look(officer, now, visible_incidents(REAL, officer)).items())
    found.sort(key=lambda one: (not needs_note(one), not one["overdue"], ORDER.index(one["kind"])))
    kept = found[: max(MOST, sum(needs_note(one) for one in found))]
    return kept, len(found) - len(kept)


def needs_note(item: Item) -> bool:
    """Is it a report of this desk that is overdue?"""
    return item["overdue"] and item["kind"] in OWED


@dataclass(frozen=True)
class _Look:
    """A look at what is open, by whom, when, among which incidents."""

    officer: Officer
    now: datetime
    seen: QuerySet[Incident]

    def items(self) -> Iterator[Item]:
        """Of every kind."""
        yield from self._limits()
        yield from self._rounds()
        yield from self._supplements()
        for row in self._about(ReportDraft).filter(state=ReportDraft.State.SUBMITTED):
            yield self._item("draft", row.pk, row.incident, of=row.kind)
        asked = self._about(Request).filter(answer_id=None, incident__home=settings.NODE_ID)
        for row in asked.exclude(home=settings.NODE_ID):
            yield self._item("request", row.pk, row.incident, row.due_at, text=row.text)
        yield from self._directives()
        yield from self._tasks()
        yield from self._reports()
        yield from self._incidents()

    def _about(self, kind: type) -> QuerySet:
        """What was written of this kind about incidents that are seen."""
        return kind.objects.filter(incident__in=self.seen).select_related("incident")

    def _item(
        self, kind: str, key: object, about: Incident, due: datetime | None = None, **more: object
    ) -> Item:
        own = about.home == settings.NODE_ID
        if not own:  # of what another node writes nothing stays that it may withdraw
            more = {name: said for name, said in more.items() if name not in WORDS}
        return {
            "key": f"{kind}:{key}",
            "kind": kind,
            "incident": str(about.pk),
            "number": about.number,
            "title": about.title if own else "",
            "due_at": moment(due),
            "overdue": due is not None and due <= self.now,
            **more,
        }

    def _limits(self) -> Iterator[Item]:
        """First reports that this node owes."""
        running = deadlines.that_run().filter(incident__in=self.seen, incident__state__in=OPEN)
        for row in running.select_related("incident"):
            held = last_of(row.incident.limits, row.kind)
            if held and held["id"] == str(row.limit):
                due = row.started_at + timedelta(minutes=row.minutes, seconds=-row.shift)
                yield self._item("limit", row.limit, row.incident, due, of=row.kind)

    def _rounds(self) -> Iterator[Item]:
        """Reports in rounds that are missing: those that this desk owes, those it waits for. What
        was missed of an order is one item, which another round that is missed makes a new one."""
        rows = rounds.for_desk(REAL, self.officer, self.now, back=LOOK_BACK)
        about, found = self._by_id(rows), defaultdict(list)
        for row in rows:
            ends = datetime.fromisoformat(row["started_at"]) + timedelta(minutes=row["minutes"])
            kind = "round" if row["mine"] else "awaited"
            found[kind, row["order"], ends <= self.now].append((ends, row))
        for (kind, order, _over), missed in found.items():
            last = missed[-1][1]
            yield self._item(
                kind,
                f"{order}:{last['no']}",
                about[last["incident"]],
                missed[0][0],
                nos=[row["no"] for _ends, row in missed],
                missing=sorted({name for _ends, row in missed for name in row["missing"]}),
            )

    def _supplements(self) -> Iterator[Item]:
        """Casualties that nobody has reported: owed since they changed."""
        rows = supplements.for_desk(REAL, self.officer, self.now)
        about = self._by_id(rows)
        for row in rows:
            since = datetime.fromisoformat(row["started_at"])
            one = about[row["incident"]]
            yield self._item("supplement", row["incident"], one, since, moved=row["moved"])

    def _by_id(self, rows: list[dict[str, Any]]) -> dict[str, Incident]:
        """The incidents that these rows are about."""
        return {str(one.pk): one for one in self.seen.filter(pk__in=[r["incident"] for r in rows])}

    def _directives(self) -> Iterator[Item]:
        """Directives that this node recorded and that are not followed up."""
        about = {one.pk: one for one in self.seen.filter(directives__home=settings.NODE_ID)}
        for row in open_here(self.now):
            if row.incident_id in about:
                one = about[row.incident_id]
                yield self._item("directive", row.pk, one, row.due_at, text=row.leader)

    def _tasks(self) -> Iterator[Item]:
        """Tasks of the own organisation that wait for it, on open incidents."""
        own = self._about(Task).filter(organisation=self.officer.organisation_id)
        done = set(
            TaskStep.objects.filter(kind=TaskStep.Kind.DONE, task__in=own.values("pk")).values_list(
                "task", flat=True
            )
        )
        for row in own.filter(incident__state__in=OPEN):
            if row.pk not in done if row.plan else waits(row, self.now):
                yield self._item("task", row.pk, row.incident, row.due_at, text=row.text)

    def _reports(self) -> Iterator[Item]:
        """Reports of other nodes that this desk has not taken (未签收), and incidents of theirs
        that it has not acknowledged."""
        mine = {"home": settings.NODE_ID, "organisation": self.officer.organisation_id}
        taken = ReportReceipt.objects.filter(**mine).values("report")
        issued = self._about(Report).exclude(home=settings.NODE_ID).exclude(signed_by="")
        for row in issued.exclude(pk__in=taken):
            yield self._item("report", row.pk, row.incident, of=row.kind, no=row.number)
        known = Receipt.objects.filter(kind=Receipt.Kind.ACKNOWLEDGED, **mine).values("incident")
        others = self.seen.filter(state__in=OPEN).exclude(home=settings.NODE_ID)
        for one in others.exclude(pk__in=known):
            yield self._item("receipt", one.pk, one)

    def _incidents(self) -> Iterator[Item]:
        """Incidents that are not concluded."""
        for one in self.seen.filter(state__in=OPEN):
            yield self._item("incident", one.pk, one, grade=one.grade, state=one.state)
