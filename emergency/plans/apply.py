"""Facts about activations, tasks, steps and first reports, put into their tables.

Owns: the way from the data of an envelope back to a row. Promises: as `emergency/apply.py`; a step
may come before its task, a task before its activation. Must not know: who sent it.
"""

import uuid
from collections.abc import Sequence

from realtime.registry import Fact, applies

from ..apply import record, require_incidents, time_of
from ..models import Activation, FirstReport, ResponseEnd, Task, TaskStep
from .events import IDS, PLAIN, TIMES, Row


@applies("activation")
def apply_activations(facts: Sequence[Fact]) -> None:
    """Insert activations. Raises NotYet."""
    _insert(Activation, facts)


@applies("end")
def apply_ends(facts: Sequence[Fact]) -> None:
    """Insert ends of responses. Raises NotYet."""
    _insert(ResponseEnd, facts)


@applies("task")
def apply_tasks(facts: Sequence[Fact]) -> None:
    """Insert tasks. Raises NotYet."""
    _insert(Task, facts)


@applies("step")
def apply_steps(facts: Sequence[Fact]) -> None:
    """Insert steps of tasks. Raises NotYet, ValueError for a kind that there is not."""
    _insert(TaskStep, facts)


@applies("report")
def apply_reports(facts: Sequence[Fact]) -> None:
    """Insert first reports. Raises NotYet, ValueError for a kind that there is not."""
    _insert(FirstReport, facts)


def _insert(kind: type[Row], facts: Sequence[Fact]) -> None:
    require_incidents(facts)
    kinds = getattr(kind, "Kind", None)
    if kinds and not all(fact.public["kind"] in kinds.values for fact in facts):
        raise ValueError("of no known kind")
    kind.objects.bulk_create(
        [
            kind(
                **record(fact),
                **{name: fact.public[name] for name in ("author", "author_name", *PLAIN[kind])},
                **{name: uuid.UUID(fact.public[name]) for name in IDS[kind]},
                **{name: time_of(fact.public[name]) for name in (*TIMES[kind], "recorded_at")},
            )
            for fact in facts
        ],
        ignore_conflicts=True,
    )
