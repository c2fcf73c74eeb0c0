"""What a report is drafted from, drafts, and how far an issued report has come.

Owns: reads. Promises: a draft is read by who drafts or signs; what was done is counted from the
moment at which the last report was written down. Must not know: how anything is written.
"""

import uuid
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from realtime import log
from realtime.link.outgoing import arrivals as arrivals_of
from realtime.models import Envelope
from realtime.problems import NotFound

from .. import realms
from ..models import Incident, Officer, Organisation, Report, ReportDraft, ReportElement
from ..models.reports import NUMBERED
from ..permissions import may
from ..rights import answers_for
from ..selectors import withheld, written
from ..selectors_homes import homes
from . import drafting, elements, events

Needed = ReportElement.Needed
PERSONAL = ("reporter", "site_contact")


def needed(kind: str, said: Collection[str]) -> dict[str, int]:
    """The elements that a report of this kind has to say, in their order, with their weights;
    persons only where they are among what is `said`."""
    wanted = {Needed.FIRST, Needed.FINAL} if kind == Report.Kind.FINAL else {Needed.FIRST}
    asked = [name for name in elements.LABELS if name in said or name not in PERSONAL]
    rows = ReportElement.objects.filter(needed__in=wanted, name__in=asked)
    return dict(rows.values_list("name", "weight"))


def said(incident: Incident) -> dict[str, Any]:
    """Every element as the incident says it now; persons that this node was never told of are left
    out."""
    names = ReportElement.objects.filter(name__in=elements.LABELS).values_list("name", flat=True)
    kept_back = PERSONAL if withheld([incident]) else ()
    return elements.values(incident, [name for name in names if name not in kept_back])


def chain(incident: Incident) -> QuerySet[Report]:
    """The reports of an incident that are or were its home's to make, the earliest first; what
    another node signed about it counts for none of them."""
    return incident.reports.filter(home__in=[home for _pk, home in homes([incident])])


def last_issued(incident: Incident) -> Report | None:
    """The last report with elements; None where none was issued."""
    return last_of([incident]).get(incident.pk)


def last_of(found: Collection[Incident]) -> dict[uuid.UUID, Report]:
    """The last report with elements of each of these incidents that has one: the last of this node,
    in the order of its log whatever a clock said, and where there is none that of a former home."""
    told = homes(found)
    issued = Report.objects.filter(incident__in=found).exclude(signed_by="")
    rows = {f"report/{row.pk}": row for row in issued if (row.incident_id, row.home) in told}
    places = Envelope.objects.filter(subject__in=rows).values_list("subject", "position")
    at = dict(places)
    order = sorted(rows, key=lambda one: (rows[one].home == settings.NODE_ID, at.get(one, 0)))
    return {rows[subject].incident_id: rows[subject] for subject in order}


def covers_now() -> dict[str, Any]:
    """Up to where a report proposed now tells: the end of this node's log, and the moment."""
    head = log.head()
    return {"epoch": head.epoch, "position": head.position, "at": datetime.now(UTC).isoformat()}


def _later(incident: Incident, last: Report | None) -> dict[str, Any]:
    """What of an incident the last report cannot have told: by this node's log where that report
    was made here, so that what came late counts too; by the clock where it was made elsewhere."""
    if last is None:
        return {}
    told = last.covers
    if not told or last.home != settings.NODE_ID or told["epoch"] != log.head().epoch:
        at = datetime.fromisoformat(told["at"]) if told else last.recorded_at
        return {"recorded_at__gt": at}
    rows = Envelope.objects.filter(about=f"incident/{incident.pk}", position__gt=told["position"])
    subjects = rows.values_list("subject", flat=True)
    return {"pk__in": [uuid.UUID(subject.partition("/")[2]) for subject in subjects]}


