"""Second factors: set up, used, renewed, removed; and of which roles they are asked.

Owns: every write to them. Promises: a code is used once, a recovery code too, whoever else tries at
the same moment; each change is an envelope; an administrator takes a lost one away and never learns
or sets a secret. Must not know: requests, pictures.
"""

import uuid
from collections.abc import Collection
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from realtime import log
from realtime.problems import Invalid

from ..models import FactorRule, Officer, Role, SecondFactor
from ..permissions import require
from ..selectors import actor_text
from ..services.account_steps import end_sessions, require_another
from . import codes
from .events import FACTOR_ASKED, SIGN_IN_CHANGED
from .selectors import ALL, roles_asked

CODE, RECOVERY = "code", "recovery"


def set_up(
    *, officer: Officer, secret: bytes, code: str, address: str, keep: str | None = None
) -> list[str]:
    """Let this authenticator be the officer's; recovery codes, the only time they can be read.

    The one before and its codes are no good any more, every session but `keep` ends. Raises Invalid
    for a code that is not of it.
    """
    now = datetime.now(UTC)
    step = codes.step_of(secret, codes.read(code), now, 0)
    if step is None:
        raise Invalid(fields={"code": _("This is not the code of this moment.")})
    made = codes.recovery_codes()
    said = {"secret": codes.sealed(secret), "step": step, "since": now, "codes": codes.kept(made)}
    with transaction.atomic():
        SecondFactor.objects.update_or_create(officer=officer, defaults=said)
        note(officer, "set_up", address=address, count=end_sessions(officer, keep=keep))
    return made


def use(*, officer: Officer, code: str) -> str | None:
    """Use a code up: CODE or RECOVERY, or None where it is wrong or was used."""
    given = codes.read(code)
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().filter(officer=officer).first()
        if factor is None:
            return None
        secret = codes.opened(factor.secret)
        step = secret and codes.step_of(secret, given, datetime.now(UTC), factor.step)
        if step:
            said = {"step": step, "secret": codes.sealed(secret)}  # by the node's newest secret
            SecondFactor.objects.filter(pk=factor.pk).update(**said)
            return CODE
        [digest] = codes.kept([given])
        if digest not in factor.codes:
            return None
        left = [one for one in factor.codes if one != digest]
        SecondFactor.objects.filter(pk=factor.pk).update(codes=left)
        return RECOVERY


def renew_codes(*, officer: Officer, address: str) -> list[str]:
    """Other recovery codes; the ones before are no good any more."""
    made = codes.recovery_codes()
    with transaction.atomic():
        if not SecondFactor.objects.filter(officer=officer).update(codes=codes.kept(made)):
            raise Invalid(_("There is no second factor yet."))
        note(officer, "codes", address=address)
    return made


def remove(*, officer: Officer, address: str) -> None:
    """Sign in by the password alone again. Raises Invalid where the role may not."""
    with transaction.atomic():
        if officer.role in roles_asked():
            raise Invalid(_("Your role signs in with a second factor. Set up another instead."))
        if SecondFactor.objects.filter(officer=officer).delete()[0]:
            note(officer, "removed", address=address)


def take_away(*, actor: Officer, officer: Officer) -> None:
    """Take away a lost one; ends every session. Whose role needs one sets it up at the next
    sign-in."""
    require(actor, "officer.manage")
    require_another(actor, officer)
    take_away_here(officer=officer, actor=actor_text(actor))


def take_away_here(*, officer: Officer, actor: str = log.SYSTEM) -> None:
    """The same by who stands at the machine, where no other administrator can."""
    with transaction.atomic():
        SecondFactor.objects.filter(officer=officer).delete()
        count = end_sessions(officer)
        note(officer, "reset", actor=actor, count=count)


def ask_roles(*, actor: Officer, roles: Collection[str]) -> None:
    """Ask officers of these roles, and no other, for a second factor; sessions without it end."""
    require(actor, "officer.manage")
    with transaction.atomic():
        if settings.SECOND_FACTOR == ALL:
            raise Invalid(_("This node is set to ask everybody."))
        before, now = sorted(roles_asked()), sorted(set(roles) & set(Role.values))
        if before == now:
            return
        FactorRule.objects.exclude(role__in=now).delete()
        FactorRule.objects.bulk_create(FactorRule(role=role) for role in set(now) - set(before))
        log.append(
            FACTOR_ASKED,
            subject=f"audit/{uuid.uuid4()}",
            actor=actor_text(actor),
            realm="real",
            rev=1,
            public={"asked": now, "asked_before": before},
        )


def note(
    officer: Officer, kind: str, *, address: str = "", actor: str = "", count: int = 1
) -> None:
    """Record how this officer signs in from now on; part of the caller's transaction."""
    log.append(
        SIGN_IN_CHANGED,
        subject=f"audit/{uuid.uuid4()}",
        about=f"officer/{officer.username}@{settings.NODE_ID}",
        actor=actor or actor_text(officer),
        realm="real",
        rev=1,
        public={
            "username": officer.username,
            "address": address,
            "kind": kind,
            "label": "",
            "count": count,
        },
    )
