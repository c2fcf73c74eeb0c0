"""Items of a peer with a proven key: genuine or malformed, and nothing else ever."""

import json

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from faults.flips import taken_for_genuine
from faults.liar import Forge, plain
from realtime.link.items import Malformed, unpack
from realtime.models import NodeKey

FORGE = Forge("xian-liar", Ed25519PrivateKey.generate())
KEYS = {
    FORGE.key_id: NodeKey(
        id=FORGE.key_id,
        node=FORGE.node,
        algorithm="ed25519",
        public=FORGE.key.public_key().public_bytes_raw(),
    )
}
NAMES = sorted(orjson.loads(FORGE.incident("one")["header"]))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(
    ["", "real", "xian-liar", "incident/1", "9999-12-31T23:59:59.999999+00:00", "\0", "\ud800"]
)
numbers = st.integers(-(2**70), 2**70) | st.floats()
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)


SAMPLES = {
    "incident": FORGE.incident("甲醇罐车泄漏"),
    "entry": FORGE.entry("1", "一"),
    "share": FORGE.share("x/1", "n"),
    "with a personal part": FORGE.item({"title": "x"}, personal={"reporter": {"phone": "029"}}),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_no_flipped_byte_is_taken_for_genuine(name):
    item = SAMPLES[name]
    assert unpack(item, KEYS).fields["source"] == FORGE.node
    tried, passed = taken_for_genuine(item, lambda raw: unpack(raw, KEYS), Malformed)
    assert tried > 500
    assert passed == []


@given(st.dictionaries(st.sampled_from(NAMES) | texts, values, min_size=1, max_size=3))
def test_a_signed_header_with_anything_in_it_is_genuine_or_malformed(fields):
    item = FORGE.incident("one")
    header = plain(orjson.loads(item["header"]) | fields)
    signed = FORGE.signed(header, item["parts"])
    try:
        assert unpack(signed, KEYS).row.hour is not None
    except Malformed:
        pass


@given(values)
def test_a_signed_body_with_anything_in_it_is_genuine_or_malformed(data):
    body = json.dumps(data).encode()
    try:
        unpack(FORGE.item(None, body=body), KEYS)
    except Malformed:
        pass


@given(st.dictionaries(st.sampled_from(["header", "signature", "parts", "via", "x"]), values))
def test_an_item_of_any_shape_is_genuine_or_malformed(fields):
    with pytest.raises(Malformed):
        unpack(FORGE.incident("one") | {"signature": "00" * 64} | fields, KEYS)


@given(values)
def test_what_is_no_item_at_all_is_malformed(value):
    with pytest.raises(Malformed):
        unpack(value, KEYS)
