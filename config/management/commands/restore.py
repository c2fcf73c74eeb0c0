"""`manage.py restore FILE`: go on from a backup; the next start begins a new epoch.

Owns: the words of the command. Must not know: what a backup holds (config/backups.py).
"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.backups import BackupError, restore


class Command(BaseCommand):
    help = "Put a backup in the place of this node's data. The node must not run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="move what is there aside")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = restore(
                options["file"].absolute(), replace=options["replace"], say=self.stdout.write
            )
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{manifest['node']} is as it was at {manifest['made_at']}. Start it: the log begins a "
            "new epoch, and what other nodes hold of it comes back by itself."
        )
