"""Every act leaves an envelope that says who, when and what; whoever changes one is found out."""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from django.test import Client

from emergency.models import Incident, Officer
from emergency.services import accounts
from realtime import log
from realtime.models import Envelope
from realtime.verify import verify_log
from tests import factories, servers
from tests.emergency.desk import HERE, Api, districts
from tests.emergency.pictures import jpeg


class Day:
    """A day at the desk: one officer and what they have at hand."""

    def __init__(self):
        districts()
        self.duty = factories.officer("shift_leader")
        self.guard = factories.officer("security_admin")
        self.county = factories.organisation("dept-fire")
        self.api = Api(self.duty)
        self.one = self.api.report(location={"lon": HERE[0], "lat": HERE[1]}).json()
        self.two = self.api.report(title="another").json()
        self.entry = self.api.post(f"{self.path}/entries", text="one").json()
        self.client = factories.client(self.duty)

    @property
    def path(self) -> str:
        return f"/incidents/{self.one['id']}"

    def step(self, name: str, **more: str) -> object:
        rev = self.api.get(self.path).json()["rev"]
        return self.api.post(f"{self.path}/steps", rev=rev, step=name, **more)

    def foreign(self) -> "Day":
        """As if another node were home of the second incident."""
        self.one = self.two
        Incident.objects.filter(pk=self.two["id"]).update(home="xian-yanta")
        return self

    def shown(self) -> "Day":
        self.api.post(f"{self.path}/organisations", code="dept-fire")
        return self


