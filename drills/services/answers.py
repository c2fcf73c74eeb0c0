"""What players add to an exercise: answers to injects, and at the end all that was played.

Owns: every write of them. Promises: an answer is of somebody who got the inject and of an incident
that the own organisation wrote down in this exercise; once an exercise has ended, each node lets
every node that took part hold what was played here, so that all work out the same score. Must not
know: HTTP, how a score is worked out.
"""

import uuid
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from emergency.models import Incident, Officer, Reach
from emergency.permissions import require
from emergency.selectors import actor_text
from realtime import log
from realtime.link import sharing
from realtime.models import Envelope
from realtime.problems import Invalid

from .. import events
from ..models import Clock, Delivery

ON_THE_WAY = timedelta(minutes=10)
AT_THE_END = f"{log.SYSTEM} exercise rule"  # who gives the shares: nobody asked for one by one


def answer_inject(*, actor: Officer, delivery: Delivery, incident: Incident) -> None:
    """Say that this incident was written down because of this inject; the same again is one.

    Raises NotAllowed, Invalid for an incident of another exercise or organisation.
    """
    require(actor, "entry.write", incident)
    own = actor.organisation_id
    wrote = Reach.objects.filter(incident=incident, organisation=own, ground=Reach.Ground.OWNER)
    if incident.realm != delivery.realm or own not in delivery.recipients or not wrote.exists():
        said = _("Only an incident that your organisation wrote down in this exercise answers.")
        raise Invalid(fields={"incident": said})
    id = uuid.uuid5(delivery.pk, f"{incident.pk} {own}")
    with transaction.atomic():
        log.lock()
        if Envelope.objects.filter(subject=f"reply/{id}").exists():
            return
        log.append(
            events.ANSWERED,
            subject=f"reply/{id}",
            about=f"incident/{incident.pk}",
            actor=actor_text(actor),
            realm=incident.realm,
            rev=1,
            public={
                "id": str(id),
                "exercise": str(delivery.exercise_id),
                "inject": str(delivery.pk),
                "incident": str(incident.pk),
                "organisation": own,
                "home": settings.NODE_ID,
                "realm": incident.realm,
                "rev": 1,
            },
            relay="about",
        )


def open_after_end() -> int:
    """Let every node that took part in an exercise that has ended hold what was played here; how
    many shares were given. Looks again for some minutes: a write may have been on its way."""
    given = 0
    ended = Clock.objects.filter(state=Clock.State.ENDED, opened=False)
    for clock in ended.select_related("exercise"):
        nodes = {one["node"] for one in clock.exercise.participants} | {clock.home}
        played = Incident.objects.filter(realm=clock.realm, home=settings.NODE_ID)
        things = [f"incident/{pk}" for pk in played.values_list("pk", flat=True)]
        known = sharing.Sharing.of(things)
        for thing in things:
            for node in sorted(nodes - {settings.NODE_ID}):
                if not known.has(thing, node):
                    sharing.grant(thing=thing, node=node, actor=AT_THE_END)
                    given += 1
        if datetime.now(UTC) - clock.since > ON_THE_WAY:
            Clock.objects.filter(pk=clock.pk).update(opened=True)
    return given
