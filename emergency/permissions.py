"""May this officer do this? Services ask here, once, at their door.

Owns: `may`, `hindrance` and `require`. Promises: deny by default; an incident that an officer
cannot see answers as if it did not exist; who was only shown an incident adds to it and steers
nothing; beside the real realm only who acts there writes; every refusal is recorded. Must not know:
requests, templates; the table itself is emergency/roles.py.
"""

from enum import StrEnum

from django.conf import settings
from django.utils.translation import gettext as _

from realtime import refusals
from realtime.access import View
from realtime.problems import NotAllowed, NotFound

from . import realms
from .errors import NotHomeNode
from .models import Entry, Incident, Officer
from .rights import answers_for
from .roles import STEERING, verbs_of
from .selectors import view_of


def may(officer: Officer, verb: str) -> bool:
    """Does this officer's role include the verb here?"""
    return officer.in_force() and verb in verbs_of(officer)


class Hindrance(StrEnum):
    """What stands between an officer and an act; the first of them counts."""

    HIDDEN = "hidden"  # the incident is not visible to the officer
    ROLE = "role"  # the role lacks the verb here
    REALM = "realm"  # the organisation does not act in the exercise
    CLOSED = "closed"  # the exercise is not running
    OTHERS = "others"  # the incident was only shown to the organisation


def hindrance(officer: Officer, verb: str, incident: Incident | None = None) -> Hindrance | None:
    """What keeps the officer from it; None: nothing does."""
    if incident is not None and view_of(officer, incident) < View.PUBLIC:
        return Hindrance.HIDDEN
    if not may(officer, verb):
        return Hindrance.ROLE
    if incident is None:
        return None
    if beside := _beside(officer, incident.realm):
        return beside
    if verb in STEERING and not answers_for(officer, incident):
        return Hindrance.OTHERS
    return None


def require(officer: Officer, verb: str, incident: Incident | None = None) -> None:
    """Raise NotFound for what the officer cannot see, NotAllowed for what is not theirs to do."""
    found = hindrance(officer, verb, incident)
    if found is not None:
        _refuse(officer, verb, found)


def require_realm(officer: Officer, realm: str) -> None:
    """Raise NotAllowed for who does not act in a realm beside the real one, or not now."""
    found = _beside(officer, realm)
    if found is not None:
        _refuse(officer, "", found)


def _beside(officer: Officer, realm: str) -> Hindrance | None:
    bounds = realms.find(realm)
    if bounds is None:
        return None
    if bounds.stand(officer.organisation_id) < realms.Stand.ACT:
        return Hindrance.REALM
    return None if bounds.open else Hindrance.CLOSED


def _refuse(officer: Officer, verb: str, found: Hindrance) -> None:
    """Record the refusal and raise it; that an exercise is not running is nobody's attempt."""
    told = {
        Hindrance.HIDDEN: f"{verb} on a hidden incident",
        Hindrance.ROLE: verb,
        Hindrance.REALM: "writing in a realm of others",
        Hindrance.OTHERS: f"{verb} on an incident of others",
    }
    if found in told:
        refusals.count(officer.username, told[found])
    if found == Hindrance.HIDDEN:
        raise NotFound
    words = {
        Hindrance.REALM: _("Your organisation does not act in this exercise."),
        Hindrance.CLOSED: _("The exercise is not running."),
        Hindrance.OTHERS: _("Your organisation was shown this incident; others answer for it."),
    }
    raise NotAllowed(words[found]) if found in words else NotAllowed


def require_home(thing: Incident | Entry) -> None:
    """Raise NotHomeNode for a thing that another node writes."""
    if thing.home != settings.NODE_ID:
        raise NotHomeNode
