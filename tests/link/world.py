"""Several nodes in one process, each with a database of its own, and wires between them.

Owns: which node "here" is, and the delivery of frames. The log, the links and the services are the
real ones; only the network between two sessions is a pair of queues, and the clock is set by hand.
"""

import contextlib
import io
import os
import shutil
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from emergency import selectors
from emergency.models import Incident, Officer
from emergency.services import attachments, entries, incidents, links
from realtime import keys, log
from realtime.link import pairing
from realtime.link.frames import Broken
from realtime.link.handshake import Session
from realtime.link.session import LinkSession
from realtime.marker import write as write_marker
from realtime.models import Envelope
from realtime.start import open_log
from tests import factories, servers

CITY, YANTA, CHANGAN, XINCHENG = "xian", "xian-yanta", "xian-changan", "xian-xincheng"
CODES = {CITY: "610100", YANTA: "610113", CHANGAN: "610116", XINCHENG: "610102"}


class Clock:
    """The time as every session of a test sees it."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def pass_by(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)


class Databases:
    """Makes migrated databases quickly: one is migrated, the others are copies."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.template = self._new("template")
        with swapped(self.template):
            call_command("migrate", verbosity=0)
        self.template.close()
        self._count = 0

    def fresh(self) -> Any:
        """A connection to a migrated, empty database."""
        self._count += 1
        name = f"node{self._count}"
        if self.is_sqlite:
            shutil.copy(self.template.settings_dict["NAME"], self.folder / name)
        return self._new(name, template=self.template.settings_dict["NAME"])

    @property
    def is_sqlite(self) -> bool:
        return connections["default"].vendor == "sqlite"

    def copy(self, connection: Any) -> Any:
        """Another database that holds what this one holds now, as a backup would."""
        self._count += 1
        name, origin = f"node{self._count}", connection.settings_dict["NAME"]
        connection.close()
        if self.is_sqlite:  # closed, so that nothing stands in a file beside it
            shutil.copy(origin, self.folder / name)
        return self._new(name, template=origin)

    def _new(self, name: str, template: str = "") -> Any:
        own = dict(connections.databases["default"])
        own["OPTIONS"] = {k: v for k, v in own["OPTIONS"].items() if k != "pool"}
        if self.is_sqlite:
            own["NAME"] = str(self.folder / name)
        else:
            own["NAME"] = f"{self.folder.name}_{name}".replace("-", "_")
            url = os.environ["BELLTOWER_DATABASE_URL"]
            servers.create_database(url, own["NAME"], template=template or "template1")
        return type(connections["default"])(own, "default")


@contextlib.contextmanager
def swapped(connection: Any) -> Iterator[None]:
    """Use this connection wherever the default one is used."""
    old = connections["default"]
    connections["default"] = connection
    try:
        yield
    finally:
        connections["default"] = old


@dataclass
class Node:
    """One node; `with node.here():` makes it the one that code runs on."""

    name: str
    folder: Path
    connection: Any
    clock: Clock
    officer: Officer = field(init=False)

    def __post_init__(self) -> None:
        with self.here():
            open_log()
            self._people()

    def _people(self) -> None:
        for name, code in CODES.items():
            factories.organisation(code, node=name)
        role = "duty_officer"
        self.officer = factories.officer(role, CODES[self.name], name=f"{self.name} duty")

    @contextlib.contextmanager
    def here(self) -> Iterator["Node"]:
        own = {
            "NODE_ID": self.name,
            "NODE_NAME": f"name of {self.name}",
            "KEYS_DIR": self.folder / "keys",
            "MARKER_FILE": self.folder / "marker.json",
            "FILES_DIR": self.folder / "files",
        }
        old = {name: getattr(settings, name) for name in own}
        for name, value in own.items():
            setattr(settings, name, value)
        try:
            with swapped(self.connection):
                yield self
        finally:
            for name, value in old.items():
                setattr(settings, name, value)

    # what people do

    def report(self, title: str = "甲醇罐车泄漏", **fields: Any) -> Incident:
        with self.here():
            return factories.incident(self.officer, title=title, **fields)

    def change(self, incident: Incident, **fields: Any) -> Incident:
        with self.here():
            fresh = Incident.objects.get(pk=incident.pk)
            return incidents.change_incident(
                actor=self.officer, incident=fresh, rev=fresh.rev, **fields
            )

    def write(self, incident: Incident, text: str) -> None:
        with self.here():
            fresh = Incident.objects.get(pk=incident.pk)
            entries.write_entry(actor=self.officer, incident=fresh, text=text)

    def attach(self, incident: Incident, content: bytes, name: str = "a.pdf") -> str:
        """Attach a PDF; the SHA-256 of what is kept."""
        with self.here():
            fresh = Incident.objects.get(pk=incident.pk)
            file = io.BytesIO(content)
            return attachments.add_attachment(
                actor=self.officer, incident=fresh, name=name, file=file
            ).sha256

    # what is there

    def envelopes(self, **wanted: Any) -> dict[str, bytes]:
        """Id to header of what its log holds."""
        with self.here():
            rows = Envelope.objects.filter(**wanted).values_list("id", "header")
            return {str(pk): bytes(header) for pk, header in rows}

    def about(self, incident: Incident) -> dict[str, bytes]:
        return self.envelopes(about=f"incident/{incident.pk}")

    def incident(self, incident: Incident) -> dict[str, Any] | None:
        """The incident as the officer sees it; None where it is not here."""
        with self.here():
            found = Incident.objects.filter(pk=incident.pk).first()
            if found is None:
                return None
            seen = selectors.detail(self.officer, found)
        for name in ("history", "homes", "shown_here"):  # each node says these for itself
            seen.pop(name)
        return seen

    def head(self) -> log.Head:
        with self.here():
            return log.head()

    def restore(self, copy: Any, *, marker: bool = True) -> None:
        """Go on from a copy; without the marker file too, where that was lost with the rest."""
        with self.here():  # what the tail of a running node would have written by now
            head = log.head()
            write_marker(head.epoch, head.position)
        self.connection.close()
        self.connection = copy
        if not marker:
            (self.folder / "marker.json").unlink(missing_ok=True)
        with self.here():
            open_log()

    def close(self) -> None:
        self.connection.close()


