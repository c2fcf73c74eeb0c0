"""Whose account an identity of the city is: bound at its first sign-in, let go by an administrator.

Owns: every write to that binding. Promises: an identity is bound to the account that it names once,
and never moves to another by a change of name at the provider; nobody is made an officer by it.
Must not know: tokens, requests.
"""

from datetime import UTC, datetime

from django.db import IntegrityError, transaction

from ..factor.services import note
from ..models import Officer, UnifiedIdentity
from ..permissions import require
from ..selectors import actor_text
from ..services.account_steps import end_sessions, require_another


def officer_of(*, issuer: str, subject: str, username: str, address: str) -> Officer | None:
    """The officer of this identity, bound now if it names one that is bound to no other; None
    where there is none."""
    with transaction.atomic():
        bound = UnifiedIdentity.objects.filter(issuer=issuer, subject=subject).first()
        if bound is not None:
            return bound.officer
        officer = Officer.objects.filter(username=username).first()
        if officer is None:
            return None
        said = {"issuer": issuer, "subject": subject, "since": datetime.now(UTC)}
        try:
            with transaction.atomic():
                UnifiedIdentity.objects.create(officer=officer, **said)
        except IntegrityError:  # the account is another's
            return None
        note(officer, "bound", address=address)
    return officer


def let_go(*, actor: Officer, officer: Officer) -> None:
    """Let the next identity that names this account have it; its sessions end."""
    require(actor, "officer.manage")
    require_another(actor, officer)
    with transaction.atomic():
        if UnifiedIdentity.objects.filter(officer=officer).delete()[0]:
            note(officer, "let_go", actor=actor_text(actor), count=end_sessions(officer))
