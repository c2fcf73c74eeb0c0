"""Steps that services of accounts have in common.

Owns: the end of an officer's sessions, and the rule that nobody does this to themselves. Promises:
each is part of the caller's transaction and recorded by it. Must not know: why.
"""

from django.contrib.sessions.models import Session
from django.utils.translation import gettext as _

from realtime import refusals
from realtime.problems import NotAllowed

from ..models import Officer
from ..selectors_accounts import session_keys


def end_sessions(officer: Officer, keep: str | None = None) -> int:
    """End the sessions of an officer but `keep`; how many."""
    keys = set(session_keys(officer)) - {keep}
    return Session.objects.filter(session_key__in=keys).delete()[0]


def require_another(actor: Officer, officer: Officer) -> None:
    """Raise NotAllowed: nobody gives themselves rights, nor a password without knowing the old."""
    if actor.pk == officer.pk:
        refusals.count(actor.username, "change of one's own rights")
        raise NotAllowed(_("Nobody does this to their own account."))
