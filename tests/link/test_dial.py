"""The end of a link that calls: when it calls again."""

import asyncio

import pytest
import websockets

from realtime.link import dial


class Session:
    """A session that got as far as it says."""

    def __init__(self, proven: bool):
        self.proven = proven


async def waits(monkeypatch, proven: bool) -> list[float]:
    """The waits between six calls that all end with a reset."""
    waited: list[float] = []

    async def call(_where, _make, began):
        began(type("Carrier", (), {"session": Session(proven)})())
        raise websockets.ConnectionClosedError(None, None)

    async def sleep(seconds):
        waited.append(seconds)
        if len(waited) == 6:
            raise asyncio.CancelledError

    monkeypatch.setattr(dial, "_call", call)
    monkeypatch.setattr(dial.asyncio, "sleep", sleep)
    with pytest.raises(asyncio.CancelledError):
        await dial._keep("xian", "http://127.0.0.1:1", "/ws/link")
    return waited


async def test_a_line_that_breaks_again_and_again_is_called_again_at_once(monkeypatch):
    assert max(await waits(monkeypatch, proven=True)) <= 1.25


async def test_a_node_that_does_not_answer_is_called_less_and_less(monkeypatch):
    waited = await waits(monkeypatch, proven=False)
    assert waited[0] < 2 and max(waited) > 2
    assert max(waited) <= 3.75, "both ends are equal within 10 s of a line that is back"
