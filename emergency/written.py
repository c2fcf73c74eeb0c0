"""What is written once about an incident and never changes: from a row to its data, and back.

Owns: the shape of such a kind. Promises: the same columns there and back; what comes twice is kept
once. Must not know: what the kinds are, who may write them.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from typing_extensions import TypedDict

from realtime.registry import Fact

from .apply import record, require_incidents, time_of
from .events import moment
from .models import Written


class About(TypedDict):
    """What everything that is written once about an incident has."""

    id: str
    incident: str
    home: str
    realm: str
    rev: int
    author: str
    author_name: str
    recorded_at: str


SIGNED = ("author", "author_name")


@dataclass(frozen=True)
class Shape:
    """A kind: its subject, and its columns: told as they are, ids, moments. `later` are columns
    that came with a later type of event: what is told by an older one lacks them."""

    model: type[Written]
    subject: str
    plain: Sequence[str]
    ids: Sequence[str] = ()
    times: Sequence[str] = ()
    later: Sequence[str] = ()

    def data(self, row: Written, *, without: Collection[str] = ()) -> dict[str, Any]:
        """A row in the shape of its kind."""
        plain = [name for name in self.plain if name not in without]
        return {
            **{name: getattr(row, name) for name in ("home", "realm", *SIGNED, *plain)},
            **{name: str(getattr(row, name)) for name in self.ids},
            **{name: moment(getattr(row, name)) for name in (*self.times, "recorded_at")},
            "id": str(row.pk),
            "incident": str(row.incident_id),
            "rev": 1,
        }

    def insert(self, facts: Sequence[Fact]) -> None:
        """Put facts into the table. Raises NotYet, ValueError for a kind that there is not."""
        require_incidents(facts)
        kinds = getattr(self.model, "Kind", None)
        if kinds and not all(fact.public["kind"] in kinds.values for fact in facts):
            raise ValueError("of no known kind")
        self.model.objects.bulk_create([self._row(fact) for fact in facts], ignore_conflicts=True)

    def _row(self, fact: Fact) -> Written:
        said = fact.public
        plain = [name for name in self.plain if name in said or name not in self.later]
        return self.model(
            **record(fact),
            **{name: said[name] for name in (*SIGNED, *plain)},
            **{name: uuid.UUID(said[name]) for name in self.ids},
            **{name: time_of(said[name]) for name in (*self.times, "recorded_at")},
        )
