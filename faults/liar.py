"""A peer that owns a paired key and says whatever it likes.

Owns: envelopes with any header, signed by that key, and the frames of the protocol by hand.
Promises: nothing here uses the project's link code but the canonical form of a header, so that a
fault there is not repeated here. Must not know: what a node should answer.
"""

import copy
import hashlib
import json
import secrets
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

PATIENCE = 20.0
DIALLER, LISTENER, LINK, FILES = b"dialler", b"listener", b"link", b"files"
Fields = dict[str, Any]


def now() -> str:
    """This moment as envelopes write it."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def plain(header: Any) -> bytes:
    """JSON as headers are written, without any check of what it holds."""
    text = json.dumps(header, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def elsewhere(path: str) -> str:
    """A path out of the folder of attachments, as long as a hash is."""
    return ".." + "/" * (64 - 2 - len(path)) + path


class Forge:
    """Makes envelopes in the name of a node, with its key."""

    def __init__(self, node: str, key: Ed25519PrivateKey, audience: tuple[str, ...] = ("xian",)):
        self.node, self.key, self.audience = node, key, audience
        public = key.public_key().public_bytes_raw()
        self.key_id = hashlib.sha256(public).hexdigest()[:32]

    def item(
        self,
        public: Any,
        *,
        body: bytes | None = None,
        salt: bytes | None = None,
        personal: Any = None,
        **header: Any,
    ) -> Fields:
        """An item with these fields of the header, signed; everything else as it should be."""
        salt = secrets.token_bytes(16) if salt is None else salt
        body = orjson.dumps(public, option=orjson.OPT_SORT_KEYS) if body is None else body
        parts = {"public": [salt.hex(), body.decode()]}
        digests = {"public": hashlib.sha256(salt + body).hexdigest()}
        if personal is not None:
            other = orjson.dumps(personal)
            parts["personal"] = [salt.hex(), other.decode()]
            digests["personal"] = hashlib.sha256(salt + other).hexdigest()
        fields = {
            "id": str(uuid.uuid4()),
            "source": self.node,
            "realm": "real",
            "type": "incident.reported",
            "version": 1,
            "subject": "incident/none",
            "about": header.get("subject", "incident/none"),
            "term": 1,
            "rev": 1,
            "time": now(),
            "actor": f"liar@{self.node} duty_officer",
            "audience": sorted({self.node, *self.audience}),
            "relay": "parent",
            "parts": digests,
            "blobs": [],
            "key": self.key_id,
        }
        return self.signed(plain(fields | header), parts)

    def signed(self, header: bytes, parts: Fields) -> Fields:
        """An item around these exact bytes."""
        return {
            "header": header.decode("utf-8", "surrogatepass"),
            "signature": self.key.sign(header).hex(),
            "parts": parts,
            "via": [],
        }

    def incident(self, title: str, pk: str = "", **header: Any) -> Fields:
        """A report as a node makes it; the data say the same as the header, whatever that is."""
        pk = pk or str(uuid.uuid4())
        data = incident_data(pk, header.get("source", self.node), title)
        data |= {name: header[name] for name in ("realm", "term", "rev") if name in header}
        return self.item(data, **{"subject": f"incident/{pk}"} | header)

    def entry(self, incident: str, text: str, **header: Any) -> Fields:
        """A line of the timeline of an incident."""
        pk = str(uuid.uuid4())
        given = {"subject": f"entry/{pk}", "about": f"incident/{incident}", "relay": "about"}
        data = entry_data(pk, incident, self.node, text)
        return self.item(data, **given | {"type": "entry.written"} | header)

    def share(self, thing: str, node: str, by: str = "", until: str | None = None) -> Fields:
        """A share of a thing with a node."""
        pk = str(uuid.uuid4())
        data = {"id": pk, "thing": thing, "node": node, "by": by or self.node, "rev": 1}
        data |= {"since": now(), "until": until, "ended_at": None}
        given = {"subject": f"share/{pk}", "about": thing, "relay": "about"}
        return self.item(data, **given | {"type": "share.granted"})


def incident_data(pk: str, home: str, title: str) -> Fields:
    """The public part of an incident."""
    texts = (
        "warning_colour response_level source address district district_name summary cause trend "
        "measures next_steps leaders_present reported_to state_reason"
    ).split()
    people = ("dead", "injured", "serious", "missing", "trapped", "affected")
    return dict.fromkeys(texts, "") | {
        "id": pk,
        "number": f"{home}-2026-000001",
        "home": home,
        "realm": "real",
        "term": 1,
        "rev": 1,
        "state": "received",
        "steps": [],
        **dict.fromkeys(("merged_into", "parent", "split_from")),
        "title": title,
        "type_code": "12D02",
        "type_name": "危险化学品事故",
        "grade": None,
        "grading": {},
        "occurred_at": None,
        "received_at": now(),
        "received_by": "李晨",
        "location": None,
        "affected_area": None,
        "casualties": dict.fromkeys(people),
        "loss_cny": None,
        "foreigners": False,
        "sensitive": False,
        "limits": [],
        "audience": sorted([home, "xian"]),
        "organisations": [],
    }


def entry_data(pk: str, incident: str, home: str, text: str) -> Fields:
    """The public part of an entry."""
    return {
        "id": pk,
        "incident": incident,
        "home": home,
        "realm": "real",
        "rev": 1,
        "text": text,
        "author": f"liar@{home} duty_officer",
        "author_name": "李晨",
        "occurred_at": now(),
        "recorded_at": now(),
        "corrects": None,
        "corrected_by": None,
        "struck": None,
    }


def changed(item: Fields, change: Callable[[Fields], Any]) -> Fields:
    """A copy of an item with something changed after it was signed."""
    item = copy.deepcopy(item)
    change(item)
    return item


class Closed(Exception):
    """The node ended the session, with this code."""

    def __init__(self, code: int):
        super().__init__(code)
        self.code = code


class Liar:
    """One connection to a node, by hand."""

    def __init__(
        self,
        node: str,
        key: Ed25519PrivateKey,
        port: int,
        *,
        purpose: bytes = LINK,
        **options: Any,
    ):
        self.node, self.key, self.purpose = node, key, purpose
        self.epoch = secrets.token_hex(16)
        self.heard: list[bytes] = []  # frames, as they came
        try:
            self.socket: ClientConnection = connect(
                f"ws://127.0.0.1:{port}/ws/{purpose.decode()}",
                proxy=None,
                compression=None,
                max_size=None,
                open_timeout=PATIENCE,
                ping_interval=None,
                legacy=True,  # not in a `with` at once
                **options,
            )
        except InvalidStatus as error:
            raise Closed(error.response.status_code) from error
        self.theirs = self.mine = b""

    def __enter__(self) -> "Liar":
        return self

    def __exit__(self, *_error: object) -> None:
        self.socket.close()

    def say(self, frame: Fields | bytes | str) -> None:
        """Send a frame; bytes and text go as they are."""
        text = orjson.dumps(frame).decode() if isinstance(frame, dict) else frame
        try:
            self.socket.send(text.decode() if isinstance(text, bytes) else text)
        except ConnectionClosed as closed:
            raise Closed(_code(closed)) from closed

    def hear(self, *kinds: str, within: float = PATIENCE) -> Fields:
        """The next frame of these kinds (of any). Raises Closed, TimeoutError."""
        while True:
            try:
                told = self.socket.recv(within)
            except ConnectionClosed as closed:
                raise Closed(_code(closed)) from closed
            self.heard.append(told.encode() if isinstance(told, str) else told)
            found = orjson.loads(told)
            if not kinds or found["kind"] in kinds:
                return found

    def closed(self, within: float = PATIENCE) -> int:
        """Hear nothing but the end; its code. Raises TimeoutError."""
        try:
            while True:
                self.hear(within=within)
        except Closed as closed:
            return closed.code

    # the handshake, step by step

    def hello(self, **fields: Any) -> bytes:
        """Take theirs and say ours; the bytes of ours."""
        self.hear("hello")
        self.theirs = self.heard[-1]
        self.mine = orjson.dumps(
            {
                "kind": "hello",
                "node": self.node,
                "epoch": self.epoch,
                "protocol": 2,
                "types": {},
                "clock": now(),
                "nonce": secrets.token_hex(32),
            }
            | fields
        )
        self.say(self.mine)
        return self.mine

    def proof(
        self, role: bytes = DIALLER, theirs: bytes = b"", purpose: bytes | None = None
    ) -> str:
        """The signature over purpose, role and hellos."""
        said = purpose or self.purpose, role, self.mine, theirs or self.theirs
        message = b"\n".join((b"belltower", *said))
        return self.key.sign(message).hex()

    def prove(self, **fields: Any) -> None:
        """Say the proof."""
        self.say({"kind": "prove", "signature": self.proof()} | fields)

    def open(self) -> Fields:
        """The whole handshake; the node's `resume`."""
        self.hello()
        self.hear("prove")
        self.prove()
        return self.hear("resume")

    def resume(self, epoch: str = "", after: Any = 0, last: str = "") -> None:
        """Say from where we want the node's log."""
        self.say({"kind": "resume", "epoch": epoch, "after": after, "last": last})

    def batch(self, items: list[Any], upto: int | None, last: str = "") -> Fields:
        """Send a batch and wait for its answer."""
        self.say({"kind": "batch", "items": items, "upto": upto, "last": last})
        return self.hear("ack")


def _code(closed: ConnectionClosed) -> int:
    return closed.rcvd.code if closed.rcvd is not None else 1006
