"""Receipts: an incident was opened, or acknowledged, by a role of an organisation.

Owns: every write to a receipt. Promises: the first of each node, organisation, role and kind is
written down, later ones are that one; who acknowledges has opened it; the desk that is in charge
gives none to itself. Must not know: how a receipt travels, HTTP.
"""

from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from realtime import log

from ..errors import WrongState
from ..models import Incident, Officer, Receipt
from ..permissions import require
from ..receipt_events import OF_KIND, receipt_data
from ..rights import rights_of
from ..selectors import signed


def give_receipt(*, actor: Officer, incident: Incident, kind: str) -> Receipt:
    """Note that the actor has opened or acknowledged the incident. Raises WrongState at the desk
    in charge of it."""
    require(actor, "incident.receive", incident)
    if incident.home == settings.NODE_ID and rights_of(actor).everywhere:
        raise WrongState(_("This desk is in charge of the incident."))
    with transaction.atomic():
        incident = Incident.objects.select_for_update(no_key=True).get(pk=incident.pk)
        if kind == Receipt.Kind.ACKNOWLEDGED:
            _note(actor, incident, Receipt.Kind.OPENED)
        return _note(actor, incident, kind)


def _note(actor: Officer, incident: Incident, kind: str) -> Receipt:
    """The first of its kind; the incident is locked."""
    who = {
        "home": settings.NODE_ID,
        "organisation": actor.organisation_id,
        "role": actor.role,
        "kind": kind,
    }
    known = incident.receipts.filter(**who).first()
    if known is not None:
        return known
    made = Receipt.objects.create(
        incident=incident,
        realm=incident.realm,
        **signed(actor),
        recorded_at=datetime.now(UTC),
        **who,
    )
    log.append(
        OF_KIND[kind],
        subject=f"receipt/{made.pk}",
        about=f"incident/{incident.pk}",
        actor=made.author,
        realm=made.realm,
        rev=1,
        public=receipt_data(made),
        relay="about",
    )
    return made
