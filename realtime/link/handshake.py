"""The handshake: both ends prove the key that was pinned at pairing, before anything else.

A node that has changed its key signs with each that it still holds, newest first; the other end
takes the newest that it knows as a successor of the pinned one, and pins it.

Owns: `hello`, `prove`, turns and the time of the last word, for every kind of session between two
nodes. Promises: nothing is said or believed before the other's proof; a proof is over the kind of
session, who dialled and both hellos with their fresh nonces, so it is good once and for this alone;
at most 64 KiB are read before it. Must not know: what is said afterwards.
"""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime

from django.conf import settings

from .. import keys, log, registry
from ..models import NodeKey, Peer
from . import nodes, pairing, rotation
from .frames import BEFORE_PROOF, FORBIDDEN, PROTOCOL, REVOKED, SLOW, UNKNOWN, Broken, frame, parse

SILENCE = 45.0  # seconds without a word


def now() -> datetime:
    """The clock of a session."""
    return datetime.now(UTC)


class Session:
    """One end of one connection. Every method may raise Broken; then it is over."""

    purpose = b""  # what this kind of session is for; part of what is signed
    kinds: frozenset[str] = frozenset()  # frames that may come after the proof

    def __init__(self, *, dialled: str = "", clock: Callable[[], datetime] = now):
        """`dialled`: the peer that this end called; empty on the end that was called."""
        self.peer = dialled
        self.proven = False
        self.id = secrets.token_hex(16)
        self._dialler = bool(dialled)
        self._clock = clock
        self._mine = self._theirs = b""
        self._spent = self._offset = 0
        self._their_epoch = ""
        self._epoch = log.head().epoch
        self._key: NodeKey | None = None
        self._known = ""  # the newest key of this node that the peer knew then
        self._heard = self._said = clock()

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
        if kind not in (self.kinds if self.proven else ("prove" if self._theirs else "hello",)):
            raise Broken(FORBIDDEN, f"{kind} out of turn")
        self._heard = self._clock()
        if kind == "hello":
            self._theirs = data.encode() if isinstance(data, str) else data
        return getattr(self, f"_on_{kind}")(**found)

    def poll(self) -> list[bytes]:
        """What there is to send now."""
        return []

    def tick(self) -> list[bytes]:
        """About once a second. Raises Broken when nothing was heard for too long."""
        if self._since(self._heard) >= SILENCE:
            raise Broken(SLOW, "nothing was heard for too long")
        return self.poll() if self.proven else []

    def ended(self) -> None:
        """The connection is over."""

    def _welcomed(self) -> list[bytes]:
        """The other end has proven itself."""
        return []

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
        self.peer, self._key = peer.node, peer.key
        self._their_epoch = hello["epoch"]
        self._offset = self._offset_of(hello["clock"])
        message = self._to_prove(self._dialler)
        self._known = rotation.signer_for(peer).id
        # with every key that is kept: a peer that went back to an old copy has forgotten the new
        return [frame("prove", signature=b"".join(one.sign(message) for one in keys.held()).hex())]

    def _to_prove(self, by_dialler: bool) -> bytes:
        hellos = (self._mine, self._theirs) if self._dialler else (self._theirs, self._mine)
        role = b"dialler" if by_dialler else b"listener"
        return b"\n".join((b"belltower", self.purpose, role, *hellos))

    def _on_prove(self, signature: str) -> list[bytes]:
        try:
            given = bytes.fromhex(signature)
        except ValueError as error:
            raise Broken(FORBIDDEN, "a signature that is not hexadecimal") from error
        message = self._to_prove(not self._dialler)
        found = proven_by(self._key, given, message)
        if found is None:
            raise Broken(UNKNOWN, "another key than the one pinned at pairing")
        if found != self._key:
            pairing.pin_successor(node=self.peer, key=found)
        self.proven = True
        self._keep_offset()
        return self._said_now(self._welcomed())

    def _clock_is(self, text: str) -> None:
        self._offset = self._offset_of(text)
        self._keep_offset()

    def _keep_offset(self) -> None:
        Peer.objects.filter(node=self.peer).update(clock_ms=self._offset)

    def _offset_of(self, text: str) -> int:
        """Milliseconds by which the other clock is ahead."""
        try:
            theirs = datetime.fromisoformat(text)
            offset = (theirs - self._clock()).total_seconds() * 1000
        except (TypeError, ValueError) as error:
            raise Broken(FORBIDDEN, "a clock that cannot be read") from error
        return int(max(-(2**31), min(2**31 - 1, offset)))

    def _said_now(self, frames: list[bytes]) -> list[bytes]:
        if frames:
            self._said = self._clock()
        return frames

    def _since(self, moment: datetime) -> float:
        return (self._clock() - moment).total_seconds()


def proven_by(pinned: NodeKey, signatures: bytes, message: bytes) -> NodeKey | None:
    """The newest key of a peer with which one of the signatures (64 bytes each) was made."""
    given = [signatures[start : start + 64] for start in range(0, len(signatures), 64)]
    for key in nodes.may_prove(pinned):
        if any(keys.verify(key.algorithm, bytes(key.public), one, message) for one in given):
            return key
    return None
