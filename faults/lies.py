"""Envelopes that a node must refuse, or keep without applying: one row for each kind.

Owns: the list. `QUARANTINED` are not what a node that follows the protocol sends, or are not its
to send; `PARKED` are genuine and cannot be applied. Promises: every call makes an item that was
never made before, so that what a node counts can be compared exactly. Must not know: how they get
to the node.
"""

import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from faults.liar import Fields, Forge, changed, elsewhere, entry_data, incident_data, plain
from faults.nodes import CHANGAN, CITY, YANTA


@dataclass
class Ground:
    """What lies are told about."""

    forge: Forge
    own: str  # an incident of the liar that the node has
    foreign: str  # one of a district, which the liar was never told
    title: str = "a lie"

    def incident(self, **header: Any) -> Fields:
        """An honest report."""
        return self.forge.incident(self.title, **header)

    def fresh(self) -> str:
        """The id of a thing that nobody has."""
        return str(uuid.uuid4())


Lie = Callable[[Ground], Any]


def _header(**fields: Any) -> Lie:
    """Signed as it should be, with these fields of the header."""
    return lambda on: on.incident(**fields)


def _blob(**fields: Any) -> Lie:
    blob = {"sha256": "0" * 64, "size": 10, "media_type": "image/png"} | fields
    return _header(blobs=[blob])


def _after(change: Callable[[Fields], Any]) -> Lie:
    """Changed after it was signed."""
    return lambda on: changed(on.incident(), change)


def _bytes(change: Callable[[str], str]) -> Lie:
    """The header written in another way, and signed so."""

    def lie(on: Ground) -> Fields:
        item = on.incident()
        header = change(item["header"]).encode("utf-8", "surrogatepass")
        return on.forge.signed(header, item["parts"])

    return lie


def _without(name: str) -> Lie:
    def lie(on: Ground) -> Fields:
        item = on.incident()
        header = orjson.loads(item["header"])
        del header[name]
        return on.forge.signed(plain(header), item["parts"])

    return lie


def _alone(on: Ground, pk: str, **header: Any) -> Fields:
    """A thing that nobody else has to do with."""
    return on.forge.incident(on.title, pk, relay="none", **header)


def _set(**fields: Any) -> Callable[[Fields], None]:
    return lambda item: item.update(fields)


def _in_parts(change: Callable[[list], Any]) -> Lie:
    return _after(lambda item: change(item["parts"]["public"]))


def _flip(text: str, at: int) -> str:
    return text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1 :]


def _other_key(on: Ground) -> Fields:
    other = Forge(on.forge.node, Ed25519PrivateKey.generate())
    return other.incident(on.title)


def _signed_by_another(on: Ground) -> Fields:
    other = Forge(on.forge.node, Ed25519PrivateKey.generate())
    other.key_id = on.forge.key_id
    return other.incident(on.title)


def _swapped_parts(on: Ground) -> Fields:
    return on.incident() | {"parts": on.incident()["parts"]}


def _entry_of_a_drill(on: Ground) -> Fields:
    """Header and data of an exercise, about an incident that is none."""
    realm, pk = f"ex:{on.fresh()}", on.fresh()
    data = entry_data(pk, on.own, on.forge.node, on.title) | {"realm": realm}
    header = {"subject": f"entry/{pk}", "about": f"incident/{on.own}", "relay": "about"}
    return on.forge.item(data, type="entry.written", realm=realm, **header)


def _data(**fields: Any) -> Lie:
    """Genuine, with other data than its type has."""

    def lie(on: Ground) -> Fields:
        pk = on.fresh()
        data = incident_data(pk, on.forge.node, on.title) | fields
        return on.forge.item(data, subject=f"incident/{pk}")

    return lie


def _body(body: bytes) -> Lie:
    return lambda on: on.forge.item(None, body=body, subject=f"incident/{on.fresh()}")


def _as_another(on: Ground) -> Fields:
    """Under a subject of its own, the data of an incident of another node."""
    return on.forge.item(
        incident_data(on.foreign, YANTA, on.title), subject=f"incident/{on.fresh()}"
    )


