"""`manage.py backup FILE`: a backup of this node, taken while it runs.

Owns: the words of the command. Must not know: what a backup holds (config/backups.py).
"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.backups import BackupError, back_up


class Command(BaseCommand):
    help = "Write database, files and keys of this node to one file that only its owner reads."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = back_up(options["file"].absolute(), say=self.stdout.write)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{options['file']}: {manifest['node']} at {manifest['cursor_at_least']}")
