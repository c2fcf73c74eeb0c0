"""`manage.py letter`: exchange with a peer by file, where no link can be.

    letter write NODE FILE [--all]    what that node lacks, signed
    letter read FILE                  take in a letter; the same one twice changes nothing

Owns: the words of the command. Must not know: what is in a letter (realtime/link/courier.py).
"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from realtime.link import courier
from realtime.start import open_log


class Command(BaseCommand):
    help = "Write what a peer lacks to a signed file, or take in such a file."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        write = verbs.add_parser("write")
        write.add_argument("node")
        write.add_argument("file", type=Path)
        write.add_argument("--all", action="store_true", help="all that it may have")
        verbs.add_parser("read").add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        open_log()
        try:
            if options["verb"] == "write":
                everything = options["all"]
                count = courier.write(
                    peer=options["node"], path=options["file"], everything=everything
                )
                self.stdout.write(f"{options['file']}: {count} envelopes for {options['node']}")
            else:
                self.stdout.write(_told(courier.read(options["file"])))
        except (courier.BadLetter, OSError) as error:
            raise CommandError(str(error)) from error


def _told(found: courier.Read) -> str:
    return (
        f"letter of {found.sender}, {found.made_at}: {found.items} envelopes, {found.kept} new, "
        f"{found.refused} refused, {found.files} files"
    )
