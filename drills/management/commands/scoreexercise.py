"""`manage.py scoreexercise FILE`: the score of an exported exercise, as JSON; needs no database.

Owns: the form of the answer. Promises: the same file gives the same bytes on every machine. Must
not know: how a score is worked out.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from drills.scoring.score import score
from drills.scoring.timeline import Timeline
from drills.selectors_score import events_of


class Command(BaseCommand):
    help = "Work out the score of an exercise from its exported log."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open(encoding="utf-8") as file:
                timeline = Timeline.of(events_of(json.loads(line) for line in file))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CommandError(f"this is no exported exercise: {error}") from error
        self.stdout.write(json.dumps(asdict(score(timeline)), sort_keys=True))
