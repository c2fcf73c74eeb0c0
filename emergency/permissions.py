"""May this officer do this? Services ask here, once, at their door.

Owns: `may` and `require`. Promises: deny by default; an incident that an officer cannot
see answers as if it did not exist; who was only shown an incident adds to it and steers nothing;
beside the real realm only who acts there writes; every refusal is recorded. Must not know:
requests, templates; the table itself is emergency/roles.py.
"""

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


def require(officer: Officer, verb: str, incident: Incident | None = None) -> None:
    """Raise NotFound for what the officer cannot see, NotAllowed for what the role lacks."""
    if incident is not None and view_of(officer, incident) < View.PUBLIC:
        refusals.count(officer.username, f"{verb} on a hidden incident")
        raise NotFound
    if not may(officer, verb):
        refusals.count(officer.username, verb)
        raise NotAllowed
    if incident is not None:
        require_realm(officer, incident.realm)
    if incident is not None and verb in STEERING and not answers_for(officer, incident):
        refusals.count(officer.username, f"{verb} on an incident of others")
        raise NotAllowed(_("Your organisation was shown this incident; others answer for it."))


def require_realm(officer: Officer, realm: str) -> None:
    """Raise NotAllowed for who does not act in a realm beside the real one, or not now."""
    bounds = realms.find(realm)
    if bounds is None:
        return
    if bounds.stand(officer.organisation_id) < realms.Stand.ACT:
        refusals.count(officer.username, "writing in a realm of others")
        raise NotAllowed(_("Your organisation does not act in this exercise."))
    if not bounds.open:
        raise NotAllowed(_("The exercise is not running."))


def require_home(thing: Incident | Entry) -> None:
    """Raise NotHomeNode for a thing that another node writes."""
    if thing.home != settings.NODE_ID:
        raise NotHomeNode
