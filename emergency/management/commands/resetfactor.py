"""`manage.py resetfactor`: take a lost second factor away, where no other administrator can.

Owns: the way back in for whoever stands at the machine. Promises: sessions of that officer end and
the log tells of it. Must not know: secrets.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from emergency.factor import services
from emergency.models import Officer
from realtime.start import open_log


class Command(BaseCommand):
    help = "Take away the second factor of an officer who has lost it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        open_log()
        officer = Officer.objects.filter(username=options["username"]).first()
        if officer is None:
            raise CommandError(f"there is no officer {options['username']}")
        services.take_away_here(officer=officer)
        self.stdout.write(f"{officer.username} signs in without the second factor that was lost.")
