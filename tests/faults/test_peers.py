"""A real node and a peer that lies: the small sizes of what `make faults` runs at full figures."""

import asyncio
import json

import pytest
import websockets

from faults.liar import incident_data
from faults.load import canary
from faults.nodes import CITY, YANTA, wait_until
from faults.scenarios import floods, handshakes, lying

pytestmark = pytest.mark.timeout(600)  # the first test waits until the nodes run


def test_no_session_begins_without_the_right_proof(made, holds):
    holds(handshakes.handshakes(made))


def test_lies_of_every_kind_are_counted_exactly_and_stop_nothing(made, holds):
    holds(lying.malformed(made, total=500, bad=100))


def test_a_frame_that_cannot_be_ends_its_session_alone(made, holds):
    holds(lying.frames_out_of_shape(made))


def test_what_comes_twice_or_late_or_out_of_order_has_one_effect(made, holds):
    holds(lying.repeated(made, frames=100))


def test_the_winner_of_a_fork_depends_on_neither_order_nor_clock(made, holds):
    holds(lying.forks(made))


def test_a_cursor_that_cannot_be_begins_anew(made, holds):
    holds(lying.false_cursors(made))


def test_a_newer_session_replaces_the_older(made, holds):
    holds(lying.two_sessions(made))


def test_a_revocation_ends_the_session(made, holds):
    holds(lying.revoked_while_linked(made))


def test_a_node_that_was_killed_does_not_say_that_its_links_still_stand(made):
    node = made.lower[YANTA]

    def says(state: str) -> bool:
        return node.peers()[CITY]["state"] == state

    wait_until(lambda: says("live"), within=60, what="it is linked")
    node.kill()
    made.city.kill()
    node.start()
    try:
        wait_until(lambda: says("offline"), within=20, what="its lamp tells the truth")
    finally:
        made.city.start()
    wait_until(lambda: says("live"), within=60, what="it is linked again")


def test_a_flood_of_hellos_leaves_room_for_the_desk(made, holds):
    holds(floods.hellos(made, count=150))


def test_who_says_nothing_is_gone_soon(made, holds):
    holds(floods.dawdlers(made, count=110))


def test_a_frame_that_is_too_large_is_hung_up_on(made, holds):
    holds(floods.large_frames(made, times=2))


async def test_a_browser_goes_on_after_what_could_not_be_applied(made):
    token = {"Authorization": f"Bearer {made.city.token}"}
    address = f"ws://127.0.0.1:{made.city.port}/ws/feed"
    async with websockets.connect(address, additional_headers=token, proxy=None) as browser:
        await browser.send(json.dumps({"kind": "hello"}))
        with lying.Feed(made) as feed:
            pk, title = canary(), canary()
            broken = incident_data(pk, feed.forge.node, title)
            del broken["state"]
            feed.tell(feed.forge.item(broken, subject=f"incident/{pk}"))
            feed.tell(feed.forge.incident(title))
        told = []
        async with asyncio.timeout(20):
            while not told or told[-1].get("item", {}).get("title") != title:
                told.append(json.loads(await browser.recv()))
    assert "resync" not in {one["kind"] for one in told}
    assert not [one for one in told if pk in json.dumps(one)]