def lines_since(incident: Incident, last: Report | None) -> list[drafting.Line]:
    """What was written down later: entries that hold, plans put in force, tasks done, what was new
    in rounds of reports."""
    later = _later(incident, last)
    news = list(incident.roundreports.filter(**later).exclude(text=""))
    codes = {one.organisation for one in news}
    names = dict(Organisation.objects.filter(pk__in=codes).values_list("code", "name"))
    entries = incident.entries.filter(struck_at=None, corrected_by=None, **later)
    lines = [
        *(drafting.Line(one.occurred_at, one.text) for one in entries),
        *(
            drafting.Line(one.recorded_at, _plan(one))
            for one in incident.activations.filter(**later)
        ),
        *(
            drafting.Line(one.recorded_at, one.text)
            for one in incident.responseends.filter(**later)
        ),
        *(
            drafting.Line(one.recorded_at, one.text)
            for one in incident.tasksteps.filter(**later).exclude(text="")
        ),
        *(
            drafting.Line(
                one.recorded_at,
                _("%(who)s: %(text)s")
                % {"who": names.get(one.organisation, one.organisation), "text": one.text},
            )
            for one in news
        ),
    ]
    return sorted(lines, key=lambda line: line.at)


def _plan(one: Any) -> str:
    return f"{one.plan_name} {one.level_name}: {one.measures}"


def proposal(incident: Incident, kind: str) -> dict[str, Any]:
    """A report of this kind as it could be submitted now: rev of the incident, covers, number,
    elements, before, filled, unknown, lacking, complete, text, recipient (of the last),
    contradictions."""
    covers = covers_now()  # first: what comes while this is made is told by the next
    last = last_issued(incident)
    made = last or chain(incident).last()
    now, before = said(incident), last.elements if last else {}
    since = made if kind in NUMBERED else None
    return {
        "kind": kind,
        "rev": incident.rev,
        "covers": covers,
        "number": number(incident, kind),
        "recipient": made.recipient if made else "",
        "elements": now,
        "before": drafting.changed(before, now),
        **drafting.completeness(now, [], needed(kind, now)),
        "contradictions": drafting.contradictions(before, now),
        "text": drafting.words(kind, before, now, lines_since(incident, since)),
    }


def number(incident: Incident, kind: str) -> int:
    """The number that the next report of this kind has, 0 for one that is made once."""
    if kind not in NUMBERED:
        return 0
    return max(chain(incident).filter(kind=kind).values_list("number", flat=True), default=0) + 1


def draft(officer: Officer, pk: uuid.UUID) -> ReportDraft:
    """A draft about a visible incident, for who drafts reports of it. Raises NotFound."""
    found = written(ReportDraft, officer, pk)
    bounds = realms.find(found.realm)
    acts = bounds is None or bounds.stand(officer.organisation_id) >= realms.Stand.ACT
    if not (acts and may(officer, "report.draft") and answers_for(officer, found.incident)):
        raise NotFound
    return found


def report(officer: Officer, pk: uuid.UUID) -> Report:
    """A report about a visible incident. Raises NotFound."""
    return written(Report, officer, pk)


def whole(one: ReportDraft) -> dict[str, Any]:
    """A draft with its words, and what of the incident has changed since it was submitted."""
    now = said(one.incident)
    return events.draft_data(one) | {
        "reason": one.reason,
        "said_of": one.said_of,
        "covers": one.covers,
        "recipient": one.recipient,
        "text": one.text,
        "unknown": one.unknown,
        "elements": one.elements,
        "before": drafting.changed(_before(one), one.elements),
        "since": drafting.changed(one.elements, now),
        "number": number(one.incident, one.kind),
    }


def _before(one: ReportDraft) -> dict[str, Any]:
    last = last_issued(one.incident)
    return last.elements if last else {}


def arrivals(incident: Incident) -> dict[str, list[str]]:
    """Id of each report of this node to the nodes that have confirmed that they hold it."""
    own = incident.reports.filter(home=settings.NODE_ID).values_list("pk", flat=True)
    there = arrivals_of([f"report/{pk}" for pk in own])
    return {subject.partition("/")[2]: nodes for subject, nodes in there.items()}
