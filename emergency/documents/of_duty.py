"""每日值班报告, 值班日志 and 交接班记录: what the desk did, as documents.

Owns: what stands in them. Promises: a handover as it was signed; of incidents of other nodes only
figures, and in lists the number alone. Must not know: templates.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from realtime.problems import Invalid, NotFound

from ..duty.selectors import Wanted, entries
from ..events import CASUALTIES
from ..handover import selectors as handovers
from ..handover.open_items import Item, open_items
from ..models import Grade, Handover, Incident, IncidentType, Officer
from ..realms import REAL
from ..reporting.elements import FIGURES
from ..selectors import visible_incidents
from ..states import State
from .sources import Source, day, key, lines, when

LISTED = 200
MOST = 2000  # entries of a day's log
SPAN = timedelta(days=1)
NO_INCIDENT = (State.FALSE_REPORT, State.MERGED, State.REFERRED)


def daily(officer: Officer, of: str) -> Source:
    """Of `until/2026-11-28T08:00`, a local minute: the day that ended then."""
    try:
        ends = timezone.make_aware(datetime.fromisoformat(of.removeprefix("until/")))
    except ValueError as error:
        raise Invalid(fields={"until": _("This is no time.")}) from error
    now = datetime.now(UTC)
    if not 1971 < ends.year < 2199 or ends > now:
        raise Invalid(fields={"until": _("This has not happened yet.")})
    begins = ends - SPAN
    found = list(
        visible_incidents(REAL, officer)
        .filter(received_at__gte=begins, received_at__lt=ends)
        .exclude(state__in=NO_INCIDENT)
    )
    items, _more = open_items(officer, now)
    said = {
        "span": f"{when(begins)} 至 {when(ends)}",
        "as_of": when(now),
        "total": f"{len(found)} 起",
        "casualties": _casualties(found),
        "classes": _counted(_class_names(found)),
        "districts": _counted(one.district_name or "区域不明" for one in found),
        "grades": _counted(str(Grade(one.grade).label) if one.grade else "未定级" for one in found),
        "open": [_item(one, {}) for one in items[:LISTED]],
        "more": str(len(items) - LISTED + _more) if len(items) > LISTED else "",
    }
    title = f"{timezone.localtime(ends):%Y年%m月%d日}值班报告"
    return Source(of=f"until/{timezone.localtime(ends):%Y-%m-%dT%H:%M}", title=title, said=said)


def _class_names(found: Sequence[Incident]) -> list[str]:
    """The category of each, the first level of the class tree."""
    tops = {f"{one.type_code[:2]}000" for one in found}
    names = dict(IncidentType.objects.filter(pk__in=tops).values_list("code", "name"))
    return [names.get(f"{one.type_code[:2]}000", "未分类") for one in found]


def _counted(names: Iterable[str]) -> list[dict[str, str]]:
    return [{"name": name, "count": str(n)} for name, n in Counter(names).most_common()]


def _casualties(found: Sequence[Incident]) -> str:
    """Sums of what is known; how many incidents do not say."""
    told = []
    for name in CASUALTIES:
        figures = [getattr(one, name) for one in found]
        known, unknown = [one for one in figures if one is not None], figures.count(None)
        if unknown and not any(known):
            told.append(f"{FIGURES[name]} 不详 {unknown} 起")
        elif any(known):
            rest = f"（另 {unknown} 起不详）" if unknown else ""
            told.append(f"{FIGURES[name]} {sum(known)}{rest}")
    return "，".join(told)


def log_of(officer: Officer, of: str) -> Source:
    """Of `day/2026-11-28`: what came in and went out on that day, the earliest first."""
    on = day(of)
    found = entries(officer, Wanted(day=on), before=None, limit=MOST + 1)
    if len(found) > MOST:
        raise Invalid(_("This day has too many entries for one document."))
    rows = []
    for one in sorted(found, key=lambda one: (one.entry.at, one.entry.recorded_at)):
        entry = one.entry
        note = "（已更正）" if one.corrected_by else "（更正）" if entry.corrects_id else ""
        rows.append(
            {
                "time": f"{timezone.localtime(entry.at):%H:%M}",
                "channel": f"{entry.channel_name} {entry.get_direction_display()}{note}",
                "party": f"{entry.party} {entry.phone}".strip(),
                "summary": entry.summary,
                "handling": entry.handling,
                "incident": entry.number,
                "author": entry.author_name,
            }
        )
    said = {"day": f"{on:%Y年%m月%d日}", "rows": rows}
    return Source(of=f"day/{on}", title=f"{on:%Y年%m月%d日}值班日志", said=said)


def handover(officer: Officer, of: str) -> Source:
    """Of `handover/<id>`, one that was taken over."""
    found = handovers.handover(officer, key(of))
    if found.home != settings.NODE_ID or found.state != Handover.State.TAKEN:
        raise NotFound
    said = {
        "giver": found.giver_name,
        "given_at": when(found.given_at),
        "taker": found.taker_name,
        "taken_at": when(found.taken_at),
        "items": [_item(one, found.notes) for one in found.items],
        "more": str(found.more) if found.more else "",
        **{name: lines(getattr(found, name)) for name in TEXTS},
    }
    title = f"{timezone.localtime(found.given_at):%Y年%m月%d日 %H:%M}交接班记录"
    return Source(of=f"handover/{found.pk}", title=title, said=said)


TEXTS = ("warnings", "faults", "sensitive", "remarks")


def _item(one: Item, notes: dict[str, str]) -> dict[str, str]:
    due = datetime.fromisoformat(one["due_at"]) if one["due_at"] else None
    blank = {"text": "", "grade": None, "state": ""}
    return {
        "number": one["number"],
        "what": f"{handovers.words(blank | one)} {one['title']}".strip(),
        "due": when(due),
        "state": "逾期" if one["overdue"] else "",
        "note": notes.get(one["key"], ""),
    }
