"""The generator of writes: incidents by HTTP at a steady rate, over connections that stay open.

Owns: the requests and their times. Promises: each request has a time at which it is due and its
delay counts from there, so that a slow server cannot make its own figures better by being asked
less; every answer but 201 is a failure and its first words are kept. Must not know: who reads.
Speaks JSON lines like bench/crowd.py.
"""

import asyncio
import json
import random
import sys
import time
import uuid
from typing import Any

CENTRE = (108.85, 109.05, 34.18, 34.34)  # built-up Xi'an: west, east, south, north
TITLES = ("甲醇罐车泄漏", "居民楼火灾", "路面塌陷", "供水管爆裂", "多车相撞", "电梯困人")


def incident(seq: int, chance: random.Random) -> dict[str, Any]:
    """A report as a duty officer fills it in."""
    west, east, south, north = CENTRE
    return {
        "id": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        "title": f"seq={seq:07d} {chance.choice(TITLES)}",
        "type_code": "12D02",
        "grade": chance.choice([None, 3, 4]),
        "location": {
            "lon": round(chance.uniform(west, east), 6),
            "lat": round(chance.uniform(south, north), 6),
            "confirmed": True,
        },
        "address": "绕城高速汉城服务区附近",
        "casualties": {"injured": chance.choice([None, 0, 2]), "trapped": None},
        "summary": "现场有白色烟雾，交警已到场，周边道路管制，请求消防和环保部门支援。" * 3,
    }


class Writers:
    """Some connections that share the requests of one run."""

    def __init__(self, plan: dict[str, Any]):
        self.plan = plan
        self.first = plan.get("first", 0)  # the number of the first request
        self.jobs = iter(range(self.first, self.first + int(plan["rate"] * plan["seconds"])))
        self.entries = plan.get("entries", 0)  # timeline entries after each report
        self.reported: list[str] = []
        self.started = 0.0
        self.done: list[dict[str, Any]] = []

    async def run(self) -> list[dict[str, Any]]:
        """Send everything; what became of each request."""
        self.started = time.monotonic() + 0.2
        async with asyncio.TaskGroup() as group:
            for number in range(self.plan["connections"]):
                group.create_task(self._work(number))
        return self.done

    async def _work(self, number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.plan["port"])
        tokens = self.plan.get("tokens") or [""]
        head = (
            f" HTTP/1.1\r\nHost: 127.0.0.1:{self.plan['port']}\r\n"
            f"Authorization: Bearer {tokens[number % len(tokens)]}\r\n"
            "Content-Type: application/json\r\nContent-Length: "
        )
        for seq in self.jobs:
            path, data = self._next(seq)
            body = json.dumps(data, ensure_ascii=False).encode()
            due = self.started + (seq - self.first) / self.plan["rate"]
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            sent = time.monotonic()
            writer.write(f"POST {path}{head}{len(body)}\r\n\r\n".encode() + body)
            status, words = await self._answer(reader)
            if status == 201 and path == self.plan["path"]:
                self.reported.append(data["id"])
            self.done.append(
                {
                    "seq": seq,
                    "due": due,
                    "sent": sent,
                    "answered": time.monotonic(),
                    "status": status,
                    "words": words if status != 201 else "",
                }
            )
        writer.close()

    def _next(self, seq: int) -> tuple[str, dict[str, Any]]:
        """Where the next request goes, and what it says: a report, or an entry about one."""
        chance = random.Random(seq)
        report = incident(seq, chance)
        if seq % (self.entries + 1) == 0 or not self.reported:
            return self.plan["path"], report
        about = chance.choice(self.reported[-50:])
        entry = {"id": report["id"], "text": report["title"] + report["summary"]}
        return f"{self.plan['path']}/{about}/entries", entry

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[int, str]:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin1").lower()
        length = int(head.partition("content-length:")[2].partition("\r\n")[0])
        body = await reader.readexactly(length)
        return int(head.split()[1]), body[:200].decode(errors="replace")


def main() -> None:
    """Read the plan; at the command, write and tell."""
    plan = json.loads(sys.stdin.readline())
    print(json.dumps({"ready": True}), flush=True)
    for _line in sys.stdin:
        own, wall = time.process_time(), time.monotonic()
        done = asyncio.run(Writers(plan).run())
        share = (time.process_time() - own) / (time.monotonic() - wall)
        print(json.dumps({"done": done, "own_share": share}), flush=True)


if __name__ == "__main__":
    main()
