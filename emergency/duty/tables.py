"""The table of channels, as an office changes it.

Owns: every write to it. Promises: a channel is taken out of use and never away, so that what was
written by it keeps its name; one stays in use; the log says what was and what is. Must not know:
HTTP.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from ..errors import WrongState
from ..models import DutyChannel, Officer
from ..permissions import require
from ..services.tables import keep_row


def set_channel(
    *,
    actor: Officer,
    code: str,
    name: str,
    name_en: str,
    order: int,
    in_use: bool,
    source: str,
    verified: bool,
) -> DutyChannel:
    """Add a channel, or say it anew. Raises WrongState for the last one in use."""
    require(actor, "table.edit")
    said = {
        "name": name,
        "name_en": name_en,
        "order": order,
        "in_use": in_use,
        "source": source,
        "verified": verified,
    }
    with transaction.atomic():
        rows = list(DutyChannel.objects.select_for_update().order_by("pk"))
        if not in_use and not any(one.in_use for one in rows if one.pk != code):
            raise WrongState(_("One channel stays in use."))
        channel = next((one for one in rows if one.pk == code), None) or DutyChannel(code=code)
        keep_row(channel, said, table="duty_channels", key=code, actor=actor)
    return channel
