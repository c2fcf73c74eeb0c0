"""A link session: the whole protocol of one connection, without a network.

Both ends run this same class; one dialled. It is handed frames and hands frames back, so a
WebSocket, a queue in a test or a file can carry them. Order:

1. Each sends `hello`, then `prove`: a signature over who dialled and both hellos, by the key that
   was pinned at pairing. Nothing else is said or believed before the other's proof.
2. The receiver owns the cursor: `resume` names epoch, position and id of the last row that it took
   of the other's log. A position beyond the head, or another id there, shows that this log was
   restored from a copy: a new epoch begins.
3. `batch` brings rows and the position that they reach, at most WINDOW of them unanswered. What is
   in one batch is taken in by one transaction; `ack` follows its commit and means durable.
4. When all is acknowledged the ends compare (digests.py); then "equal" is known, not supposed.
5. `ping` every PING seconds without another frame; SILENCE seconds without any end the session.

Owns: the state of one conversation. Promises: one session a peer (a newer one replaces it); every
frame is checked; what a peer may not have never comes near a frame. Must not know: sockets,
threads, time other than the clock that it is given.
"""

import secrets
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime

from django.conf import settings
from django.db.models import F

from .. import keys, log, registry
from ..models import Envelope, NodeKey, Peer
from ..start import renew_epoch
from .digests import Ledger
from .frames import (
    BEFORE_PROOF,
    FORBIDDEN,
    PROTOCOL,
    REPLACED,
    REVOKED,
    SLOW,
    UNKNOWN,
    Broken,
    frame,
    parse,
)
from .incoming import Cursor, Superseded, take
from .items import pack
from .outgoing import Outgoing, by_size, via_of

WINDOW = 4  # batches without an answer
PING, SILENCE = 15.0, 45.0  # seconds
EMPTY_EVERY = 2.0  # seconds between cursors that only pass what does not go there
COMPARE_AFTER, COMPARE_EVERY = 2.0, 300.0  # seconds after the last change; and anyway


def now() -> datetime:
    """The clock of a session."""
    return datetime.now(UTC)


