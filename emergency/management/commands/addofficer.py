"""`manage.py addofficer`: an officer, with a generated password that is shown once.

Owns: the way in for whoever sets a node up. Promises: role and organisation must exist; nothing
secret is kept. Must not know: what a role may do.
"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from emergency.models import Officer, Organisation, Role
from emergency.services import accounts
from realtime.start import open_log


class Command(BaseCommand):
    help = "Add an officer; prints user, password and, if asked, an API token as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--organisation", required=True, help="its code")
        parser.add_argument("--token", action="store_true", help="issue an API token too")

    def handle(self, *args: Any, **options: Any) -> None:
        open_log()
        if Officer.objects.filter(username=options["username"]).exists():
            raise CommandError(f"there is an officer {options['username']} already")
        organisation = Organisation.objects.filter(pk=options["organisation"]).first()
        if organisation is None:
            raise CommandError(f"there is no organisation {options['organisation']}")
        password = accounts.generated_password()
        officer = accounts.make_officer(
            username=options["username"],
            password=password,
            name=options["name"],
            role=options["role"],
            organisation=organisation,
        )
        account = {"user": officer.username, "password": password}
        if options["token"]:
            account["token"] = accounts.issue_token(officer=officer, label="first")
        self.stdout.write(json.dumps(account))
