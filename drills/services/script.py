"""The script of an exercise: its injects, before it runs.

Owns: every write to them. Promises: an inject and its envelope are one transaction; the nodes that
control, simulate or evaluate hold the script, no other ever gets it; a whole script is taken in or
nothing of it; nothing is deleted, what is taken out can be put back. Must not know: HTTP, files of
spreadsheets, what is wrong with a script.
"""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from emergency import media
from emergency.errors import StaleRevision, WrongState
from emergency.models import Officer
from emergency.selectors import signed
from emergency.services.once import already
from realtime import blobs
from realtime.problems import Invalid, NotFound, TooLarge

from .. import events, selectors_script
from ..models import Clock, Exercise, Inject
from .common import keep_inject, locked, open_script

TOLD = (
    "number minutes phase channel sender recipients content place late optional truth expected"
).split()
INJECTS, FILES = 500, 10  # of an exercise, of an inject


@dataclass(frozen=True)
class Taken:
    """How many injects a workbook added, changed and took out."""

    added: int
    changed: int
    cancelled: int


def write_inject(
    *, actor: Officer, exercise: Exercise, id: uuid.UUID | None = None, **told: Any
) -> Inject:
    """Add an inject. Raises Invalid for a number that is taken, TooLarge, SameIdOtherContent."""
    with transaction.atomic():
        exercise = locked(actor, exercise, begun=True)
        if known := already(Inject, id, exercise_id=exercise.pk, **told):
            return known
        return _add(actor, exercise, told, id)


def change_inject(*, actor: Officer, inject: Inject, rev: int, **told: Any) -> Inject:
    """Say an inject anew. Raises Invalid, StaleRevision, WrongState for one that was taken out."""
    with transaction.atomic():
        inject = _planned(actor, inject, rev)
        _change(actor, inject, told)
    return inject


def cancel_inject(*, actor: Officer, inject: Inject, rev: int) -> Inject:
    """Take an inject out of the script."""
    return _turn(actor, inject, rev, Inject.State.PLANNED, Inject.State.CANCELLED)


def put_back_inject(*, actor: Officer, inject: Inject, rev: int) -> Inject:
    """Put an inject that was taken out in again."""
    return _turn(actor, inject, rev, Inject.State.CANCELLED, Inject.State.PLANNED)


def take_script(*, actor: Officer, exercise: Exercise, lines: Sequence[dict[str, Any]]) -> Taken:
    """Make the script what these lines say: known numbers change, new ones are added, those that
    are not there are taken out. Attachments stay."""
    added = changed = cancelled = 0
    with transaction.atomic():
        exercise = locked(actor, exercise)
        known = {one.number: one for one in exercise.injects.select_for_update()}
        for line in lines:
            found = known.pop(line["number"], None)
            if found is None:
                _add(actor, exercise, line, None)
                added += 1
                continue
            back = found.state == Inject.State.CANCELLED
            found.state = Inject.State.PLANNED
            changed += _change(actor, found, line, anyway=back)
        for one in known.values():
            if one.state == Inject.State.PLANNED:
                one.state = Inject.State.CANCELLED
                keep_inject(one, signed(actor))
                cancelled += 1
    return Taken(added, changed, cancelled)


def attach(*, actor: Officer, inject: Inject, rev: int, name: str, file: BinaryIO) -> Inject:
    """Add a picture or PDF that goes with the inject. Raises Invalid, TooLarge."""
    accepted = media.accept(file.read(media.LIMIT + 1))
    sha256 = hashlib.sha256(accepted.content).hexdigest()
    blobs.keep(sha256, accepted.content)
    with transaction.atomic():
        inject = _planned(actor, inject, rev)
        others = [one for one in inject.attachments if one["sha256"] != sha256]
        if len(others) >= FILES:
            raise TooLarge(_("An inject has at most %s attachments.") % FILES)
        file_of = {
            "sha256": sha256,
            "name": media.display_name(name, accepted.suffix),
            "media_type": accepted.media_type,
            "size": len(accepted.content),
        }
        inject.attachments = [*others, file_of]
        keep_inject(inject, signed(actor))
    return inject


def detach(*, actor: Officer, inject: Inject, rev: int, sha256: str) -> Inject:
    """Take an attachment off. Raises NotFound."""
    with transaction.atomic():
        inject = _planned(actor, inject, rev)
        left = [one for one in inject.attachments if one["sha256"] != sha256]
        if len(left) == len(inject.attachments):
            raise NotFound
        inject.attachments = left
        keep_inject(inject, signed(actor))
    return inject


def _locked(actor: Officer, inject: Inject, rev: int) -> Inject:
    exercise = locked(actor, inject.exercise, begun=True)
    found = Inject.objects.select_for_update().get(pk=inject.pk)
    if found.rev != rev:
        raise StaleRevision
    found.exercise = exercise
    return found


def _planned(actor: Officer, inject: Inject, rev: int) -> Inject:
    found = _locked(actor, inject, rev)
    if found.state != Inject.State.PLANNED:
        raise WrongState
    return found


def _turn(actor: Officer, inject: Inject, rev: int, before: str, after: str) -> Inject:
    with transaction.atomic():
        inject = _locked(actor, inject, rev)
        if inject.state != before:
            raise WrongState
        inject.state = after
        keep_inject(inject, signed(actor))
    return inject


def _add(actor: Officer, exercise: Exercise, told: dict[str, Any], id: uuid.UUID | None) -> Inject:
    count = exercise.injects.count()
    if count >= INJECTS:
        raise TooLarge(_("A script has at most %s injects.") % INJECTS)
    open_script(exercise, actor)
    inject = Inject(
        id=id or uuid.uuid4(), exercise=exercise, home=settings.NODE_ID, realm=exercise.realm, rev=0
    )
    _tell(inject, told)
    keep_inject(inject, signed(actor))
    return inject


def _change(actor: Officer, inject: Inject, told: dict[str, Any], *, anyway: bool = False) -> bool:
    before = events.inject_data(inject)
    _tell(inject, told)
    if events.inject_data(inject) == before and not anyway:
        return False
    keep_inject(inject, signed(actor))
    return True


def _tell(inject: Inject, told: dict[str, Any]) -> None:
    same = Inject.objects.filter(exercise=inject.exercise_id, number=told["number"])
    if same.exclude(pk=inject.pk).exists():
        raise Invalid(fields={"number": _("There is an inject with this number.")})
    for name in TOLD:
        setattr(inject, name, told[name])
    if not Clock.objects.filter(exercise=inject.exercise_id).exists():
        return
    found = selectors_script.findings(inject.exercise, [inject])  # it runs: there is no later check
    if wrong := [one.text for one in found if one.bad]:
        raise Invalid(fields={"content": " ".join(wrong)})
