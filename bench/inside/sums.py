"""How long the sums over a long log take, and what a bare copy of its rows would.

Owns: nothing. Promises: works on a node that is thrown away afterwards: it lengthens its log with
rows that no chain holds. Prints milliseconds of the sums and rows a second of the copy.
"""

import json
import sqlite3
import sys
import tempfile
import time
import uuid

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from realtime.link.digests import Ledger  # noqa: E402
from realtime.models import Envelope, LogHead  # noqa: E402

CHUNK, COPIED, REPEATS = 200, 5_000, 3
FIELDS = [one.attname for one in Envelope._meta.concrete_fields]


def main(peer: str, count: int) -> None:
    """Lengthen, sum, copy."""
    position = _lengthen(peer, count)
    print(json.dumps(_sums(peer) | {"rows": position, "copied": _copied()}))


def _lengthen(peer: str, count: int) -> int:
    rows = list(Envelope.objects.filter(source=peer)[:2000])
    position = LogHead.objects.get().position
    number = 0
    while position < count:
        number += 1
        more = []
        for row in rows:
            position += 1
            values = {name: getattr(row, name) for name in FIELDS}
            values |= {"position": position, "id": uuid.uuid4()}
            values |= {name: f"{values[name]}-{number}" for name in ("subject", "about")}
            more.append(Envelope(**values))
        Envelope.objects.bulk_create(more)
    LogHead.objects.update(position=position)
    return position


def _sums(peer: str) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {"first": [], "again": []}
    for _repeat in range(REPEATS):
        ledger = Ledger(peer)
        for name in ("first", "again"):
            started = time.perf_counter()
            ledger.hours("rest")
            found[name].append((time.perf_counter() - started) * 1000)
    return found


def _copied() -> list[float]:
    """Rows a second, in the chunks in which a link sends them, as durable as a node is."""
    rates = []
    for _repeat in range(REPEATS):
        with tempfile.NamedTemporaryFile(dir=".") as file:
            target = sqlite3.connect(file.name)
            target.execute("PRAGMA journal_mode=WAL")
            target.execute("PRAGMA synchronous=FULL")
            ((schema,),) = connection.cursor().execute(
                "SELECT sql FROM sqlite_master WHERE name='realtime_envelope'"
            )
            target.execute(schema)
            marks = ", ".join("?" * len(FIELDS))
            started = time.perf_counter()
            done = 0
            while done < COPIED:
                with transaction.atomic():
                    rows = (
                        connection.cursor()
                        .execute(
                            "SELECT * FROM realtime_envelope WHERE position > %s LIMIT %s",
                            [done, CHUNK],
                        )
                        .fetchall()
                    )
                if not rows:
                    break
                with target:
                    target.executemany(f"INSERT INTO realtime_envelope VALUES ({marks})", rows)
                done += len(rows)
            rates.append(done / (time.perf_counter() - started))
            target.close()
    return rates


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