ACTS: dict[str, tuple[str, Callable[[Day], object]]] = {
    "report": ("incident.reported", lambda d: d.api.report(title="third")),
    "report with a place": (
        "tie.made", lambda d: d.api.report(location={"lon": HERE[0], "lat": HERE[1]})
    ),
    "change": ("incident.changed", lambda d: d.api.send("PATCH", d.path, {"rev": 1, "grade": 2})),
    **{
        step: ("incident.advanced", lambda d, step=step: d.step(step, reason="r"))
        for step in ("verify", "report", "dismiss", "refer")
    },
    "merge": ("incident.advanced", lambda d: d.step("merge", reason="r", into=d.two["id"])),
    "show": ("incident.opened_to", lambda d: d.shown()),
    "stop showing": (
        "incident.closed_to",
        lambda d: d.shown().api.send("DELETE", f"{d.path}/organisations/dept-fire", ""),
    ),
    "show here": ("showing.begun", lambda d: d.foreign().shown()),
    "stop showing here": (
        "showing.ended",
        lambda d: d.foreign().shown().api.send("DELETE", f"{d.path}/organisations/dept-fire", ""),
    ),
    "write": ("entry.written", lambda d: d.api.post(f"{d.path}/entries", text="two")),
    "correct": (
        "entry.corrected", lambda d: d.api.post(f"/entries/{d.entry['id']}/corrections", text="x")
    ),
    "strike": (
        "entry.struck", lambda d: d.api.post(f"/entries/{d.entry['id']}/strike", reason="x")
    ),
    "attach": ("attachment.added", lambda d: d.api.attach(d.one["id"], jpeg())),
    "sign in": ("session.started", lambda d: factories.client(d.duty)),
    "sign out": ("session.ended", lambda d: d.client.post("/sign-out")),
    "end all": ("session.ended", lambda d: d.client.post("/sign-out/all")),
    "issue a token": ("token.changed", lambda d: accounts.issue_token(officer=d.duty, label="x")),
    "revoke a token": (
        "token.changed",
        lambda d: accounts.revoke_token(officer=d.duty, token_id=d.duty.apitoken_set.first().pk),
    ),
    "change an officer": (
        "officer.changed",
        lambda d: accounts.change_officer(actor=d.guard, officer=d.duty, role="observer"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
def test_every_act_leaves_who_when_and_what(node, act):
    day = Day()
    kind, do = ACTS[act]
    before, position = datetime.now(UTC), log.head().position
    do(day)
    told = [row for row in log.read_after(position, 100) if row.type == kind]
    assert len(told) == 1, [row.type for row in log.read_after(position, 100)]
    who = day.guard if kind == "officer.changed" else day.duty
    assert told[0].actor == f"{who.username}@xian {who.role}"
    assert before <= told[0].time <= before + timedelta(minutes=1)
    assert told[0].realm == "real" and told[0].public
    assert verify_log().bad is None


def test_no_two_envelopes_of_one_subject_have_the_same_revision(node):
    """Two of them would be a fork; only those about an officer's own acts are single."""
    day = Day()
    for _kind, do in ACTS.values():
        do(day)
    seen = list(Envelope.objects.values_list("subject", "term", "rev"))
    assert len(seen) == len(set(seen)) > 20


def test_reading_leaves_no_envelope_and_writing_is_never_by_get(node):
    day = Day()
    position = log.head().position
    for path in ("/incidents", day.path, "/types", "/me", "/organisations", "/layers"):
        assert day.api.get(path).status_code == 200
    assert log.head().position == position


def test_a_password_or_token_is_in_no_envelope(node):
    officer = factories.officer()
    token = accounts.issue_token(officer=officer, label="x")
    Client().post("/sign-in", {"username": officer.username, "password": factories.PASSWORD})
    for row in Envelope.objects.all():
        text = bytes(row.header) + bytes(row.public or b"") + bytes(row.personal or b"")
        for secret in (token, factories.PASSWORD, Officer.objects.get(pk=officer.pk).password):
            assert secret.encode() not in text


@pytest.fixture
def reported(made_node, port) -> None:
    """Some incidents in the log of a node that goes on running."""
    for number in range(5):
        answer = httpx.post(
            f"http://127.0.0.1:{port}/api/incidents",
            json={"title": f"incident {number}", "type_code": "12D02"},
            headers=made_node.headers,
        )
        assert answer.status_code == 201


def test_the_command_checks_a_copy_with_what_is_not_yet_in_its_file(sqlite_node, tmp_path):
    file, copy = sqlite_node.var / "xian/db/node.sqlite3", tmp_path / "backup.sqlite3"
    with contextlib.closing(sqlite3.connect(file)) as reader:
        reader.execute("SELECT count(*) FROM realtime_envelope")  # so that the -wal stays
        officer = ["--name", "王敏", "--role", "observer", "--organisation", "610100"]
        sqlite_node.manage("addofficer", "another", *officer)
        for end in ("", "-wal"):
            shutil.copyfile(f"{file}{end}", f"{copy}{end}")
    assert Path(f"{copy}-wal").stat().st_size > 0
    rows = int(sqlite_node.manage("verifylog", "--database", str(copy)).split()[0])
    with contextlib.closing(sqlite3.connect(copy)) as connection, connection:
        (last,) = connection.execute("SELECT max(position) FROM realtime_envelope").fetchone()
        connection.execute("UPDATE realtime_envelope SET actor = 'x' WHERE position = 1")
    assert rows == last
    with pytest.raises(RuntimeError, match="row 1: column actor differs"):
        sqlite_node.manage("verifylog", "--database", str(copy))
    copy.write_bytes(os.urandom(5000))
    Path(f"{copy}-wal").unlink(missing_ok=True)
    with pytest.raises(RuntimeError, match="this is no log of a node") as refusal:
        sqlite_node.manage("verifylog", "--database", str(copy))
    assert "Traceback" not in str(refusal.value)


def test_a_row_that_was_changed_by_hand_is_named_by_the_command(made_node, reported):
    change = "UPDATE realtime_envelope SET rev = rev + {} WHERE position = 3"
    by_hand(made_node, change.format(1))
    try:
        with pytest.raises(RuntimeError, match="row 3: column rev differs"):
            made_node.manage("verifylog")
    finally:
        by_hand(made_node, change.format(-1))
    assert "rows verified" in made_node.manage("verifylog")


def by_hand(made_node, statement: str) -> None:
    """Somebody with access to the database itself."""
    if url := made_node.env.get("BELLTOWER_DATABASE_URL"):
        with servers.psycopg.connect(url) as connection:
            connection.execute(statement)
        return
    file = made_node.var / "xian/db/node.sqlite3"
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(statement)
