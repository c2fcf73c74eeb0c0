"""Facts of other nodes, and of this one when it lost them, put into the tables of the desk.

Owns: the way from the data of an envelope back to a row; `events.py` is the way there. Promises:
replaces what is there (the link hands over only what is newer), the same fact twice changes
nothing; a fact touches no row but that of its own subject, whatever its data say; checks no right,
calls no service, appends nothing; what cannot be applied raises, and the link parks it. A personal
part that was withheld leaves what is known. Must not know: who sent it.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Greatest

from realtime.blobs import HASH
from realtime.link.items import moment_of
from realtime.registry import Fact, applies, erases, opens

from . import states
from .deadlines.limits import checked
from .events import CASUALTIES, OTHERS, TEXTS
from .grading.thresholds import checked as grading_of
from .models import (
    Attachment,
    Deadline,
    Entry,
    Incident,
    NumberSeries,
    Reach,
    Receipt,
    ReportDraft,
    Request,
    Tie,
    Written,
)
from .realms import series_of

PLAIN = ("grade", "affected_area", "foreigners", "sensitive", "audience")


class NotYet(Exception):
    """What this fact hangs on has not come."""


@applies("incident")
def apply_incidents(facts: Sequence[Fact]) -> None:
    """Upsert incidents and what they reach. Raises KeyError, TypeError, ValueError for bad data."""
    rows = [_incident(fact) for fact in facts]
    personal = ("reporter", "site_contact")
    columns = [one.attname for one in Incident._meta.concrete_fields if not one.primary_key]
    columns.remove("fingerprint")
    for cleared in (True, False):
        Incident.objects.bulk_create(
            [row for row, fact in zip(rows, facts, strict=True) if bool(fact.personal) is cleared],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=[name for name in columns if cleared or name not in personal],
        )
    _reach({row.pk: fact.public["organisations"] for row, fact in zip(rows, facts, strict=True)})
    for row in rows:
        if row.home == settings.NODE_ID:
            _remember_number(row)


def _incident(fact: Fact) -> Incident:
    data = fact.public
    _require_own_data(fact)
    where = data["location"] or {}
    personal = fact.personal or {"reporter": {}, "site_contact": {}}
    return Incident(
        id=uuid.UUID(data["id"]),
        term=fact.term,
        rev=fact.rev,
        **{f"{name}_id": _other(data.get(name)) for name in OTHERS},
        occurred_at=time_of(data["occurred_at"]),
        received_at=time_of(data["received_at"]),
        lon=where.get("lon"),
        lat=where.get("lat"),
        declared=where.get("declared"),
        accuracy_m=where.get("accuracy_m"),
        grading=grading_of(data.get("grading")),
        limits=checked(data.get("limits", []), Deadline.Kind.values),
        loss_cny=None if data["loss_cny"] is None else Decimal(data["loss_cny"]),
        reporter=personal["reporter"],
        site_contact=personal["site_contact"],
        **{name: data["casualties"][name] for name in CASUALTIES},
        **{name: data[name] for name in (*TEXTS, *PLAIN)},
    )


def _other(told: Any) -> uuid.UUID | None:
    """The id of another incident; what is none names none."""
    try:
        return uuid.UUID(told) if told else None
    except (ValueError, TypeError, AttributeError):
        return None


def _reach(wanted: dict[uuid.UUID, list[dict[str, str]]]) -> None:
    """Let each incident reach these organisations, on these grounds, and no others; to whom this
    node alone shows it is not its home's to say."""
    known = {
        (row.incident_id, row.organisation, row.ground): row
        for row in Reach.objects.filter(incident__in=wanted).exclude(ground=Reach.Ground.HERE)
    }
    now = datetime.now(UTC)
    target = {(pk, one["code"], one["ground"]) for pk, reached in wanted.items() for one in reached}
    if any(ground == Reach.Ground.HERE for _pk, _code, ground in target):
        raise ValueError("what is shown here is for this node to say")
    changed = []
    for key, row in known.items():
        if (row.ended_at is None) != (key in target):
            row.ended_at = None if key in target else now
            changed.append(row)
    Reach.objects.bulk_update(changed, ["ended_at"])
    Reach.objects.bulk_create(
        Reach(incident_id=pk, organisation=code, ground=ground)
        for pk, code, ground in sorted(target - known.keys(), key=str)
    )


def _remember_number(row: Incident) -> None:
    """A number of this node that came back is never given out again."""
    year, last = (int(part) for part in row.number.rsplit("-", 2)[1:])
    series, _new = NumberSeries.objects.get_or_create(
        realm=series_of(row.realm), kind="incident", year=year
    )
    NumberSeries.objects.filter(pk=series.pk).update(last=Greatest(F("last"), last))


@applies("entry")
def apply_entries(facts: Sequence[Fact]) -> None:
    """Upsert timeline entries. Raises NotYet where the incident, or what is corrected, lacks."""
    require_incidents(facts)
    rows = [_entry(fact) for fact in facts]
    corrected = {row.corrects_id for row in rows if row.corrects_id} - {row.pk for row in rows}
    if corrected - set(Entry.objects.filter(pk__in=corrected).values_list("pk", flat=True)):
        raise NotYet
    Entry.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["rev", "struck_at", "struck_by", "struck_reason"],
    )


