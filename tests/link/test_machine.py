"""Whatever happens in whatever order: after healing all entitled nodes are equal, nobody else has
a byte, and nothing that was acknowledged is missing anywhere.

A city and two districts on the real log, links and services. Hypothesis chooses who writes, shares
and withdraws, when lines are cut in mid-frame, and when a node goes on from an old copy.
"""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from emergency.models import Incident, SharingRule
from emergency.services import homes
from realtime.link import picture, sharing
from realtime.models import Parked, Peer, Quarantined, Share
from realtime.problems import Problem
from realtime.verify import verify_log
from tests.link.world import CHANGAN, CITY, YANTA, Clock, Databases, Node, Wire, pair

EXAMPLES = int(os.environ.get("FAULT_EXAMPLES", "12"))  # `make faults` asks for more
DISTRICTS = (YANTA, CHANGAN)
nodes = st.sampled_from([CITY, *DISTRICTS])
districts = st.sampled_from(DISTRICTS)
numbers = st.integers(0, 10_000)


class Federation(RuleBasedStateMachine):
    """The moves, and what must hold at the end."""

    databases: Databases
    restores = True

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="belltower-machine-"))
        clock = Clock()
        self.nodes = {name: self._node(name, clock) for name in (CITY, *DISTRICTS)}
        for name in DISTRICTS:
            pair(self.nodes[CITY], self.nodes[name])
        self.wires: dict[str, Wire] = {}
        self.frames: list[tuple[str, bytes]] = []
        self.copies: dict[str, object] = {}
        self.made: list[Incident] = []
        self.holders: dict[str, set[str]] = {}  # canary to the nodes that ever might hold it
        self.written: dict[str, str] = {}  # text to the incident it was written about

    def _node(self, name: str, clock: Clock) -> Node:
        folder = self.folder / name
        folder.mkdir()
        return Node(name, folder, self.databases.fresh(), clock)

    def teardown(self) -> None:
        if hasattr(self, "nodes"):
            with contextlib.suppress(Problem):
                self._heal_and_check()
            for node in self.nodes.values():
                node.close()
            shutil.rmtree(self.folder)

    # what people do

    @rule(name=nodes, up=st.booleans())
    def report(self, name: str, up: bool) -> None:
        node = self.nodes[name]
        with node.here():
            if up:
                if name != CITY:
                    SharingRule.objects.get_or_create(node=CITY, type_prefix="")
            else:
                SharingRule.objects.all().delete()
        canary = f"canary-{len(self.made)}-"
        made = node.report(canary)
        self.made.append(made)
        self.holders[canary] = {name, CITY} if up else {name}

    @precondition(lambda self: self.made)
    @rule(pick=numbers)
    def change(self, pick: int) -> None:
        made = self._pick(pick)
        for node in self.nodes.values():  # whoever believes to be its home
            with contextlib.suppress(Incident.DoesNotExist, Problem):
                node.change(made, summary=f"{made.title}{pick}")

    @precondition(lambda self: self.made)
    @rule(pick=numbers, name=nodes)
    def write(self, pick: int, name: str) -> None:
        made = self._pick(pick)
        text = f"{made.title}entry-{len(self.written)}"
        try:
            self.nodes[name].write(made, text)
        except (Incident.DoesNotExist, Problem):
            return
        self.written[text] = str(made.pk)

    @precondition(lambda self: self.made)
    @rule(pick=numbers, to=nodes, by_city=st.booleans())
    def share(self, pick: int, to: str, by_city: bool) -> None:
        made = self._pick(pick)
        giver = CITY if by_city else made.home
        if to == giver or (made.home != CITY and giver == made.home and to != CITY):
            return
        try:
            with self.nodes[giver].here():
                sharing.grant(thing=f"incident/{made.pk}", node=to, actor="a@b c")
        except Problem:
            return
        self.holders[made.title].add(to)

    @precondition(lambda self: self.made)
    @rule(pick=numbers)
    def withdraw(self, pick: int) -> None:
        made = self._pick(pick)
        for name in (CITY, made.home):
            with self.nodes[name].here():
                for share in Share.objects.filter(thing=f"incident/{made.pk}", by=name):
                    with contextlib.suppress(Problem):
                        sharing.end(share=share, actor="a@b c")

    @precondition(lambda self: self.made)
    @rule(pick=numbers, to=nodes)
    def hand_over(self, pick: int, to: str) -> None:
        made = self._pick(pick)
        for name, node in self.nodes.items():
            with node.here(), contextlib.suppress(Problem, Incident.DoesNotExist):
                one = Incident.objects.get(pk=made.pk)
                if one.home == name != to:
                    homes.hand_over(actor=node.officer, incident=one, rev=one.rev, node=to)
                    self.holders[made.title].add(to)

    @precondition(lambda self: self.made)
    @rule(pick=numbers)
    def take_over(self, pick: int) -> None:
        made = self._pick(pick)
        city = self.nodes[CITY]
        with city.here(), contextlib.suppress(Problem, Incident.DoesNotExist):
            one = Incident.objects.get(pk=made.pk)
            if one.home != CITY and one.home not in self.wires:
                Peer.objects.filter(node=one.home).update(linked_at=None)
                homes.take_over(actor=city.officer, incident=one)

    # what lines and machines do

    @rule(name=districts)
    def connect(self, name: str) -> None:
        self._cut(name)
        self.wires[name] = Wire(self.nodes[name], self.nodes[CITY])

    @rule(name=districts, steps=st.integers(1, 8))
    def move(self, name: str, steps: int) -> None:
        wire = self.wires.get(name)
        for step in range(steps if wire else 0):
            end = wire.ends()[step % 2]
            if not wire.deliver(end[0]):
                wire._do(end[0], end[1].poll)

    @rule(name=districts)
    def run_dry(self, name: str) -> None:
        if name in self.wires:
            self.wires[name].run()

    @rule(name=districts)
    def tick(self, name: str) -> None:
        if name in self.wires:
            self.wires[name].tick()

    @rule(name=districts)
    def cut(self, name: str) -> None:
        self._cut(name)

    @rule(name=nodes)
    def back_up(self, name: str) -> None:
        if self.restores:
            self.copies[name] = self.databases.copy(self.nodes[name].connection)

    @precondition(lambda self: self.copies)
    @rule(pick=numbers, marker=st.booleans())
    def restore(self, pick: int, marker: bool) -> None:
        name = sorted(self.copies)[pick % len(self.copies)]
        for district in DISTRICTS if name == CITY else (name,):
            self._cut(district)
        self.nodes[name].restore(self.copies.pop(name), marker=marker)

    # helpers

    def _pick(self, pick: int) -> Incident:
        return self.made[pick % len(self.made)]

    def _cut(self, name: str) -> None:
        wire = self.wires.pop(name, None)
        if wire is not None:
            self.frames += wire.sent
            wire.cut()

    def _heal_and_check(self) -> None:
        self._withdraw_nothing_more()
        for canary, nodes_of_it in self.holders.items():
            for to, frame in self.frames:
                assert to in nodes_of_it or canary.encode() not in frame, f"{canary} went to {to}"
        city = self.nodes[CITY]
        for name in DISTRICTS:
            node = self.nodes[name]
            with city.here():
                there = Peer.objects.get(node=name)
                assert not Quarantined.objects.exists(), Quarantined.objects.values("reason")
                assert not Parked.objects.exists(), Parked.objects.values("reason")
            with node.here():
                here = Peer.objects.get(node=CITY)
                assert not Quarantined.objects.exists(), Quarantined.objects.values("reason")
                assert not Parked.objects.exists(), Parked.objects.values("reason")
            assert here.equal_at and there.equal_at, f"{name} is not equal"
        self._check_incidents()
        for node in self.nodes.values():
            with node.here():
                assert verify_log().bad is None

    def _withdraw_nothing_more(self) -> None:
        """New lines, until nothing moves any more."""
        for name in DISTRICTS:
            self._cut(name)
        moved = True
        for _round in range(6):
            if not moved:
                break
            for name in DISTRICTS:
                if name not in self.wires or self.wires[name].broken:
                    self._cut(name)
                    self.wires[name] = Wire(self.nodes[name], self.nodes[CITY])
            heads = [node.head() for node in self.nodes.values()]
            for wire in self.wires.values():
                wire.settle()
            broken = any(wire.broken for wire in self.wires.values())
            moved = broken or heads != [node.head() for node in self.nodes.values()]
        for name in DISTRICTS:
            assert self.wires[name].broken is None, self.wires[name].broken
            self._cut(name)

    def _check_incidents(self) -> None:
        for made in self.made:
            shown = {
                name: node.incident(made)
                for name, node in self.nodes.items()
                if name in self._now_holding(made)
            }
            shown = {name: seen for name, seen in shown.items() if seen is not None}
            kept = [seen for name, seen in shown.items()]
            assert all(seen == kept[0] for seen in kept), shown

    def _now_holding(self, made: Incident) -> set[str]:
        """The nodes that may hold it now, as its home knows."""
        thing = f"incident/{made.pk}"
        with self.nodes[made.home].here():
            known = sharing.Sharing.of([thing])
            return {name for name in self.nodes if known.has(thing, name)}


def machine(given: Databases, *, restores: bool) -> type[Federation]:
    """The machine on these databases."""
    own = {"databases": given, "restores": restores}
    return type("FederationHere", (Federation,), own)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("restores", [False, True], ids=["lines", "lines and old copies"])
def test_after_healing_all_are_equal_and_nothing_went_astray(
    databases, django_db_blocker, restores, monkeypatch
):
    monkeypatch.setattr(picture, "LONG", 5)  # so that first pictures are sent now and then
    chosen = settings(
        max_examples=EXAMPLES,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
        report_multiple_bugs=False,
        phases=[Phase.generate],  # a failure is found in seconds; shrinking it takes minutes
    )
    with django_db_blocker.unblock():
        run_state_machine_as_test(machine(databases, restores=restores), settings=chosen)
