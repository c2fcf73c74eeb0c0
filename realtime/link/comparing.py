"""Are both ends equal? When a session asks, of which moment, and what follows from the answers.

At rest (all is acknowledged, and nothing has changed for a second) the ends compare all that both
may hold. Where nothing rests they compare what is stamped until a moment up to which both logs are
acknowledged: an end that cannot speak of the moment that it is asked about answers with the same
question about an earlier one.

Owns: the rhythm, the moments and `equal_at`. Promises: what is on its way is not missing; equality
is noted only as the answer to a question of this end, never of a later moment than was compared,
and never goes back; `equal_at` speaks of the times that envelopes bear: one that is relayed later
may bear an older one. Must not know: sums (digests.py), batches and cursors (session.py).
"""

from collections import deque
from datetime import UTC, datetime, timedelta

from django.db.models import Min, Q

from .. import log
from ..models import Envelope, Peer
from .digests import Ledger
from .frames import FORBIDDEN, Broken, frame
from .handshake import SILENCE, Session
from .items import pack
from .outgoing import Outgoing, by_size, is_cleared, via_of

COMPARE_AFTER, COMPARE_EVERY = 1.0, 300.0  # seconds after the last change; and anyway
COMPARE_BUSY, BUSY_AGAIN = 3.0, 60.0  # seconds after it began, where no such second comes; later
STAMPED = timedelta(seconds=1)  # from the time of an envelope to its place in the log, at most


class Comparing(Session):
    """What a link session knows of equality."""

    def __init__(self, **options):
        super().__init__(**options)
        self._out: Outgoing | None = None
        self._ledger: Ledger | None = None
        self._flying: deque[int] = deque()
        self._acked = -1
        self._compared: datetime | None = None
        self._opened = self._changed = self._heard
        self._asked = False  # somebody here wants to know whether both hold the same
        self._mark = (0, self._heard)  # a position of this log, and when it was the newest
        self._settled: tuple[int, datetime] | None = None  # such a mark, all of it acknowledged
        self._awaits: tuple[str, datetime | None] | None = None  # the set that was asked about
        self._proven_once = False  # equal, since this session began
        self._resume: bytes | None = None  # held back until what was lost is here again

    @staticmethod
    def compare_now(node: str) -> None:
        """Compare with this peer as soon as a link to it stands."""
        Peer.objects.filter(node=node).update(compare=True)

    def _compare(self, *, is_calm: bool) -> list[bytes]:
        """The first digest of a comparison: something changed since the last, it is long ago, or
        somebody asks; of all that is here, or, where nothing rests, until a moment."""
        unknown = self._asked or self._compared is None or self._compared < self._changed
        since_opened, until = self._since(self._opened), None
        if not is_calm:
            wait = COMPARE_BUSY if self._asked or not self._proven_once else BUSY_AGAIN
            if self._settled is None or not unknown or since_opened < wait:
                return []
            behind = timedelta(milliseconds=min(0, self._offset))
            until = self._settled_until() - STAMPED + behind
        elif not unknown and self._since(self._compared) < COMPARE_EVERY:
            return []
        if self._awaits is not None and since_opened < SILENCE:
            return []
        self._opened = self._clock()
        if until is None:  # else what came after that moment is still to be compared
            self._compared = self._opened
        if self._asked:
            Peer.objects.filter(node=self.peer).update(compare=False)
            self._asked = False
        return [self._digest(self._ledger.opening(until=until), until)]

    def _on_digest(self, set: str, level: str, sums: dict, until: str) -> list[bytes]:
        try:
            moment = datetime.fromisoformat(until).astimezone(UTC) if until else None
            awaited = self._awaits
            if level != "hours":  # else it is a question, not the answer
                self._awaits = None
            if moment and not self._is_settled(moment):
                return self._said_now(self._earlier(moment) if level == "hours" else [])
            if level == "equal" and awaited != (set, moment):
                return []  # to what nobody asked, or no longer
            answer = self._ledger.answer(set, level, sums, moment)
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
            raise Broken(FORBIDDEN, "a digest of another shape") from error
        if answer.equal:
            self._equal(moment or self._clock())
        frames = self._packed(answer.surplus)
        if answer.want:
            frames.append(frame("want", ids=answer.want))
        if self._resume is not None and (set, level) == ("first", "equal"):
            frames += self._go_on()
        elif answer.next:
            frames.append(self._digest(answer.next, moment))
        if level != "equal":
            self._compared = None  # look again
        return self._said_now(frames)

    def _on_want(self, ids: list[str]) -> list[bytes]:
        try:
            return self._said_now(self._packed(ids))
        except ValueError as error:
            raise Broken(FORBIDDEN, "an id that is none") from error

    def _earlier(self, moment: datetime) -> list[bytes]:
        """The answer to a question about a moment of which this end cannot speak yet: the same
        about the latest of which it can."""
        if self._settled is None or (own := self._settled_until()) >= moment:
            return []
        return [self._digest(self._ledger.opening(until=own), own)]

    def _equal(self, moment: datetime) -> None:
        """Both hold what is stamped until this moment. It never goes back."""
        self._proven_once, self._awaits = True, None
        found = Peer.objects.filter(Q(equal_at=None) | Q(equal_at__lt=moment), node=self.peer)
        found.update(equal_at=moment)

    def _packed(self, ids: list[str]) -> list[bytes]:
        """Batches of envelopes outside of the order of the log, where the other end lacks them."""
        chunks = self._ledger.to_send(ids) if ids else ()
        rows = (row for chunk in chunks for row in chunk)
        cleared = is_cleared(self.peer)
        items = (pack(row, cleared=cleared, via=via_of(row)) for row in rows)
        return [frame("batch", items=batch, upto=None, last="") for batch in by_size(items)]

    def _digest(self, digest: tuple[str, str, dict], until: datetime | None = None) -> bytes:
        which, level, sums = digest
        moment = until.isoformat() if until else ""
        if level == "hours":
            self._awaits = which, until
        return frame("digest", set=which, level=level, sums=sums, until=moment)

    def _drained(self) -> bool:
        return self._out is not None and not self._flying and self._out.is_done()

    def _is_calm(self) -> bool:
        """Everything is acknowledged, and nothing has changed for a moment."""
        return self._drained() and self._since(self._changed) >= COMPARE_AFTER

    def _keep_settled(self) -> None:
        """Note up to when all that this log held is acknowledged, however much came since."""
        reached = self._acked if self._flying or self._out is None else self._out.sent
        if reached >= self._mark[0]:
            self._settled = self._mark
            self._mark = (log.head().position, self._clock())

    def _is_settled(self, moment: datetime) -> bool:
        return self._settled is not None and moment <= self._settled_until()

    def _settled_until(self) -> datetime:
        """The latest stamp up to which the peer has acknowledged everything that goes there; what
        was relayed since may bear an older one."""
        position, moment = self._settled
        rows = Envelope.objects.filter(position__gt=position)
        oldest = rows.aggregate(oldest=Min("time"))["oldest"]
        settled = moment - STAMPED
        return settled if oldest is None else min(settled, oldest - timedelta(microseconds=1))
