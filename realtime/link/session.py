"""A link session: the whole protocol of one connection, without a network.

Both ends run this same class; one dialled. It is handed frames and hands frames back, so a
WebSocket, a queue in a test or a file can carry them. Order:

1. Both prove their keys (handshake.py).
2. The receiver owns the cursor: `resume` names epoch, position and id of the last row that it took
   of the other's log. A position beyond the head, or another id there, shows that this log was
   restored from a copy: a new epoch begins.
3. `batch` brings rows and the position that they reach, at most WINDOW of them unanswered. What is
   in one batch is taken in by one transaction; `ack` follows its commit and means durable. Of a
   long backlog what is open comes first, in batches that leave the cursor where it is (picture.py).
   After a new epoch this end asks first what it lost (set `first` of digests.py) and resumes when
   it is back, so that nothing is judged by a log that lacks its own shares.
4. The ends compare what they hold (comparing.py); then "equal" is known, not supposed.
5. `ping` every PING seconds without another frame; SILENCE seconds without any end the session.

Owns: the state of one conversation. Promises: one session a peer (a newer one replaces it); every
frame is checked; what a peer may not have never comes near a frame. Must not know: sockets,
threads, time other than the clock that it is given.
"""

from typing import Any

from django.db.models import F

from .. import log
from ..models import Envelope, Peer
from ..start import renew_epoch
from . import rotation
from .comparing import Comparing
from .digests import Ledger
from .frames import FORBIDDEN, REPLACED, Broken, frame
from .incoming import Cursor, Superseded, take
from .outgoing import Outgoing

WINDOW = 4  # batches without an answer
PING = 15.0  # seconds
EMPTY_EVERY = 2.0  # seconds between cursors that only pass what does not go there
RETURN_WITHIN = 30.0  # seconds that a node waits for what it lost, before it goes on without


class LinkSession(Comparing):
    """One end of a link."""

    purpose = b"link"
    kinds = frozenset("resume batch ack digest want ping".split())

    def __init__(self, **options):
        super().__init__(**options)
        self._passed = self._heard
        self._unheard: int | None = None  # the newest batch that brought something, not acked yet

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
        if self.proven:
            self._keep_health()
            self._keep_settled()
        frames = super().tick()
        waited = self.proven and self._since(self._began) >= RETURN_WITHIN
        if self._resume is not None and (self._compared is None or waited):
            frames += self._ask_for_lost()
        if self.proven and (self._dialler or self._asked):
            frames += self._said_now(self._compare(is_calm=self._is_calm()))
        if self.proven and not frames and self._since(self._said) >= PING:
            frames += self._said_now([frame("ping", clock=self._clock().isoformat())])
        return frames

    def ended(self) -> None:
        """Nobody says that there is a link any more."""
        Peer.objects.filter(node=self.peer, session=self.id).update(linked_at=None)

    @staticmethod
    def none_stand(**which: Any) -> None:
        """No link to these peers stands: at the start of the process that carries them, after one
        that was killed and could not say so."""
        Peer.objects.filter(**which).update(linked_at=None)

    # frames

    def _welcomed(self) -> list[bytes]:
        now = self._clock()
        self._ledger = Ledger(self.peer)
        peer = Peer.objects.get(node=self.peer)
        same = peer.epoch == self._their_epoch
        acked = peer.acked if same else 0  # it may have lost what it took
        found = Peer.objects.filter(node=self.peer)
        found.update(session=self.id, linked_at=now, heard_at=now, acked=acked)
        after, last = (peer.position, peer.last) if same else (0, None)
        self._resume = frame("resume", epoch=self._their_epoch, after=after, last=str(last or ""))
        self._began = now
        if peer.acked_epoch not in ("", self._epoch):
            return self._ask_for_lost()
        return self._go_on()

    def _ask_for_lost(self) -> list[bytes]:
        if self._since(self._began) >= RETURN_WITHIN:
            return self._go_on()
        self._compared = self._clock()
        return [self._digest(self._ledger.opening())]

    def _go_on(self) -> list[bytes]:
        resume, self._resume = self._resume, None
        return [resume]

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
        self._out = Outgoing(self.peer, sent=after)
        self._out.begin()
        self._flying.clear()
        self._acked = after
        self._changed = self._opened = self._clock()
        self._mark, self._settled = (head.position, self._changed), None
        self._unheard = None
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
        if position > max([*self._flying, self._acked, 0]):  # 0: of what was sent out of order
            raise Broken(FORBIDDEN, "an ack of what was not sent")
        while self._flying and self._flying[0] <= position:
            self._acked = self._flying.popleft()
        if refused:
            Peer.objects.filter(node=self.peer).update(
                refused=F("refused") + len(refused), refusal=refused[-1][1][:200]
            )
        if self._unheard is not None:  # else the cursor alone went on
            self._changed = self._clock()
            self._unheard = self._unheard if position < self._unheard else None
        return self.poll()

    def _on_ping(self, clock: str) -> list[bytes]:
        self._clock_is(clock)
        return []

    # helpers

    def _send_batch(self, frames: list[bytes], items: list, upto: int, last: str) -> None:
        self._unheard = upto if items else self._unheard
        frames += self._said_now([frame("batch", items=items, upto=upto, last=last)])
        self._flying.append(upto)
        self._passed = self._clock()

    def _keep_health(self) -> None:
        """Write down where the link stands; ends this session where another has begun."""
        found = Peer.objects.filter(node=self.peer, session=self.id, revoked_at=None)
        health = {"heard_at": self._heard}
        if self._resume is None:  # until then the next session has to ask for what was lost too
            health |= {"acked": max(self._acked, 0), "acked_epoch": self._epoch}
        if not found.update(**health):
            raise Broken(REPLACED, "another session has begun")
        rotation.discard_old()
        peer = Peer.objects.get(node=self.peer)
        self._asked = peer.compare
        if rotation.signer_for(peer).id != self._known:
            raise Broken(REPLACED, "the new key is to be proven")
