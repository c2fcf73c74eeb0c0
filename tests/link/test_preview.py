"""The preview of an incident as another node holds it is what that node really holds."""

import json
import random
import uuid
from datetime import UTC, datetime

import pytest
from django.db import transaction

from emergency import events, selectors_preview
from emergency.models import Entry, Incident, SharingRule
from emergency.services import entries, receipts, sharing, ties
from emergency.services.links import confirm_as
from realtime import log
from realtime.link import erasing
from realtime.models import Envelope
from realtime.problems import Conflict
from tests.emergency import pictures
from tests.link.world import CHANGAN, YANTA, Wire

PARTS = ("entries", "attachments", "ties", "shares", "requests", "answers", "receipts")
CANARY = "canary-person"
SURVEY = {"lon": 108.9, "lat": 34.2, "districts": [], "zones": [], "rings": [], "nearest": {}}


def preview(node, made, other):
    with node.here():
        one = Incident.objects.get(pk=made.pk)
        return selectors_preview.preview(node.officer, one, other.name)


def share(node, made, other):
    with node.here():
        one = Incident.objects.get(pk=made.pk)
        sharing.share_incident(actor=node.officer, incident=one, node=other.name)


def withdraw(node, made, other):
    with node.here():
        one = Incident.objects.get(pk=made.pk)
        sharing.unshare_incident(actor=node.officer, incident=one, node=other.name)


def whole(person: str = "") -> dict:
    """The fields of an incident that somebody is named in."""
    return {"reporter": {"name": f"{CANARY}{person}", "phone": "029"}, "grade": 3}


def tie(node, made, canary=CANARY):
    """A survey with a part of sensitive layers."""
    with node.here(), transaction.atomic():
        one = Incident.objects.get(pk=made.pk)
        secret = {"layers": {"hazards": "0" * 64}, "rings": [], "nearest": {canary: []}}
        around = ties.Surroundings(SURVEY | {"layers": {}}, secret)
        ties.append(ties.make(incident=one, around=around, reason="moved"), actor="a@b c")


def entry(node, made, text, audience, relay):
    """An entry whose header says something else than entries of the desk do."""
    with node.here(), transaction.atomic():
        now = datetime.now(UTC)
        row = Entry.objects.create(
            id=uuid.uuid4(), incident_id=made.pk, home=node.name, realm="real", text=text,
            author="a", author_name="a", occurred_at=now, recorded_at=now,
        )  # fmt: skip
        log.append(
            events.ENTRY_WRITTEN, subject=f"entry/{row.pk}", about=f"incident/{made.pk}",
            actor="a@b c", realm="real", rev=1, public=events.entry_data(row),
            audience=audience, relay=relay,
        )  # fmt: skip


def assert_same(seen, held, parts=PARTS):
    """What the preview says and what the other node shows; a personal part that it lacks is left
    out by both."""
    for name in ("reporter", "site_contact"):
        assert seen.get(name) == held.get(name)
    assert "drafts" not in seen, "what waits for a signature never leaves its node"
    for name in held.keys() - set(PARTS) - {"reporter", "site_contact", "drafts"}:
        assert seen[name] == held[name], name
    for name in parts:
        plain = [{"sensitive": {"layers": {}}} | one for one in seen[name]]
        assert plain == [{"sensitive": {"layers": {}}} | one for one in held[name]], name


def bodies(node) -> str:
    """Every body that a node has in its log."""
    with node.here():
        rows = Envelope.objects.values_list("public", "personal")
        return " ".join(bytes(part).decode() for row in rows for part in row if part is not None)


@pytest.mark.parametrize("seed", range(12))
def test_the_preview_is_what_the_other_node_holds_after_the_link_has_drained(city, paired, seed):
    chance = random.Random(seed)
    cleared = chance.random() < 0.5
    yanta = paired(YANTA, cleared=cleared)
    with city.here():
        SharingRule.objects.all().delete()
        if from_start := chance.random() < 0.3:
            SharingRule.objects.create(node=YANTA)
    made = city.report("共享的事件", **whole())
    wire = Wire(yanta, city)
    wire.run()
    given = False
    for step in range(14):
        act = chance.choice(["write", "change", "tie", "attach", "odd", "correct", "give", "read"])
        if act == "write":
            city.write(made, f"line {step}")
        elif act == "change":
            city.change(made, title=f"title {step}", reporter={"name": f"{CANARY}-{step}"})
        elif act == "tie":
            tie(city, made, f"{CANARY}-{step}")
        elif act == "attach":
            city.attach(made, pictures.pdf())
        elif act == "odd":
            audience = chance.choice([(), (YANTA,), (CHANGAN,)])
            entry(city, made, f"odd {step}", audience, chance.choice(["none", "about"]))
        elif act == "correct":
            correct(city, made, step)
        elif act == "give" and not from_start:
            (withdraw if given else share)(city, made, yanta)
            given = not given
        elif given or from_start:
            answer_for(yanta, made, step)
        wire.run()
        with yanta.here():
            erasing.erase_due()

    before = preview(city, made, yanta)
    assert before["held"] is (given or from_start)
    if not before["held"]:
        share(city, made, yanta)
    wire.settle()
    after, held = preview(city, made, yanta), yanta.incident(made)
    assert after["held"]
    parts = [name for name in PARTS if name != "shares"]
    assert_same(before, held, PARTS if given or from_start else parts)
    assert_same(after, held)
    for said in (before, after):
        assert (CANARY in json.dumps(said)) is cleared
        named = {one["what"] for one in said["withheld"] if one["why"] == "not_cleared"}
        assert ("reporter" in named) is not cleared
    assert (CANARY in bodies(yanta)) is cleared


