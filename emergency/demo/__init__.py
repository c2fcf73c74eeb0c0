"""The demo city's organisations, accounts and plans: fictitious people, real organisations.

Owns: three tables of data. Promises: passwords and tokens are made on the spot, never written here.
"""

import csv
import json
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings

from ..models import Officer, Organisation, Plan
from ..plans.services.editing import plant_plan
from ..services import accounts
from ..services.organisations import load_organisations

FOLDER = Path(__file__).resolve().parent


def seed_organisations() -> int:
    """The organisations of the demo city; how many there are."""
    return load_organisations(path=FOLDER / "organisations.csv", source="demo city")


def seed_plans() -> int:
    """The demo city's plans, those that are not there yet; how many there are."""
    for given in json.loads((FOLDER / "plans.json").read_text(encoding="utf-8")):
        plant_plan(**given)
    return Plan.objects.filter(in_force=True).count()


def seed_accounts() -> list[dict[str, Any]]:
    """Make the accounts that are not there yet; their generated passwords and tokens, once."""
    made = []
    with (FOLDER / "accounts.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["node"] == settings.NODE_ID]
    for row in rows:
        if Officer.objects.filter(username=row["username"]).exists():
            continue
        password = "-".join(secrets.token_hex(2) for _part in range(4))
        organisation = Organisation.objects.get(code=row["organisation"])
        officer = accounts.make_officer(
            username=row["username"],
            password=password,
            name=row["name"],
            role=row["role"],
            organisation=organisation,
        )
        made.append(
            {
                "user": officer.username,
                "password": password,
                "role": officer.role,
                "organisation": organisation.name,
                "token": accounts.issue_token(officer=officer, label="demo"),
            }
        )
    return made
