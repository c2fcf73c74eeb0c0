"""Whose account an identity of the city is: bound once by its officer, let go by an administrator.

Owns: every write to that binding. Promises: who binds an identity has proven both, the identity at
its provider and the account here with all that is asked for; no name at the provider opens an
account; an identity is one account's, an account's is one. Must not know: tokens, requests.
"""

from datetime import UTC, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from realtime.problems import Conflict

from ..factor.services import note
from ..models import Officer, UnifiedIdentity
from ..permissions import require
from ..selectors import actor_text
from ..services.account_steps import end_sessions, require_another


def bind(*, officer: Officer, issuer: str, subject: str, address: str) -> None:
    """Let this identity sign in as the officer, who has just signed in here. Raises Conflict where
    it is another's, or the officer has another."""
    said = {"issuer": issuer, "subject": subject}
    with transaction.atomic():
        if UnifiedIdentity.objects.filter(officer=officer, **said).exists():
            return
        try:
            with transaction.atomic():
                made = UnifiedIdentity(officer=officer, since=datetime.now(UTC), **said)
                made.save(force_insert=True)
        except IntegrityError as error:
            raise Conflict(_("This identity, or this account, is bound to another.")) from error
        note(officer, "bound", address=address)


def let_go(*, actor: Officer, officer: Officer) -> None:
    """Let an officer bind another identity; the sessions end."""
    require(actor, "officer.manage")
    require_another(actor, officer)
    with transaction.atomic():
        if UnifiedIdentity.objects.filter(officer=officer).delete()[0]:
            note(officer, "let_go", actor=actor_text(actor), count=end_sessions(officer))
