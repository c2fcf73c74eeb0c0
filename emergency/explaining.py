"""Why an officer may see an incident or may not, and what the officer may do about it.

Owns: reading the rules out, one by one. Promises: how much is seen is the door's own answer
(`view_of`), what may be done `hindrance`'s; the grounds are what both of them asked, and at least
one of them gives sight exactly where the door does; nothing of the incident is told but on what
ground it reaches whom. Must not know: requests, who may ask.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from realtime.access import View

from . import realms
from .models import Incident, Officer, Organisation, Reach
from .permissions import Hindrance, hindrance
from .rights import ADMINS, Rights, rights_of
from .selectors import view_of
from .selectors_accounts import in_language

ACTS = {
    "incident.receive": gettext_lazy("acknowledge it"),
    "entry.write": gettext_lazy("write an entry"),
    "attachment.add": gettext_lazy("add a file"),
    "incident.edit": gettext_lazy("change it"),
    "incident.grade": gettext_lazy("set its grade"),
    "incident.advance": gettext_lazy("advance its state"),
    "incident.share": gettext_lazy("share it"),
    "plan.activate": gettext_lazy("put a plan in force"),
    "report.draft": gettext_lazy("draft a report"),
    "report.sign": gettext_lazy("sign a report"),
    "directive.record": gettext_lazy("record a directive"),
}
AT_HOME = frozenset(  # what the node in charge of it does alone
    "incident.edit incident.grade incident.advance report.draft report.sign".split()
)
WHY_NOT = {
    Hindrance.HIDDEN: gettext_lazy("does not see it"),
    Hindrance.ROLE: gettext_lazy("not of this role here"),
    Hindrance.REALM: gettext_lazy("the organisation does not act in this exercise"),
    Hindrance.CLOSED: gettext_lazy("the exercise is not running"),
    Hindrance.OTHERS: gettext_lazy("the organisation was shown it; others answer for it"),
}


@dataclass(frozen=True)
class Ground:
    """A rule and what it says: it gives sight, takes it (ends the matter), or neither."""

    text: str
    gives: bool | None = None


@dataclass(frozen=True)
class Act:
    """What may be done; `why_not` is empty where it may."""

    text: str
    why_not: str


@dataclass(frozen=True)
class Explained:
    """How much is seen, on what grounds, and what may be done."""

    view: View
    grounds: list[Ground]
    acts: list[Act]


def explain(officer: Officer, incident: Incident) -> Explained:
    """What the rules say of this officer and this incident, now."""
    acts = [(word, _why_not(officer, verb, incident)) for verb, word in ACTS.items()]
    return Explained(
        view=view_of(officer, incident),
        grounds=list(_grounds(officer, incident)),
        acts=[Act(str(word), why_not) for word, why_not in acts],
    )


def _why_not(officer: Officer, verb: str, incident: Incident) -> str:
    found = hindrance(officer, verb, incident)
    if found is not None:
        return str(WHY_NOT[found])
    away = verb in AT_HOME and incident.home != settings.NODE_ID
    return _("another node is in charge of it") if away else ""


def _grounds(officer: Officer, incident: Incident) -> Iterator[Ground]:
    rights, role = rights_of(officer), officer.get_role_display()
    if rights is None:
        word = _("The appointment has ended.") if officer.is_active else _("It is deactivated.")
        yield Ground(_("The account is not in force.") + " " + word, False)
        return
    if officer.role in ADMINS:
        yield Ground(_("%(role)s: administrators see no incident.") % {"role": role}, False)
        return
    bounds = realms.find(incident.realm)
    if bounds is not None:
        stand = bounds.stand(rights.organisation)
        yield _of_exercise(stand)
        if stand is realms.Stand.NONE:
            return
        if stand is not realms.Stand.ACT:
            yield _of_personal(rights, role)
            return
    if rights.everywhere:
        words = _("%(role)s of the organisation that runs this node: sees every incident here.")
        yield Ground(words % {"role": role}, True)
    elif officer.organisation.node == settings.NODE_ID:
        words = _("%(role)s: sees what reaches the organisation.")
        yield Ground(words % {"role": role})
    else:
        words = _("%(role)s of an organisation that does not run this node: sees what reaches it.")
        yield Ground(words % {"role": role})
    reaches = list(_reaches(rights, incident))
    yield from reaches
    if rights.everywhere or any(one.gives for one in reaches):
        yield _of_personal(rights, role)


def _of_exercise(stand: realms.Stand) -> Ground:
    words = {
        realms.Stand.NONE: _("It is of an exercise in which the organisation takes no part."),
        realms.Stand.LOOK: _("It is of an exercise that the organisation watches: sees all of it."),
        realms.Stand.ACT: _("It is of an exercise in which the organisation plays."),
        realms.Stand.STEER: _("It is of an exercise that the organisation steers: sees all of it."),
    }
    gives = {realms.Stand.NONE: False, realms.Stand.ACT: None}
    return Ground(words[stand], gives.get(stand, True))


def _reaches(rights: Rights, incident: Incident) -> Iterator[Ground]:
    """The organisation's own ground, and those of the ones below it."""
    found = Reach.objects.filter(Q(incident=incident), organisation__in=rights.organisations)
    rows = list(found.order_by("ended_at", "organisation", "ground"))
    codes = {rights.organisation} | {row.organisation for row in rows}
    names = in_language(dict(Organisation.objects.filter(pk__in=codes).values_list("pk", "name")))
    for row in rows:
        said = {"name": names.get(row.organisation, row.organisation)}
        said["ground"] = row.get_ground_display()
        if row.ended_at is None:
            yield Ground(_("%(name)s: %(ground)s.") % said, True)
        else:
            said["at"] = date_format(localtime(row.ended_at), "Y-m-d H:i")
            yield Ground(_("%(name)s: %(ground)s, until %(at)s.") % said)
    if not rows:
        said = {"name": names.get(rights.organisation, rights.organisation)}
        words = _("It does not reach %(name)s, nor any organisation below.") % said
        yield Ground(words, None if rights.everywhere else False)


def _of_personal(rights: Rights, role: str) -> Ground:
    words = _("%(role)s: personal details too, such as who called.")
    if not rights.personal:
        words = _("%(role)s: without personal details, such as who called.")
    return Ground(words % {"role": role})
