"""Calls and answers of other nodes, put into their tables.

Owns: what such a fact has to be. Promises: as `emergency/apply.py`; only a node that was called
answers, once and for itself; when something came is kept by this node's own clock, the first time.
Must not know: who sent it.
"""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from realtime import log
from realtime.link.items import NODE, moment_of
from realtime.registry import Fact, applies

from ..apply import NotYet
from ..models import RollAnswer, RollCall
from .events import ROLL_ANSWERED, ROLL_CALLED, ROLL_CLOSED

MOST_NODES, MOST_SECONDS, MOST_MINUTES, MOST_NAME = 500, 10**8, 60, 120
CALLED, RESULT = {"node": str, "name": str}, {"node": str, "seconds": int}
LONGEST = {"home_name": 120, "text": 300, "author": 120, "author_name": 120}


@applies("rollcall")
def apply_calls(facts: Sequence[Fact]) -> None:
    """Upsert calls; since when one is here stays. Raises ValueError for what is no call."""
    rows = [_call(fact) for fact in facts]
    columns = [one.name for one in RollCall._meta.fields if not one.primary_key]
    RollCall.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[name for name in columns if name not in ("here_since", "epoch")],
    )


@applies("rollanswer")
def apply_answers(facts: Sequence[Fact]) -> None:
    """Insert answers. Raises NotYet before the call is here, ValueError for what is none."""
    log.lock()  # before the clock is read: none is closed between that and its commit
    RollAnswer.objects.bulk_create([_answer(fact) for fact in facts], ignore_conflicts=True)


def _call(fact: Fact) -> RollCall:
    said = fact.public
    if (said["id"], said["home"]) != (fact.subject.partition("/")[2], fact.source):
        raise ValueError("data of another thing than the header says")
    _require(fact.type in (ROLL_CALLED.name, ROLL_CLOSED.name))
    _require(said["rev"] == fact.rev and 1 <= _number(said["minutes"]) <= MOST_MINUTES)
    _require_texts(said)
    nodes, results = _rows(said["nodes"], CALLED), _rows(said["results"], RESULT)
    _require(all(0 <= one["seconds"] <= MOST_SECONDS for one in results))
    at = moment_of(said["at"])
    return RollCall(
        id=uuid.UUID(said["id"]),
        home=fact.source,
        rev=fact.rev,
        at=at,
        closed_at=moment_of(said["closed_at"]) if said["closed_at"] else None,
        minutes=said["minutes"],
        nodes=nodes,
        results=results,
        here_since=at if fact.source == settings.NODE_ID else datetime.now(UTC),
        **{name: said[name] for name in LONGEST},
    )


def _answer(fact: Fact) -> RollAnswer:
    said = fact.public
    call = RollCall.objects.filter(pk=uuid.UUID(said["call"])).first()
    if call is None:
        raise NotYet
    told = (said["id"], said["home"], fact.about)
    if told != (fact.subject.partition("/")[2], fact.source, f"rollcall/{call.pk}"):
        raise ValueError("data of another thing than the header says")
    _require(fact.type == ROLL_ANSWERED.name)
    _require(fact.source in {one["node"] for one in call.nodes})
    _require(0 <= _number(said["seconds"]) <= MOST_SECONDS)
    _require_texts({name: said[name] for name in ("author", "author_name")})
    return RollAnswer(
        id=uuid.UUID(said["id"]),
        call=call,
        home=fact.source,
        seconds=said["seconds"],
        author=said["author"],
        author_name=said["author_name"],
        recorded_at=moment_of(said["recorded_at"]),
        here_since=datetime.now(UTC),
    )


def _require(right: bool) -> None:
    if not right:
        raise ValueError("of no known shape")


def _number(told: Any) -> int:
    _require(isinstance(told, int) and not isinstance(told, bool))
    return told


def _require_texts(said: dict[str, Any]) -> None:
    for name, most in LONGEST.items():
        if name in said:
            _require(isinstance(said[name], str) and len(said[name]) <= most)


def _rows(told: Any, shape: dict[str, type]) -> list[dict[str, Any]]:
    _require(isinstance(told, list) and len(told) <= MOST_NODES)
    for one in told:
        _require(isinstance(one, dict) and one.keys() == shape.keys())
        for name, kind in shape.items():
            _require(type(one[name]) is kind)
        _require(NODE.fullmatch(one["node"]) is not None)
        _require(len(str(one.get("name", ""))) <= MOST_NAME)
    return told
