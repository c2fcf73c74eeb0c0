"""An exercise on three nodes: every inject reaches its players once, in time, whoever dies.

Owns: the exercise of the table, scheduled and begun over the pages that an office uses, and what
its players receive. Promises: lateness is what a player's own node shows, by the wall, against the
moment that the clock as it was started gives. Must not know: how an inject is sent.
"""

import io
import json
import random
import re
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
from openpyxl import Workbook

from faults.federation import Federation
from faults.nodes import CHANGAN, CITY, YANTA, Node
from faults.report import Outcome

PLAYERS = {CITY: "610100", YANTA: "610113", CHANGAN: "610116"}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def drill(made: Federation, *, injects: int = 60, speed: int = 10) -> Outcome:
    """Nobody dies: how late is the latest, at the node of its player?"""
    outcome = Outcome("drill", f"{injects} injects at ×{speed} on three nodes, none > 1 s late")
    seen = _run(made, outcome, injects, speed, lambda _stop: None)
    late = sorted(seen.late.values())
    outcome.measured |= {"injects": injects, "late median s": late[len(late) // 2]}
    outcome.within("latest s", late[-1], 1.0)
    return outcome


def drill_kills(
    made: Federation, *, injects: int = 60, speed: int = 10, kills: int = 20
) -> Outcome:
    """A node dies again and again in mid-drill: nothing is lost, nothing comes twice."""
    asked = f"{injects} injects at ×{speed}, {kills} kills of any node, none lost or twice"
    outcome, rng = Outcome("drill, kill -9", asked), random.Random(11)
    pause = injects * 60 / speed / (kills + 1)
    done = 0

    def kill(stop: threading.Event) -> None:
        nonlocal done
        while done < kills and not stop.wait(pause * rng.uniform(0.5, 1.0)):
            node = made.nodes()[done % 3]
            node.kill()
            stop.wait(rng.uniform(0.0, 1.5))
            node.start()
            done += 1

    seen = _run(made, outcome, injects, speed, kill)
    outcome.require(done == kills, f"{done} kills only")
    outcome.measured |= {"kills": done, "latest s": max(seen.late.values())}
    return outcome


@dataclass
class Seen:
    """What players saw: seconds late by inject, and how often each node showed each."""

    late: dict[int, float] = field(default_factory=dict)
    at: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))


def _run(made: Federation, outcome: Outcome, injects: int, speed: int, meanwhile: Any) -> Seen:
    office = _Office(made.city)
    exercise = office.schedule(injects)
    office.start(exercise, speed)
    begun = _told(made.city, exercise)["clock"]
    due = {
        number: datetime.fromisoformat(begun["since"]) + timedelta(minutes=number) / speed
        for number in range(1, injects + 1)
    }
    seen, stop = Seen(), threading.Event()
    watching = [
        threading.Thread(target=_watch, args=(node, exercise, due, seen, stop))
        for node in made.nodes()
    ]
    for one in watching:
        one.start()
    try:
        meanwhile(stop)
        ends = due[injects].timestamp() + 60
        while sum(map(len, seen.at.values())) < injects and time.time() < ends:
            stop.wait(0.2)
        stop.wait(2.0)  # what comes twice comes after
    finally:
        stop.set()
        for one in watching:
            one.join(30)
    _check(made, outcome, exercise, injects)
    return seen


def _check(made: Federation, outcome: Outcome, exercise: str, injects: int) -> None:
    """Each player's node holds exactly what was addressed to it, each once."""
    nodes = list(PLAYERS)
    for place, name in enumerate(nodes):
        told = [one["number"] for one in _told(made.node(name), exercise)["deliveries"]]
        wanted = [number for number in range(1, injects + 1) if number % 3 == place]
        lost, twice = set(wanted) - set(told), len(told) - len(set(told))
        outcome.require(not lost, f"{name} lacks {sorted(lost)}")
        outcome.require(not twice, f"{name} got {twice} twice")
        outcome.require(set(told) <= set(wanted), f"{name} got what is not its own")


