"""`manage.py exportexercise ID FILE`: all that this node's log holds of an exercise, a row a line.

Owns: the form of the file (JSON lines, in log order). Promises: `scoreexercise` makes of it the
score that the page shows. Must not know: how a score is worked out.
"""

import json
import uuid
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from drills.models import Exercise
from drills.selectors_score import exported


class Command(BaseCommand):
    help = "Write the log of an exercise to a file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("exercise", type=uuid.UUID)
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        found = Exercise.objects.filter(pk=options["exercise"]).first()
        if found is None:
            raise CommandError("there is no such exercise")
        with options["file"].open("w", encoding="utf-8") as file:
            count = 0
            for row in exported(found):
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
                count += 1
        self.stdout.write(f"{count} rows written")