def pair(upper: Node, lower: Node, *, cleared: bool = True) -> None:
    """Pair two nodes as their administrators would, without HTTP."""
    with upper.here():
        code = pairing.issue_code(node=lower.name, actor="admin")
        public_up = keys.signer().public
    with lower.here():
        public_low = keys.signer().public
    with upper.here():
        taken = pairing.accept(code=code, node=lower.name, name=lower.name, public=public_low)
        pairing.confirm(node=lower.name, actor="admin", cleared=cleared)
    with lower.here():
        pairing.joined(
            code=code, node=upper.name, name=upper.name, public=public_up,
            url="http://127.0.0.1:8000", actor="admin",
        )  # fmt: skip
        peer = links.confirm_as(by="admin", node=upper.name, cleared=cleared)
    assert peer.number == taken.number


class Wire:
    """A connection between two nodes: two sessions, two queues."""

    def __init__(self, lower: Node, upper: Node, kind: type[Session] = LinkSession):
        self.lower, self.upper = lower, upper
        self.queues: dict[str, deque[bytes]] = {lower.name: deque(), upper.name: deque()}
        self.broken: Broken | None = None
        self.sent: list[tuple[str, bytes]] = []  # to whom, and the frame
        with lower.here():
            self.down = kind(dialled=upper.name, clock=lower.clock)
        with upper.here():
            self.up = kind(clock=upper.clock)
        self._do(lower, self.down.start)
        self._do(upper, self.up.start)

    def ends(self) -> list[tuple[Node, LinkSession]]:
        return [(self.lower, self.down), (self.upper, self.up)]

    def _do(self, node: Node, work: Any, *given: Any) -> None:
        if self.broken is not None:
            return
        other = self.upper if node is self.lower else self.lower
        with node.here():
            try:
                frames = work(*given)
            except Broken as broken:
                self.broken = broken
                return
        for frame in frames:
            self.sent.append((other.name, frame))
            self.queues[other.name].append(frame)

    def deliver(self, node: Node) -> bool:
        """One frame to this node; False when there is none."""
        session = self.down if node is self.lower else self.up
        if self.broken is not None or not self.queues[node.name]:
            return False
        self._do(node, session.receive, self.queues[node.name].popleft())
        return True

    def run(self) -> None:
        """Deliver and poll until nothing moves."""
        moved = True
        while moved and self.broken is None:
            moved = self.deliver(self.upper) | self.deliver(self.lower)
            if not moved:
                for node, session in self.ends():
                    self._do(node, session.poll)
                moved = any(self.queues.values())

    def tick(self, seconds: float = 3.0) -> None:
        """Let time pass at both ends, and run."""
        self.lower.clock.pass_by(seconds)
        for node, session in self.ends():
            self._do(node, session.tick)
        self.run()

    def settle(self) -> "Wire":
        """Everything that is to be sent, is; both ends have compared."""
        self.run()
        for _turn in range(6):
            before = len(self.sent)
            self.tick()
            if len(self.sent) == before:
                break
        return self

    def cut(self) -> None:
        """The line breaks: what is on the way is lost."""
        for queue in self.queues.values():
            queue.clear()
        self.broken = Broken(0, "cut")

    def frames(self, kind: str) -> list[dict[str, Any]]:
        """Every frame of this kind that was sent."""
        parsed = (orjson.loads(frame) for _to, frame in self.sent)
        return [one for one in parsed if one["kind"] == kind]
