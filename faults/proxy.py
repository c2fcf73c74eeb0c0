"""A TCP line between two nodes that can be cut, made slow, and healed.

Owns: one listening port on loopback, the connections through it and the record of what passed.
Promises: what is recorded is exactly what was handed on, for each connection and direction in a
file of its own; over the limit it stops recording and says so (`overflow`), so that a search of
the record is never blind without notice. A stream that lost bytes is reset when the line heals,
never continued. Must not know: WebSockets, what nodes say.
"""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

LIMIT = 512 * 2**20  # bytes recorded of one proxy
CHUNK = 64 * 1024
UP, DOWN = "up", "down"  # from who dials to who listens, and back


@dataclass(eq=False)
class Line:
    """One connection: both its ends."""

    number: int
    near: asyncio.StreamWriter
    far: asyncio.StreamWriter | None = None
    tainted: bool = False  # bytes were swallowed: not to be continued
    half: bool = False  # the next chunk is handed on in part, then it ends
    files: dict[str, BinaryIO] = field(default_factory=dict)

    def reset(self) -> None:
        """End both ends with a reset."""
        for writer in (self.near, self.far):
            if writer is None:
                continue
            end = writer.get_extra_info("socket")
            if end is not None and end.fileno() >= 0:
                linger = struct.pack("ii", 1, 0)
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            writer.transport.abort()


class FaultProxy:
    """Forwards connections to a port of this machine; its own thread, usable from any other."""

    def __init__(self, target: int, folder: Path):
        self.target = target
        self.folder = folder
        self.port = 0
        self.recorded = 0
        self.overflow = False
        self.opened = 0
        self._lines: set[Line] = set()
        self._mode = "open"  # open, silent, slow, down
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task] = set()

    def __enter__(self) -> "FaultProxy":
        self.folder.mkdir(parents=True, exist_ok=True)
        self._thread.start()
        self._do(self._listen())
        return self

    def __exit__(self, *_error: object) -> None:
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    # faults

    def reset(self) -> None:
        """Every connection is reset; new ones are taken."""
        self._do(self._reset())

    def silence(self) -> None:
        """Everything is taken and swallowed, in both directions, until `heal`."""
        self._do(self._set("silent"))

    def break_in_mid_frame(self) -> None:
        """The next chunk of each connection is handed on in part, then it is reset."""
        self._do(self._halve())

    def slow(self) -> None:
        """One byte a second."""
        self._do(self._set("slow"))

    def down(self) -> None:
        """Connections are reset, new ones too, until `heal`."""
        self._do(self._set("down"))
        self.reset()

    def heal(self) -> None:
        """Hand everything on again; what lost bytes is reset."""
        self._do(self._set("open"))

    def lines(self) -> int:
        """How many connections are open."""
        return len(self._lines)

    # inside of the loop

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        done: Future = asyncio.run_coroutine_threadsafe(work, self._loop)
        return done.result(20)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=CHUNK)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        self._server.close()
        await self._reset()
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _reset(self) -> None:
        for line in list(self._lines):
            line.reset()

    async def _halve(self) -> None:
        for line in self._lines:
            line.half = True

    async def _set(self, mode: str) -> None:
        self._mode = mode
        if mode == "open":
            for line in [one for one in self._lines if one.tainted]:
                line.reset()

    async def _accept(self, reader: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        self._tasks.add(task := asyncio.current_task())
        self.opened += 1
        line = Line(self.opened, near, tainted=self._mode == "silent")
        self._lines.add(line)
        try:
            if self._mode == "down":
                line.reset()
            elif line.tainted:
                while await reader.read(CHUNK):
                    pass
            else:
                back, line.far = await asyncio.open_connection("127.0.0.1", self.target)
                up = asyncio.create_task(self._pump(line, UP, reader, line.far))
                down = asyncio.create_task(self._pump(line, DOWN, back, near))
                await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
                if self._mode == "silent":  # nobody at the other end hears of an end either
                    line.tainted = True
                    await asyncio.wait({up, down})
                for pump in (up, down):
                    pump.cancel()
        except (OSError, asyncio.CancelledError):
            pass  # the node is not there; or all ends
        finally:
            self._lines.discard(line)
            self._tasks.discard(task)
            line.reset()
            for file in line.files.values():
                file.close()

    async def _pump(
        self,
        line: Line,
        way: str,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK):
                if self._mode == "silent":
                    line.tainted = True
                    continue
                if line.half and len(data) > 1:
                    data = data[: len(data) // 2]
                while data and self._mode == "slow":
                    await self._hand_on(line, way, writer, data[:1])
                    data = data[1:]
                    await asyncio.sleep(1)
                await self._hand_on(line, way, writer, data)
                if line.half:
                    line.reset()
                    return

    async def _hand_on(
        self, line: Line, way: str, writer: asyncio.StreamWriter, data: bytes
    ) -> None:
        if self.recorded + len(data) > LIMIT:
            self.overflow = True
        else:
            if way not in line.files:
                path = self.folder / f"{line.number:05d}.{way}"
                line.files[way] = path.open("wb", buffering=0)
            line.files[way].write(data)
            self.recorded += len(data)
        writer.write(data)
        await writer.drain()
