"""The demo city's organisations and accounts: fictitious people, real organisations.

Owns: two tables of data. Promises: passwords and tokens are made on the spot, never written here.
"""

import csv
import secrets
from pathlib import Path
from typing import Any

from ..models import Officer, Organisation
from ..services import accounts

FOLDER = Path(__file__).resolve().parent


def seed_organisations() -> int:
    """Insert the organisations that are not there yet; how many there are."""
    for row in _rows("organisations"):
        Organisation.objects.get_or_create(
            code=row["code"],
            defaults={
                "name": row["name"],
                "name_en": row["name_en"],
                "kind": row["kind"],
                "parent_id": row["parent"] or None,
                "area": row["area"],
                "aliases": row["aliases"].split(),
                "source": "demo city",
            },
        )
    return Organisation.objects.count()


def seed_accounts() -> list[dict[str, Any]]:
    """Make the accounts that are not there yet; their generated passwords and tokens, once."""
    made = []
    for row in _rows("accounts"):
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


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