QUARANTINED: dict[str, Lie] = {
    # the form
    "a text": lambda _on: secrets.token_hex(8),
    "a field too many": _after(_set(trust="me")),
    "no via": _after(lambda item: item.pop("via")),
    "a header of 9 KiB": lambda on: on.incident(
        blobs=[{"sha256": "0" * 64, "size": 1, "media_type": secrets.token_hex(4600)}]
    ),
    "an id in another spelling": lambda on: on.forge.incident(on.title, on.foreign.upper()),
    "a float in the header": _header(blobs=[0.5]),
    "true in the header": _header(blobs=[True]),
    "null in the header": _header(blobs=[None]),
    "NaN in the header": _bytes(lambda text: text.replace('"blobs":[]', '"blobs":[NaN]')),
    "a key twice": _bytes(lambda text: text.replace('"rev":1', '"rev":1,"rev":1')),
    "keys out of order": _bytes(lambda text: '{"zone":1,' + text[1:]),
    "a blank in the header": _bytes(lambda text: text.replace('":', '": ', 1)),
    "escaped letters": _bytes(lambda text: text.replace('"actor":"l', '"actor":"\\u006c')),
    "half of a surrogate pair": _bytes(lambda text: text.replace('"real"', '"\\ud800"')),
    "letters that are not composed": _header(actor="e\u0301 duty"),
    "a depth of 2,000": _bytes(
        lambda text: text.replace('"blobs":[]', '"blobs":' + "[" * 2000 + "]" * 2000)
    ),
    "no JSON": _bytes(lambda text: text[:-1]),
    "a header that is no object": _bytes(lambda text: f'["{secrets.token_hex(8)}"]'),
    "a field of the header too many": _header(alg="none"),
    "a field of the header too few": _without("blobs"),
    # files
    "blobs that are no list": _header(blobs={}),
    "a blob that is a text": _header(blobs=["x"]),
    "a blob without a size": _header(blobs=[{"sha256": "0" * 64, "media_type": "image/png"}]),
    "a blob of a negative size": _blob(size=-1),
    "a blob of 2^63 bytes": _blob(size=2**63),
    "a blob of a text for a size": _blob(size="1"),
    "a blob of another hash": _blob(sha256="A" * 64),
    "a blob that is the key of the node": _blob(sha256=elsewhere("/../keys/node.pem")),
    "1,000 blobs": lambda on: on.incident(blobs=[{}] * 1000),
    # signature and key
    "a signature with a digit changed": _after(
        lambda item: item.update(signature=_flip(item["signature"], 9))
    ),
    "no signature": _after(_set(signature="")),
    "a header with a digit changed": _after(
        lambda item: item.update(header=item["header"].replace('"rev":1', '"rev":2'))
    ),
    "a key that nobody knows": _other_key,
    "the right name of the key, another key": _signed_by_another,
    "a key id that is a number": _header(key=1),
    "another algorithm beside the key": _header(key="none"),
    # the fields
    "an id that is none": _header(id="1"),
    "an id in capitals": lambda on: on.incident(id=f"ABCDEF{on.fresh()[6:].upper()}"),
    "revision 0": _header(rev=0),
    "revision 2^31": _header(rev=2**31),
    "term 0": _header(term=0),
    "a negative version": _header(version=-1),
    "a version over the column": _header(version=40_000),
    "a relay that there is not": _header(relay="all"),
    "a relay that is a list": _header(relay=["about"]),
    "a realm that there is not": _header(realm="reel"),
    "a subject of 200 letters": _header(subject="incident/" + "x" * 191),
    "no actor": _header(actor=""),
    "NUL in a text": _header(actor="nul\0"),
    "a time without a zone": _header(time="2026-01-01T00:00:00.000000"),
    "a time that is none": _header(time="yesterday"),
    "a time in another zone": _header(time="2026-01-01T00:00:00.000000+08:00"),
    "a time before all times": _header(time="0001-01-01T00:00:00.000000+08:00"),
    "an audience out of order": lambda on: on.incident(audience=[CITY, "a", on.forge.node]),
    "an audience without its source": _header(audience=[CITY]),
    "an audience of lists": _header(audience=[[CITY]]),
    # parts
    "another salt": _in_parts(lambda part: part.__setitem__(0, secrets.token_hex(16))),
    "no salt": _in_parts(lambda part: part.__setitem__(0, "")),
    "a short salt": lambda on: on.forge.item({}, salt=b"1"),
    "no salt at all": _in_parts(lambda part: part.pop(0)),
    "the body of another": _swapped_parts,
    "a letter more in the body": _in_parts(lambda part: part.__setitem__(1, part[1] + " ")),
    "a part that the header does not name": _after(
        lambda item: item["parts"].update(personal=item["parts"]["public"])
    ),
    "a part of another name": _after(lambda item: item.update(parts={"secret": ["", ""]})),
    "parts that are a list": _after(_set(parts=[])),
    # bodies that are not of the thing that the header names
    "no JSON in the body": _body(b"not json"),
    "a list in the body": _body(b"[1]"),
    "a home that is another": _data(home=YANTA),
    "a realm that is another": _data(realm=f"ex:{uuid.UUID(int=7)}"),
    "the data of another incident": _as_another,
    "the term of another": _data(term=2),
    "the revision of another": _data(rev=7),
    # the way
    "10,000 via": _after(_set(via=["x"] * 10_000)),
    "seven via": _after(_set(via=list("abcdefg"))),
    "a circle": _after(_set(via=["a", "b", "a"])),
    "via what is no node": _after(_set(via=["A B"])),
    # who may say what
    "from the receiver": _header(source=CITY, audience=[CITY]),
    "from a district": _header(source=YANTA, audience=[CITY, YANTA]),
    "not for the receiver": lambda on: on.incident(audience=[on.forge.node], relay="none"),
    "a thing of another": lambda on: _alone(on, on.foreign, rev=5),
    "a new term of a thing of another": lambda on: _alone(on, on.foreign, term=2),
    "a term without a transfer": lambda on: _alone(on, on.own, term=2, rev=9),
    "a new thing in term 2": _header(term=2),
    "an entry about what it may not have": lambda on: on.forge.entry(on.foreign, "a lie"),
    "an entry about what nobody has": lambda on: on.forge.entry(on.fresh(), "a lie"),
    "a grant to itself": lambda on: on.forge.share(f"incident/{on.foreign}", on.forge.node),
    "a grant to itself of what nobody has": lambda on: on.forge.share(
        f"incident/{on.fresh()}", on.forge.node
    ),
    "a grant by an outsider": lambda on: on.forge.share(f"incident/{on.foreign}", CHANGAN),
    "a grant in the name of another": lambda on: on.forge.share(
        f"incident/{on.foreign}", on.forge.node, by=YANTA
    ),
    "a grant until a time without a zone": lambda on: on.forge.share(
        f"incident/{on.own}", CHANGAN, until="2099-01-01T00:00:00"
    ),
    "a grant without a form": lambda on: on.forge.item(
        {"id": on.fresh()}, subject=f"share/{on.fresh()}", type="share.granted"
    ),
    "an introduction from below": lambda on: on.forge.item(
        {}, subject=f"node/{on.fresh()}", type="node.introduced"
    ),
    "an entry of a drill about what is real": _entry_of_a_drill,
}