def _entry(fact: Fact) -> Entry:
    data = fact.public
    struck = data["struck"] or {}
    return Entry(
        **record(fact),
        rev=fact.rev,
        text=data["text"],
        author=data["author"],
        author_name=data["author_name"],
        occurred_at=time_of(data["occurred_at"]),
        recorded_at=time_of(data["recorded_at"]),
        corrects_id=uuid.UUID(data["corrects"]) if data["corrects"] else None,
        struck_at=time_of(struck.get("at")),
        struck_by=struck.get("by", ""),
        struck_reason=struck.get("reason", ""),
    )


@applies("attachment")
def apply_attachments(facts: Sequence[Fact]) -> None:
    """Insert attachments; their content comes on its own. Raises NotYet."""
    require_incidents(facts)
    if not all(HASH.fullmatch(fact.public["sha256"]) for fact in facts):
        raise ValueError("a file is named by its hash alone")
    _insert(Attachment, facts, "name media_type size sha256 author author_name")


@applies("tie")
def apply_ties(facts: Sequence[Fact]) -> None:
    """Insert ties; where the survey of sensitive layers was withheld it is empty. Raises NotYet."""
    require_incidents(facts)
    Tie.objects.bulk_create(
        [
            Tie(
                **record(fact),
                made_at=time_of(fact.public["made_at"]),
                reason=fact.public["reason"],
                lon=fact.public["survey"]["lon"],
                lat=fact.public["survey"]["lat"],
                survey=fact.public["survey"],
                sensitive=(fact.personal or {}).get("sensitive", {"layers": {}}),
            )
            for fact in facts
        ],
        ignore_conflicts=True,
    )


@applies("request")
def apply_requests(facts: Sequence[Fact]) -> None:
    """Insert requests to the home of an incident. Raises NotYet."""
    require_incidents(facts)
    _insert(
        Request, facts, "kind text proposed author author_name", times=("recorded_at", "due_at")
    )


@applies("receipt")
def apply_receipts(facts: Sequence[Fact]) -> None:
    """Insert receipts. Raises NotYet, ValueError for a kind that there is not."""
    require_incidents(facts)
    if not all(fact.public["kind"] in Receipt.Kind.values for fact in facts):
        raise ValueError("a receipt of no known kind")
    _insert(Receipt, facts, "kind organisation role author author_name")


@applies("answer")
def apply_answers(facts: Sequence[Fact]) -> None:
    """Note the answer at its request, the first one alone. Raises NotYet."""
    require_incidents(facts)
    for fact in facts:
        columns, data = record(fact), fact.public
        asked = Request.objects.filter(incident=columns["incident_id"], pk=data["request"])
        if not asked.exists():
            raise NotYet
        asked.filter(answer_id=None).update(
            answer_id=columns["id"],
            answer_home=columns["home"],
            outcome=data["outcome"],
            answer=data["text"],
            answered_by=data["author"],
            answered_by_name=data["author_name"],
            answered_at=time_of(data["recorded_at"]),
        )


def _insert(
    kind: type[Attachment | Request | Receipt],
    facts: Sequence[Fact],
    names: str,
    *,
    times: Sequence[str] = ("recorded_at",),
) -> None:
    """What is written once about an incident and never changes; `names` are its other columns."""
    rows = [
        kind(
            **record(fact),
            **{name: time_of(fact.public[name]) for name in times},
            **{name: fact.public[name] for name in names.split()},
        )
        for fact in facts
    ]
    kind.objects.bulk_create(rows, ignore_conflicts=True)


def record(fact: Fact) -> dict[str, Any]:
    """The columns that everything about an incident has."""
    data = fact.public
    _require_own_data(fact)
    if fact.about != f"incident/{data['incident']}":
        raise ValueError("data about another incident than the header says")
    return {
        "id": uuid.UUID(data["id"]),
        "incident_id": uuid.UUID(data["incident"]),
        "home": fact.source,
        "realm": fact.realm,
    }


def _require_own_data(fact: Fact) -> None:
    """The link has checked who may write the subject; so the data have to be that subject's."""
    said = tuple(fact.public[name] for name in ("id", "home", "realm"))
    if said != (fact.subject.partition("/")[2], fact.home, fact.realm):
        raise ValueError("data of another thing than the header says")


def require_incidents(facts: Sequence[Fact]) -> None:
    """Raise NotYet unless the incidents are here, in the realm of what is about them."""
    wanted = {(uuid.UUID(fact.public["incident"]), fact.realm) for fact in facts}
    found = Incident.objects.filter(pk__in={pk for pk, _realm in wanted})
    if wanted - set(found.values_list("pk", "realm")):
        raise NotYet


def time_of(text: str | None) -> datetime | None:
    """A moment of the data. Raises ValueError, TypeError for what is none."""
    return moment_of(text) if text else None


@opens
def open_incidents() -> Iterable[str]:
    """Incidents that are being handled, drills too."""
    found = Incident.objects.filter(state__in=states.OPEN)
    return (f"incident/{pk}" for pk in found.values_list("pk", flat=True))


@erases("incident")
def erase_incident(thing: str) -> list[str]:
    """Remove an incident that this node may hold no longer, and all that is written about it."""
    pk = uuid.UUID(thing.partition("/")[2])
    files = Attachment.objects.filter(incident=pk)
    others = Attachment.objects.exclude(incident=pk).values("sha256")
    alone = list(files.exclude(sha256__in=others).values_list("sha256", flat=True))
    Entry.objects.filter(incident=pk).update(corrects=None)  # a correction may be corrected again
    for kind in (Entry, Tie, Request, Receipt, *Written.__subclasses__(), ReportDraft):
        kind.objects.filter(incident=pk).delete()
    files.delete()
    Incident.objects.filter(pk=pk).delete()
    return alone
