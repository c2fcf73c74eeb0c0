"""`manage.py importorganisations FILE.csv`: the organisations of a node, from a table."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from emergency.services.organisations import load_organisations
from realtime.problems import Invalid


class Command(BaseCommand):
    help = "Insert or update organisations from a CSV (columns as emergency/demo)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", default="", help="where the table comes from")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        try:
            count = load_organisations(path=path, source=options["source"] or path.name)
        except (Invalid, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count} organisations")