def _entry_elsewhere(on: Ground) -> Fields:
    """An entry about a thing of its own that says it is about another's."""
    item = on.forge.entry(on.foreign, "a lie")
    header = orjson.loads(item["header"])
    data = orjson.loads(item["parts"]["public"][1])
    return on.forge.item(
        data,
        type="entry.written",
        subject=header["subject"],
        about=f"incident/{on.own}",
        relay="about",
    )


def _entry_about_no_id(on: Ground) -> Fields:
    """About something that cannot be an incident."""
    pk = secrets.token_hex(4)
    return on.forge.entry(pk, on.title, relay="none")


def _ahead(**ahead: Any) -> Lie:
    def lie(on: Ground) -> Fields:
        time = datetime.now(UTC) + timedelta(**ahead)
        return on.incident(time=time.isoformat(timespec="microseconds"))

    return lie


PARKED: dict[str, Lie] = {
    "a time that cannot be": _data(received_at="9999-12-31T23:59:59+00:00"),
    "an hour ahead": _ahead(hours=1),
    "the year 2099": _header(time="2099-01-01T00:00:00.000000+00:00"),
    "a type that nobody knows": _header(type="incident.dreamt"),
    "a newer version": _header(version=99),
    "the public part withheld": _after(lambda item: item["parts"].clear()),
    "a field of the data too few": lambda on: on.forge.item({}, subject=f"incident/{on.fresh()}"),
    "a grade that there is not": _data(grade=9),
    "a state that there is not": _data(state="asleep"),
    "an organisation that it alone could be shown to here": _data(
        organisations=[{"code": "610100", "ground": "here"}]
    ),
    "a text for a number": _data(casualties={"dead": "many"}),
    "a thing whose id is none": lambda on: on.forge.incident(on.title, secrets.token_hex(4)),
    "an entry about what has no id": _entry_about_no_id,
    "an entry that says it is elsewhere": _entry_elsewhere,
    "an entry before its incident": lambda on: on.forge.entry(on.fresh(), "a lie", relay="none"),
}