def answer_for(node, made, step):
    """Write a line and say that the incident was opened, where it is here."""
    with node.here():
        if one := Incident.objects.filter(pk=made.pk).first():
            entries.write_entry(actor=node.officer, incident=one, text=f"of the district {step}")
            receipts.give_receipt(actor=node.officer, incident=one, kind="opened")


def correct(node, made, step):
    """Correct the last line that this node wrote and that still stands."""
    with node.here():
        lines = Entry.objects.filter(incident=made.pk, home=node.name, corrected_by=None)
        last = lines.filter(text__startswith="line").last()
        if last:
            entries.correct_entry(actor=node.officer, entry=last, text=f"line, corrected {step}")


def test_what_is_only_for_others_is_named_as_withheld_and_not_shown(city, paired):
    yanta = paired(YANTA)
    made = city.report()
    entry(city, made, "canary-for-changan", (CHANGAN,), "none")
    share(city, made, yanta)
    Wire(yanta, city).settle()
    seen = preview(city, made, yanta)
    assert {"what": "entry", "why": "not_for_it", "count": 1} in seen["withheld"]
    assert seen["entries"] == yanta.incident(made)["entries"] == []
    assert "canary-for-changan" not in json.dumps(seen) + bodies(yanta)


def test_of_a_node_behind_the_one_above_the_personal_part_is_up_to_that(city, paired):
    yanta, changan = paired(YANTA), paired(CHANGAN)
    wires = [Wire(yanta, city).settle(), Wire(changan, city).settle()]
    made = yanta.report("雁塔区的事件", **whole())
    with yanta.here():
        SharingRule.objects.all().delete()
    for _turn in range(2):
        [wire.settle() for wire in wires]
    seen = preview(yanta, made, changan)
    assert (seen["held"], seen["way"]) == (False, city.name)
    assert {"what": "reporter", "why": "up_to_above", "count": 1} in seen["withheld"]
    assert CANARY not in json.dumps(seen)
    share(yanta, made, changan)
    for _turn in range(2):
        [wire.settle() for wire in wires]
    held = changan.incident(made)
    assert held["reporter"]["name"] == CANARY, "the city has cleared it"
    assert held["title"] == seen["title"] and held["entries"] == seen["entries"]


def test_where_the_node_above_is_not_cleared_nothing_personal_is_up_to_it(city, paired):
    yanta, changan = paired(YANTA, cleared=False), paired(CHANGAN)
    Wire(yanta, city).settle()
    made = yanta.report("雁塔区的事件", **whole())
    (kept,) = [
        one for one in preview(yanta, made, changan)["withheld"] if one["what"] == "reporter"
    ]
    assert kept["why"] == "way_not_cleared"


def test_what_this_node_was_not_given_itself_is_said_to_be_not_here(city, paired):
    yanta, changan = paired(YANTA, cleared=False), paired(CHANGAN)
    made = yanta.report(**whole())
    Wire(yanta, city).settle()
    seen = preview(city, made, changan)
    assert {"what": "personal", "why": "not_here", "count": 1} in seen["withheld"]
    share(city, made, changan)
    Wire(changan, city).settle()
    assert_same(preview(city, made, changan), changan.incident(made))


@pytest.mark.parametrize("cleared", [True, False])
def test_what_went_before_the_clearance_was_switched_is_told(city, paired, cleared):
    changan = paired(CHANGAN, cleared=not cleared)
    made = city.report(**whole())
    share(city, made, changan)
    Wire(changan, city).settle()
    assert preview(city, made, changan)["switched"] is None
    with city.here():
        confirm_as(by="admin", node=changan.name, cleared=cleared)
    switched = preview(city, made, changan)["switched"]
    assert switched["cleared"] is cleared
    later = city.report("后来的", **whole())
    share(city, later, changan)
    assert preview(city, later, changan)["switched"] is None, "it goes as it is shown"


def test_a_node_below_shows_no_preview_of_what_only_the_node_above_gives(city, paired):
    yanta, changan = paired(YANTA), paired(CHANGAN)
    made = city.report()
    share(city, made, yanta)
    Wire(yanta, city).settle()
    Wire(changan, city).settle()
    with pytest.raises(Conflict):
        preview(yanta, made, changan)
    assert preview(yanta, made, city)["held"]