class LinkSession:
    """One end of one connection. Every method may raise Broken; then it is over."""

    def __init__(self, *, dialled: str = "", clock: Callable[[], datetime] = now):
        """`dialled`: the peer that this end called; empty on the end that was called."""
        self.peer = dialled
        self.proven = False
        self.cleared = False
        self.id = secrets.token_hex(16)
        self._dialler = bool(dialled)
        self._clock = clock
        self._mine = self._theirs = b""
        self._spent = self._offset = 0
        self._their_epoch = ""
        self._epoch = log.head().epoch
        self._key: NodeKey | None = None
        self._out: Outgoing | None = None
        self._flying: deque[int] = deque()
        self._acked = -1
        self._heard = self._said = self._changed = self._passed = clock()
        self._compared: datetime | None = None

    def start(self) -> list[bytes]:
        """Our hello."""
        self._mine = frame(
            "hello",
            node=settings.NODE_ID,
            epoch=self._epoch,
            protocol=PROTOCOL,
            types={name: kind.version for name, kind in registry.declared().items()},
            clock=self._clock().isoformat(),
            nonce=secrets.token_hex(32),
        )
        return [self._mine]

    def receive(self, data: bytes | str) -> list[bytes]:
        """Answer one frame. Raises DatabaseError where nothing was kept, so nothing is acked."""
        if not self.proven:
            self._spent += len(data)
            if self._spent > BEFORE_PROOF:
                raise Broken(FORBIDDEN, "too much before the proof")
        found = parse(data)
        kind = found.pop("kind")
        if self.proven == (kind in ("hello", "prove")) or (kind == "hello") == bool(self._theirs):
            raise Broken(FORBIDDEN, f"{kind} out of turn")
        self._heard = self._clock()
        if kind == "hello":
            self._theirs = data.encode() if isinstance(data, str) else data
        return getattr(self, f"_on_{kind}")(**found)

    def poll(self) -> list[bytes]:
        """What the log has for the peer, as far as the window allows."""
        if self._out is None:
            return []
        if log.head().epoch != self._epoch:
            raise Broken(REPLACED, "the log has begun a new epoch")
        frames: list[bytes] = []
        while len(self._flying) < WINDOW:
            batch = self._out.next()
            if batch is None:
                break
            if batch.items:
                self._send_batch(frames, batch.items, batch.upto, batch.last)
        behind = self._out.sent > max(self._flying, default=self._acked)
        if behind and not self._flying and self._since(self._passed) >= EMPTY_EVERY:
            self._send_batch(frames, [], self._out.sent, "")
        return frames

    def tick(self) -> list[bytes]:
        """About once a second: is the peer there, is it still ours to speak, are we equal?"""
        if self._since(self._heard) >= SILENCE:
            raise Broken(SLOW, "nothing was heard for too long")
        if not self.proven:
            return []
        self._keep_health()
        frames = self.poll()
        if self._dialler and self._may_compare():
            self._compared = self._clock()
            frames += self._said_now([self._digest(self._ledger.opening())])
        if not frames and self._since(self._said) >= PING:
            frames += self._said_now([frame("ping", clock=self._clock().isoformat())])
        return frames

    # frames

    def _on_hello(self, **hello) -> list[bytes]:
        if hello["protocol"] != PROTOCOL:
            raise Broken(FORBIDDEN, "another protocol")
        peer = Peer.objects.select_related("key").filter(node=hello["node"]).first()
        if peer is None or peer.confirmed_at is None or peer.upper != self._dialler:
            raise Broken(UNKNOWN, "no peer of this node")
        if self._dialler and peer.node != self.peer:
            raise Broken(UNKNOWN, "another node answers")
        if peer.revoked_at is not None:
            raise Broken(REVOKED, "revoked")
        self.peer, self._key, self.cleared = peer.node, peer.key, peer.cleared
        self._ledger = Ledger(peer.node)
        self._their_epoch = hello["epoch"]
        self._offset = self._offset_of(hello["clock"])
        signature = keys.signer().sign(self._to_prove(self._dialler))
        return [frame("prove", signature=signature.hex())]

    def _to_prove(self, by_dialler: bool) -> bytes:
        hellos = (self._mine, self._theirs) if self._dialler else (self._theirs, self._mine)
        role = b"dialler" if by_dialler else b"listener"
        return b"\n".join((b"belltower link", role, *hellos))

    def _on_prove(self, signature: str) -> list[bytes]:
        try:
            given = bytes.fromhex(signature)
        except ValueError as error:
            raise Broken(FORBIDDEN, "a signature that is not hexadecimal") from error
        message = self._to_prove(not self._dialler)
        if not keys.verify(self._key.algorithm, bytes(self._key.public), given, message):
            raise Broken(UNKNOWN, "another key than the one pinned at pairing")
        self.proven = True
        now = self._clock()
        Peer.objects.filter(node=self.peer).update(
            session=self.id, linked_at=now, heard_at=now, clock_ms=self._offset
        )
        peer = Peer.objects.get(node=self.peer)
        same = peer.epoch == self._their_epoch
        after, last = (peer.position, peer.last) if same else (0, None)
        return self._said_now(
            [frame("resume", epoch=self._their_epoch, after=after, last=str(last or ""))]
        )

    def _on_resume(self, epoch: str, after: int, last: str) -> list[bytes]:
        head = log.head()
        self._epoch = head.epoch
        if epoch == head.epoch and after:
            row = Envelope.objects.filter(position=after).first()
            if row is None or (last and str(row.id) != last):
                renew_epoch(f"{self.peer} has seen more of this log", seen=after)
                raise Broken(REPLACED, "the log has begun a new epoch")
        else:
            after = 0
        self._out = Outgoing(self.peer, self.cleared, sent=after)
        self._flying.clear()
        self._acked = after
        self._changed = self._clock()
        return self.poll()

    def _on_batch(self, items: list, upto: int | None, last: str) -> list[bytes]:
        cursor = None if upto is None else Cursor(self._their_epoch, upto, last)
        try:
            taken = take(peer=self.peer, session=self.id, raws=items, cursor=cursor)
        except Superseded as error:
            raise Broken(REPLACED, "another session has begun") from error
        except ValueError as error:
            raise Broken(FORBIDDEN, str(error)) from error
        if taken.kept:
            self._changed = self._clock()
        if upto is None and not taken.refused:
            return []
        refused = [list(pair) for pair in taken.refused]
        return self._said_now([frame("ack", position=upto or 0, refused=refused)])

    def _on_ack(self, position: int, refused: list) -> list[bytes]:
        if position > max(self._flying, default=self._acked):
            raise Broken(FORBIDDEN, "an ack of what was not sent")
        while self._flying and self._flying[0] <= position:
            self._acked = self._flying.popleft()
        if refused:
            Peer.objects.filter(node=self.peer).update(
                refused=F("refused") + len(refused), refusal=refused[-1][1][:200]
            )
        self._changed = self._clock()
        return self.poll()

    def _on_digest(self, set: str, level: str, sums: dict) -> list[bytes]:
        try:
            answer = self._ledger.answer(set, level, sums)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise Broken(FORBIDDEN, "a digest of another shape") from error
        if answer.equal:
            Peer.objects.filter(node=self.peer).update(equal_at=self._clock())
        frames = self._packed(answer.surplus)
        if answer.want:
            frames.append(frame("want", ids=answer.want))
        if answer.next:
            frames.append(self._digest(answer.next))
        if set == "shares" or level != "equal":
            self._compared = None  # look again
        return self._said_now(frames)

    def _on_want(self, ids: list[str]) -> list[bytes]:
        try:
            return self._said_now(self._packed(ids))
        except ValueError as error:
            raise Broken(FORBIDDEN, "an id that is none") from error

    def _on_ping(self, clock: str) -> list[bytes]:
        Peer.objects.filter(node=self.peer).update(clock_ms=self._offset_of(clock))
        return []

    # helpers

    def _said_now(self, frames: list[bytes]) -> list[bytes]:
        if frames:
            self._said = self._clock()
        return frames

    def _send_batch(self, frames: list[bytes], items: list, upto: int, last: str) -> None:
        frames += self._said_now([frame("batch", items=items, upto=upto, last=last)])
        self._flying.append(upto)
        self._passed = self._clock()

    def _packed(self, ids: list[str]) -> list[bytes]:
        """Batches of envelopes outside of the order of the log, where the other end lacks them."""
        chunks = self._ledger.to_send(ids) if ids else ()
        rows = (row for chunk in chunks for row in chunk)
        items = (pack(row, cleared=self.cleared, via=via_of(row)) for row in rows)
        return [frame("batch", items=batch, upto=None, last="") for batch in by_size(items)]

    def _digest(self, digest: tuple[str, str, dict]) -> bytes:
        which, level, sums = digest
        return frame("digest", set=which, level=level, sums=sums)

    def _drained(self) -> bool:
        return self._out is not None and not self._flying and self._out.is_done()

    def _may_compare(self) -> bool:
        """Everything is acknowledged, and something changed since, or it is long ago."""
        if not self._drained() or self._since(self._changed) < COMPARE_AFTER:
            return False
        if self._compared is None or self._compared < self._changed:
            return True
        return self._since(self._compared) >= COMPARE_EVERY

    def _keep_health(self) -> None:
        """Write down where the link stands; ends this session where another has begun."""
        found = Peer.objects.filter(node=self.peer, session=self.id, revoked_at=None)
        health = {"heard_at": self._heard, "acked": max(self._acked, 0)}
        if not found.update(**health, acked_epoch=self._epoch):
            raise Broken(REPLACED, "another session has begun")

    def _offset_of(self, text: str) -> int:
        """Milliseconds by which the other clock is ahead."""
        try:
            theirs = datetime.fromisoformat(text)
            offset = (theirs - self._clock()).total_seconds() * 1000
        except (TypeError, ValueError) as error:
            raise Broken(FORBIDDEN, "a clock that cannot be read") from error
        return int(max(-(2**31), min(2**31 - 1, offset)))

    def _since(self, moment: datetime) -> float:
        return (self._clock() - moment).total_seconds()
