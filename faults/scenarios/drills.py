"""An exercise on three nodes: every inject reaches its players once, in time, whoever dies or is
cut off, and every node works out the same score.

Owns: the exercise of the table, scheduled and begun over the pages that an office uses, and what
its players receive and answer. Promises: lateness is what a player's own node shows, by the wall,
against the moment that the clock as it was started gives; a score is worked out from each node's
own exported log. Must not know: how an inject is sent, how a score is worked out.
"""

import contextlib
import io
import json
import random
import re
import threading
import time
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
from openpyxl import Workbook

from faults.federation import Federation
from faults.nodes import CHANGAN, CITY, YANTA, Node, wait_until
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


def drill_cut(made: Federation, *, minutes: float = 8.0, injects: int = 60) -> Outcome:
    """A district is cut off in mid-drill: it plays on, catches up, and the score is one."""
    asked = f"{injects} injects, a district cut off for {minutes:g} min: caught up, one score"
    outcome, speed = Outcome("drill, line cut", asked), 4
    whole = injects * 60 / speed

    def cut(stop: threading.Event) -> None:
        stop.wait(whole * 0.15)
        made.proxies[YANTA].down()
        stop.wait(minutes * 60)
        made.proxies[YANTA].heal()

    seen = _run(made, outcome, injects, speed, cut)
    outcome.measured |= {"cut s": minutes * 60, "latest s": max(seen.late.values())}
    outcome.require(max(seen.late.values()) > minutes * 30, "nothing was held back by the cut")
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
    office.end(exercise)
    _same_score(made, outcome, exercise)
    return seen


def _same_score(made: Federation, outcome: Outcome, exercise: str) -> None:
    """Every node's own log gives the same score, and nobody's answer is missing in it."""
    scores: list[str] = []

    def is_one() -> bool:
        scores[:] = [_score(node, exercise) for node in made.nodes()]
        return len(set(scores)) == 1 and json.loads(scores[0])["unanswered"] == []

    wait_until(is_one, within=120, what="one score, with every answer")
    found = json.loads(scores[0])
    outcome.measured |= {"score": found["total"], "rows": len(found["rows"])}


def _score(node: Node, exercise: str) -> str:
    file = str(node.folder / "exercise.jsonl")
    _written, told = node.commands(["exportexercise", exercise, file], ["scoreexercise", file])
    return told


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
    """Look all the time, as a screen does, note when each inject is there, and answer it."""
    answered: set[str] = set()
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
        _answer(node, exercise, told, answered)


def _answer(node: Node, exercise: str, told: dict[str, Any] | None, answered: set[str]) -> None:
    """The player writes each inject down, again until the node has taken it, and says so."""
    for one in (told or {}).get("deliveries", ()):
        if one["id"] in answered:
            continue
        id = str(uuid.uuid5(uuid.UUID(one["id"]), node.name))
        made = {"id": id, "title": one["content"], "type_code": "11D02", "realm": f"ex:{exercise}"}
        with contextlib.suppress(httpx.HTTPError), node.client() as client:
            taken = client.post("/incidents", json=made)
            said = {"inject": one["id"], "incident": id}
            if (
                taken.is_success
                and client.post(f"/exercises/{exercise}/answers", json=said).is_success
            ):
                answered.add(one["id"])


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

    def end(self, exercise: str) -> None:
        at = f"/drills/of/{exercise}/run"
        self._send(f"{at}/end", at=at)


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
    expected = known.create_sheet("Expected")
    expected.append(["No.", "Metric", "Organisation", "Target", "Limit", "Weight"])
    for number in range(1, injects + 1):
        expected.append([number, "T1", list(PLAYERS.values())[number % 3], 1, 60, 1])
    file = io.BytesIO()
    known.save(file)
    return file.getvalue()