def _watch(
    node: Node, exercise: str, due: dict[int, datetime], seen: Seen, stop: threading.Event
) -> None:
    """Look all the time, as a screen does, and note when each inject is there."""
    while not stop.wait(0.05):
        try:
            told = _told(node, exercise)
        except (httpx.HTTPError, json.JSONDecodeError):
            continue
        now = time.time()
        for one in (told or {}).get("deliveries", ()):
            if one["number"] not in seen.at[node.name]:
                seen.at[node.name].add(one["number"])
                seen.late[one["number"]] = now - due[one["number"]].timestamp()


def _told(node: Node, exercise: str) -> dict[str, Any]:
    return node.get(f"/exercises/{exercise}")


class _Office:
    """The emergency office of the city, in a browser without a screen."""

    def __init__(self, city: Node):
        known = f"office-{int(time.time())}"
        words = ["addofficer", known, "--name", "陈静", "--role", "emergency_office"]
        (said,) = city.commands([*words, "--organisation", PLAYERS[CITY]])
        account = json.loads(said)
        self.client = httpx.Client(
            base_url=f"http://127.0.0.1:{city.port}", timeout=60, trust_env=False
        )
        self._send("/sign-in", username=account["user"], password=account["password"])

    def _send(self, path: str, at: str = "", files: Any = None, **fields: Any) -> str:
        """Send the form of this page; where it leads."""
        token = TOKEN.search(self.client.get(at or path).text)[1]
        headers = {"Referer": str(self.client.base_url)}
        data = fields | {"csrfmiddlewaretoken": token}
        answer = self.client.post(path, data=data, files=files, headers=headers)
        if answer.status_code != 302:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.text[-2000:]}")
        return answer.headers["Location"]

    def schedule(self, injects: int) -> str:
        """An exercise of a plan with so many injects, one each minute, to each player in turn."""
        if self.client.get("/plans/of/drill").status_code == 404:
            self._send("/plans/new", **_PLAN)
        people = {"dept-emergency": "control"} | dict.fromkeys(PLAYERS.values(), "play")
        fields = {
            "title": "演练", "plan": "drill", "starts_at": "2099-01-01T09:00",
            "minutes": injects + 30, "form": "tabletop", "scope": "full", "purpose": "test",
            "objectives": "接报", "people-TOTAL_FORMS": len(people), "people-INITIAL_FORMS": 0,
        }  # fmt: skip
        for place, (code, part) in enumerate(people.items()):
            fields |= {f"people-{place}-organisation": code, f"people-{place}-part": part}
        exercise = self._send("/drills/new", **fields).partition("?")[0].rpartition("/")[2]
        at = f"/drills/of/{exercise}/script"
        self._send(f"{at}/workbook", at=at, files={"file": ("s.xlsx", _workbook(injects))})
        return exercise

    def start(self, exercise: str, speed: int) -> None:
        at = f"/drills/of/{exercise}/run"
        self._send(f"{at}/start", at=at, speed=speed)


_PLAN = {
    "code": "drill", "name": "演练预案", "type_codes": "11", "source": "a",
    "levels-TOTAL_FORMS": 1, "levels-INITIAL_FORMS": 0, "levels-0-code": "I",
    "levels-0-name": "Ⅰ级响应", "tasks-TOTAL_FORMS": 0, "tasks-INITIAL_FORMS": 0,
}  # fmt: skip


def _workbook(injects: int) -> bytes:
    """One inject each minute, to each player in turn, as somebody writes it in a spreadsheet."""
    known = Workbook()
    sheet = known.active
    sheet.title = "Injects"
    sheet.append(["No.", "Minute", "Channel", "From", "To", "Content"])
    for number in range(1, injects + 1):
        to = list(PLAYERS.values())[number % 3]
        sheet.append([number, number, "Telephone", "a caller", to, f"inject {number}"])
    known.create_sheet("Expected").append(
        ["No.", "Metric", "Organisation", "Target", "Limit", "Weight"]
    )
    file = io.BytesIO()
    known.save(file)
    return file.getvalue()
