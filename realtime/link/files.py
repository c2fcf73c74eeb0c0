"""Files between two nodes, on a connection of their own, so that no envelope waits for them.

Owns: the asking and the answering: `ask{sha256, offset}`, `piece{sha256, offset, size, data}`; a
piece of size 0 says that it is not to be had here. Promises: a file goes only to a node that may
hold an envelope that names it; one piece is under way at a time, RATE bytes a second at most; what
broke off goes on where it ended. Must not know: what a file shows.
"""

import base64
import logging

from ..blobs import Damaged, add, part_of, path_of
from ..models import Blob, Peer
from .frames import FORBIDDEN, REPLACED, Broken, frame
from .handshake import Session
from .sharing import Sharing

PIECE = 64 * 1024  # bytes
RATE = 2 * 1024 * 1024  # bytes a second
AGAIN = 60.0  # seconds until a file that the peer did not have is asked for again
PATIENCE = 30.0  # seconds for one piece

logger = logging.getLogger(__name__)


class FileSession(Session):
    """One end of the connection for files."""

    purpose = b"files"
    kinds = frozenset("ask piece ping".split())

    def __init__(self, **options):
        super().__init__(**options)
        self._asked = ""
        self._asked_at = self._turn = self._heard
        self._left = RATE
        self._absent: dict[str, object] = {}  # hash to when it was said to be absent

    def poll(self) -> list[bytes]:
        """Ask for the next piece, if there is one to be had and the second's share is not spent."""
        if self._since(self._turn) >= 1.0:
            self._turn, self._left = self._clock(), RATE
        if self._asked and self._since(self._asked_at) < PATIENCE:
            return []
        self._asked = ""
        missing = Blob.objects.filter(here=False, wanted=True).order_by("size", "sha256")
        for sha256 in missing.values_list("sha256", flat=True)[:100] if self.proven else ():
            said = self._absent.get(sha256)
            if (said is None or self._since(said) >= AGAIN) and self._left > 0:
                return self._ask(sha256)
        return []

    def tick(self) -> list[bytes]:
        if self.proven and not Peer.objects.filter(node=self.peer, revoked_at=None).exists():
            raise Broken(REPLACED, "revoked")
        frames = super().tick()
        if self.proven and not frames and self._since(self._said) >= 15:
            frames = self._said_now([frame("ping", clock=self._clock().isoformat())])
        return frames

    def _welcomed(self) -> list[bytes]:
        return self.poll()

    def _ask(self, sha256: str) -> list[bytes]:
        part = part_of(sha256)
        offset = part.stat().st_size if part.exists() else 0
        self._asked, self._asked_at = sha256, self._clock()
        return self._said_now([frame("ask", sha256=sha256, offset=offset)])

    def _on_ask(self, sha256: str, offset: int) -> list[bytes]:
        size, data = 0, b""
        if self._may_have(sha256) and path_of(sha256).exists():
            with path_of(sha256).open("rb") as file:
                size = file.seek(0, 2)
                if offset >= size:
                    raise Broken(FORBIDDEN, "a piece beyond the end")
                file.seek(offset)
                data = file.read(PIECE)
        text = base64.b64encode(data).decode()
        return self._said_now([frame("piece", sha256=sha256, offset=offset, size=size, data=text)])

    def _may_have(self, sha256: str) -> bool:
        rows = [blob.envelope for blob in Blob.objects.filter(sha256=sha256, here=True)]
        known = Sharing.of({row.about for row in rows})
        return any(known.may_hold(row, self.peer) for row in rows)

    def _on_piece(self, sha256: str, offset: int, size: int, data: str) -> list[bytes]:
        if sha256 != self._asked:
            raise Broken(FORBIDDEN, "a piece that nobody asked for")
        self._asked = ""
        known = Blob.objects.filter(sha256=sha256).first()
        if size == 0 or known is None or size != known.size:
            self._absent[sha256] = self._clock()
            return self.poll()
        try:
            content = base64.b64decode(data, validate=True)
        except ValueError as error:
            raise Broken(FORBIDDEN, "a piece that is not base64") from error
        if offset + len(content) > size or not content:
            raise Broken(FORBIDDEN, "a piece of the wrong length")
        self._left -= len(content)
        try:
            add(sha256, offset, content, size)
        except Damaged:
            logger.warning("%s sent another file under the hash %s", self.peer, sha256)
            self._absent[sha256] = self._clock()
        return self.poll()

    def _on_ping(self, clock: str) -> list[bytes]:
        self._clock_is(clock)
        return []
