"""An exercise as it runs: its clock, and injects that go out.

Owns: every write to them. Promises: whoever turns the clock or sends an inject holds the exercise,
so two controllers act one after the other; what is due by the clock as it was goes out before the
clock is set anew; an inject goes out once, to the nodes of its recipients and of those who do not
play, alone; what was missed while the node stood, or was jumped over, follows the inject's own
rule. Must not know: HTTP, who reads what.
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from emergency.errors import NotHomeNode, WrongState
from emergency.models import Officer
from emergency.selectors import signed
from realtime import log, refusals
from realtime.problems import Invalid, NotAllowed
from realtime.registry import EventType

from .. import events, selectors_script
from ..clock import FASTEST, MINUTE, Reading
from ..models import Clock, Delivery, Exercise, Inject, Part
from ..selectors import may_control
from .common import blobs_of, hold, keep_exercise, keep_inject
from .evaluation import ensure_criteria

LATE = timedelta(seconds=10)  # of the wall; until then an inject is on its way, not missed
OPEN = Clock.OPEN
BY_CLOCK = {"author": log.SYSTEM, "author_name": ""}


def wall() -> datetime:
    """The time of this node."""
    return datetime.now(UTC)


def start_exercise(*, actor: Officer, exercise: Exercise, speed: int = 1) -> Clock:
    """Begin. Raises WrongState for one that has begun, Invalid while its script cannot run."""
    with transaction.atomic():
        exercise = _held(actor, exercise)
        if exercise.state != Exercise.State.SCHEDULED or _clock(exercise):
            raise WrongState(_("Only an exercise that is scheduled begins."))
        injects = list(exercise.injects.all())
        if any(one.bad for one in selectors_script.findings(exercise, injects)):
            raise Invalid(fields={"script": _("The script cannot run yet: see its check.")})
        clock = Clock(exercise=exercise, home=settings.NODE_ID, realm=exercise.realm, rev=0)
        now = wall()
        ensure_criteria(exercise, actor)
        _set(clock, actor, now, at=0, speed=_speed(speed), state=Clock.State.RUNNING)
        _settle(exercise, clock, now)
    return clock


def pause_clock(*, actor: Officer, exercise: Exercise) -> Clock:
    """Let the clock stand."""
    return _turn(actor, exercise, {Clock.State.RUNNING}, state=Clock.State.PAUSED)


def resume_clock(*, actor: Officer, exercise: Exercise) -> Clock:
    """Let it run on."""
    return _turn(actor, exercise, {Clock.State.PAUSED}, state=Clock.State.RUNNING)


def set_speed(*, actor: Officer, exercise: Exercise, speed: int) -> Clock:
    """Let it run so many times as fast as the wall, 1 to 10."""
    return _turn(actor, exercise, OPEN, speed=_speed(speed))


def jump_clock(*, actor: Officer, exercise: Exercise, minute: int) -> Clock:
    """Put the clock forward; what is passed follows each inject's own rule. Raises Invalid for a
    minute that has passed, or at or after the end."""
    with transaction.atomic():
        exercise = _held(actor, exercise)
        clock, now = _open(exercise), wall()
        if not clock.reading.now(now) < minute * MINUTE < exercise.minutes * MINUTE:
            said = _("The clock goes forward only, and not beyond the planned end.")
            raise Invalid(fields={"minute": said})
        _settle(exercise, clock, now)
        _set(clock, actor, now, at=minute * MINUTE)
        _settle(exercise, clock, now, missed_before=minute * MINUTE)
    return clock


def end_exercise(*, actor: Officer, exercise: Exercise) -> Clock:
    """It is over and counts as held; every node that took part reads the script from now on."""
    with transaction.atomic():
        clock = _turn(actor, exercise, OPEN, state=Clock.State.ENDED)
        _close(clock.exercise, actor, events.HELD, state=Exercise.State.HELD)
        people = clock.exercise.participants
        hold(events.script(clock.exercise), {one["node"] for one in people}, actor)
    return clock


def abort_exercise(*, actor: Officer, exercise: Exercise, reason: str) -> Clock:
    """Break it off; it does not count as held. Raises Invalid without a reason."""
    if not reason.strip():
        raise Invalid(fields={"reason": _("Say why.")})
    with transaction.atomic():
        clock = _turn(actor, exercise, OPEN, state=Clock.State.ABORTED, reason=reason)
        said = {"state": Exercise.State.CANCELLED, "reason": reason}
        _close(clock.exercise, actor, events.CANCELLED, **said)
    return clock


def send_inject(*, actor: Officer, inject: Inject) -> Delivery:
    """Send an inject now, whatever its minute. Raises WrongState for one that has gone out or is
    out of the script, or while the exercise does not run."""
    with transaction.atomic():
        exercise = _held(actor, inject.exercise)
        clock, inject = _open(exercise), _to_come(inject)
        return _deliver(exercise, clock, inject, wall(), signed(actor))


def skip_inject(*, actor: Officer, inject: Inject) -> Inject:
    """Leave an inject out."""
    with transaction.atomic():
        _open(_held(actor, inject.exercise))
        inject = _to_come(inject)
        inject.state = Inject.State.SKIPPED
        keep_inject(inject, signed(actor))
    return inject


def deliver_due() -> int:
    """Send what is due in every exercise that this node runs; how many exercises run here. Raises
    what went wrong in the first that failed, after the others had their turn."""
    running = Clock.objects.filter(home=settings.NODE_ID, state=Clock.State.RUNNING)
    found = list(running.order_by("pk").values_list("exercise", flat=True))
    failed: list[Exception] = []
    for pk in found:
        try:
            with transaction.atomic():
                exercise = Exercise.objects.select_for_update(no_key=True).get(pk=pk)
                clock = _clock(exercise)
                if clock.state == Clock.State.RUNNING:
                    _settle(exercise, clock, wall())
        except Exception as error:  # the others are not to wait for it
            failed.append(error)
    if failed:
        raise failed[0]
    return len(found)


def _held(actor: Officer, exercise: Exercise) -> Exercise:
    """The exercise, locked, for somebody who controls it. Raises NotAllowed, NotHomeNode."""
    if exercise.home != settings.NODE_ID:
        raise NotHomeNode
    if not may_control(actor, exercise):
        refusals.count(actor.username, "control of an exercise")
        raise NotAllowed
    return Exercise.objects.select_for_update(no_key=True).get(pk=exercise.pk)


def _clock(exercise: Exercise) -> Clock | None:
    return Clock.objects.select_for_update().filter(exercise=exercise).first()


def _open(exercise: Exercise) -> Clock:
    clock = _clock(exercise)
    if clock is None or clock.state not in OPEN:
        raise WrongState(_("The exercise is not running."))
    return clock


def _to_come(inject: Inject) -> Inject:
    found = Inject.objects.select_for_update().get(pk=inject.pk)
    if found.state not in (Inject.State.PLANNED, Inject.State.WAITING):
        raise WrongState(_("This inject has gone out, or is out of the script."))
    return found


def _speed(speed: int) -> int:
    if not 1 <= speed <= FASTEST:
        raise Invalid(fields={"speed": _("From 1 to %s times.") % FASTEST})
    return speed


def _turn(actor: Officer, exercise: Exercise, states: frozenset | set, **said: object) -> Clock:
    """Set the clock anew from what it shows now, after what was due by it until now."""
    with transaction.atomic():
        exercise = _held(actor, exercise)
        clock, now = _open(exercise), wall()
        if clock.state not in states:
            raise WrongState
        _settle(exercise, clock, now)
        clock.exercise = exercise
        _set(clock, actor, now, at=clock.reading.now(now), **said)
    return clock


def _set(clock: Clock, actor: Officer, now: datetime, **said: object) -> None:
    for name, value in (said | signed(actor)).items():
        setattr(clock, name, value)
    clock.since = now
    clock.rev += 1
    clock.save()
    log.append(
        events.CLOCK_SET,
        subject=f"clock/{clock.pk}",
        about=events.subject(clock.exercise),
        actor=clock.author,
        realm=clock.realm,
        rev=clock.rev,
        public=events.clock_data(clock),
        relay="about",
    )


def _close(exercise: Exercise, actor: Officer, kind: EventType, **said: str) -> None:
    for name, value in said.items():
        setattr(exercise, name, value)
    exercise.rev += 1
    keep_exercise(kind, exercise, actor, wall())


def _settle(exercise: Exercise, clock: Clock, now: datetime, *, missed_before: int = 0) -> None:
    """Send what is due by this clock; what was missed follows its own rule."""
    if clock.state != Clock.State.RUNNING and not missed_before:
        return
    reading = clock.reading
    due = exercise.injects.filter(
        state=Inject.State.PLANNED, optional=False, minutes__lte=reading.now(now) // MINUTE
    )
    for inject in due.select_for_update().order_by("minutes", "number"):
        if _is_missed(inject, reading, now, missed_before) and inject.late != Inject.Late.SEND:
            skip = inject.late == Inject.Late.SKIP
            inject.state = Inject.State.SKIPPED if skip else Inject.State.WAITING
            keep_inject(inject, BY_CLOCK)
        else:
            _deliver(exercise, clock, inject, now, BY_CLOCK)


def _is_missed(inject: Inject, reading: Reading, now: datetime, missed_before: int) -> bool:
    due = inject.minutes * MINUTE
    return due < missed_before or now - (reading.wall_at(due) or now) > LATE


def _deliver(
    exercise: Exercise, clock: Clock, inject: Inject, now: datetime, by: dict[str, str]
) -> Delivery:
    if known := Delivery.objects.filter(pk=inject.pk).first():  # came back after a restore
        inject.state, inject.at = Inject.State.SENT, known.at
        keep_inject(inject, by)
        return known
    names = "number channel sender recipients content place attachments minutes".split()
    delivery = Delivery(
        id=inject.pk,
        exercise=exercise,
        home=settings.NODE_ID,
        realm=exercise.realm,
        at=clock.reading.now(now),
        sent_at=now,
        **{name: getattr(inject, name) for name in names},
        **by,
    )
    delivery.save(force_insert=True)
    inject.state, inject.at = Inject.State.SENT, delivery.at
    keep_inject(inject, by)
    nodes = {
        one["node"]
        for one in exercise.participants
        if one["part"] != Part.PLAY or one["organisation"] in inject.recipients
    }
    log.append(
        events.DELIVERED,
        subject=f"delivery/{delivery.pk}",
        actor=delivery.author,
        realm=delivery.realm,
        rev=1,
        public=events.delivery_data(delivery),
        audience=sorted(nodes),
        blobs=blobs_of(delivery.attachments),
    )
    return delivery
