"""`manage.py verifylog`: is every row of the log as it was written?

Owns: the report. Promises: names the first bad row and what is wrong with it, exit 1; a copy or
backup is opened read-only. Must not know: what rows are about.
"""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connections

from realtime.verify import verify_log


class Command(BaseCommand):
    help = "Check chain and signatures of this node's log, or of a copy of its SQLite file."

    _said = 0.0

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--database", type=Path, help="a SQLite file: a copy or backup")

    def handle(self, *args: Any, **options: Any) -> None:
        alias, self._said = "default", time.monotonic()
        file = options["database"]
        if file is not None:
            if not file.is_file():
                raise CommandError(f"there is no file {file}")
            alias = "copy"
            pending = Path(f"{file}-wal").exists()
            mode = "mode=ro" if pending else "mode=ro&immutable=1"
            connections.databases[alias] = {
                **connections.databases["default"],
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": f"file:{file.resolve()}?{mode}",
                "OPTIONS": {"uri": True},
            }
        try:
            report = verify_log(alias, progress=self._progress)
        except DatabaseError as error:
            raise CommandError(f"this is no log of a node: {error}") from error
        if report.bad:
            raise CommandError(f"row {report.bad.position}: {report.bad.reason}")
        self.stdout.write(f"{report.rows} rows verified, chain ends at {report.chain}")
        if report.erased:
            self.stdout.write(f"{report.erased} personal parts of this node were erased")

    def _progress(self, done: int, rows: int) -> None:
        """A line every two seconds, on stderr: the answer alone is on stdout."""
        if time.monotonic() - self._said >= 2:
            self._said = time.monotonic()
            self.stderr.write(f"  {done} of {rows} rows")
