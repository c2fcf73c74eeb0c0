"""What every write to an exercise begins and ends with.

Owns: the door to an exercise that this node may write, which nodes hold one of its things, and the
envelopes of exercise and inject.
Promises: a row is locked before it is read; a node that may hold a thing no more is asked to erase
it. Must not know: what is written.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from emergency.errors import NotHomeNode, StaleRevision, WrongState
from emergency.models import Officer
from emergency.permissions import require
from emergency.selectors import actor_text, signed
from realtime import log
from realtime.link import sharing
from realtime.models import Envelope, Share
from realtime.problems import NotAllowed
from realtime.registry import EventType

from .. import events
from ..models import Clock, Exercise, Inject
from ..models.exercises import STAFF
from ..selectors import is_office


def locked(
    actor: Officer, exercise: Exercise, rev: int | None = None, *, begun: bool = False
) -> Exercise:
    """The exercise as it is now, to be written by this node; `begun`: also while it runs. Raises
    NotAllowed, NotHomeNode, StaleRevision where another than `rev` is there, WrongState."""
    require(actor, "drill.schedule")
    if exercise.home != settings.NODE_ID:
        raise NotHomeNode
    if not is_office(actor):
        raise NotAllowed
    found = Exercise.objects.select_for_update(no_key=True).get(pk=exercise.pk)
    if rev is not None and found.rev != rev:
        raise StaleRevision
    if found.state != Exercise.State.SCHEDULED:
        raise WrongState(_("Only an exercise that is scheduled is changed."))
    if not begun and Clock.objects.filter(exercise=found).exists():
        raise WrongState(_("The exercise has begun."))
    return found


def hold(thing: str, nodes: Collection[str], actor: Officer) -> None:
    """Let these nodes hold the thing, and no others."""
    wanted = set(nodes) - {settings.NODE_ID}
    shares = Share.objects.filter(thing=thing, ended_at=None, by=settings.NODE_ID)
    held = {share.node: share for share in shares}
    for node in sorted(wanted - held.keys()):
        sharing.grant(thing=thing, node=node, actor=actor_text(actor))
    for node in sorted(held.keys() - wanted):
        sharing.end(share=held[node], actor=actor_text(actor))


def hold_script(exercise: Exercise, actor: Officer) -> None:
    """Let the nodes of those who staff the exercise hold its script, and no others."""
    staff = {one["node"] for one in exercise.participants if one["part"] in STAFF}
    hold(events.script(exercise), staff, actor)


def open_script(exercise: Exercise, actor: Officer) -> None:
    """Begin the script, where it has not begun; in the caller's transaction."""
    if Envelope.objects.filter(subject=events.script(exercise)).exists():
        return
    log.append(
        events.SCRIPT_OPENED,
        subject=events.script(exercise),
        actor=signed(actor)["author"],
        realm=exercise.realm,
        rev=1,
        public=events.script_data(exercise),
        relay="about",
    )
    hold_script(exercise, actor)


def keep(kind: EventType, row: Any, actor: Officer, *, name: str, about: str, build: Any) -> None:
    """Write a row as it is now, in the actor's name, as `name/` and its id; part of the caller's
    transaction. `build` makes the data of its envelope."""
    for field, value in signed(actor).items():
        setattr(row, field, value)
    row.rev += 1
    row.save()
    log.append(
        kind,
        subject=f"{name}/{row.pk}",
        about=about,
        actor=row.author,
        realm=row.realm,
        rev=row.rev,
        public=build(row),
        relay="about",
    )


def blobs_of(attachments: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Attachments as the header of an envelope names them."""
    names = ("sha256", "size", "media_type")
    return [{name: one[name] for name in names} for one in attachments]


def keep_inject(inject: Inject, by: dict[str, str]) -> None:
    """Write an inject as it is now, in the name of `by`; part of the caller's transaction."""
    for name, value in by.items():
        setattr(inject, name, value)
    inject.rev += 1
    inject.recorded_at = datetime.now(UTC)
    inject.save()
    log.append(
        events.INJECT_WRITTEN,
        subject=f"inject/{inject.pk}",
        about=events.script(inject.exercise),
        actor=inject.author,
        realm=inject.realm,
        rev=inject.rev,
        public=events.inject_data(inject),
        relay="about",
        blobs=blobs_of(inject.attachments),
    )


def keep_exercise(kind: EventType, exercise: Exercise, actor: Officer, now: datetime) -> None:
    """Write an exercise as it is now, in the actor's name; part of the caller's transaction."""
    for name, value in signed(actor).items():
        setattr(exercise, name, value)
    exercise.recorded_at = now
    exercise.save()
    log.append(
        kind,
        subject=events.subject(exercise),
        actor=exercise.author,
        realm=exercise.realm,
        rev=exercise.rev,
        public=events.data(exercise),
        relay="about",
    )
