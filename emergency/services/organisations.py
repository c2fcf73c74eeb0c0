"""Organisations from a table, as a node is set up or its table is corrected.

Owns: every write to organisations. Promises: a second load of the same table changes nothing; a
row that cannot be used is named with its line. Must not know: where the table comes from.
"""

import csv
from pathlib import Path

from django.db import transaction

from realtime.problems import Invalid

from ..models import Organisation

COLUMNS = {"code", "name", "name_en", "kind", "parent", "area", "aliases", "node"}


def load_organisations(*, path: Path, source: str) -> int:
    """Insert or update the organisations of a UTF-8 CSV, parents first; how many rows it has.

    Raises Invalid with the line number for a wrong column, kind or parent.
    """
    with path.open(encoding="utf-8-sig", newline="") as file, transaction.atomic():
        reader = csv.DictReader(file)
        if set(reader.fieldnames or ()) != COLUMNS:
            raise Invalid(f"{path.name}: the columns must be {', '.join(sorted(COLUMNS))}")
        number = 0
        for number, row in enumerate(reader, 1):
            parent = row["parent"] or None
            if row["kind"] not in Organisation.Kind.values:
                raise Invalid(f"{path.name} row {number}: there is no kind {row['kind']}")
            if parent and not Organisation.objects.filter(pk=parent).exists():
                raise Invalid(f"{path.name} row {number}: there is no parent {parent}")
            Organisation.objects.update_or_create(
                code=row["code"],
                defaults={
                    "name": row["name"],
                    "name_en": row["name_en"],
                    "kind": row["kind"],
                    "parent_id": parent,
                    "area": row["area"],
                    "aliases": row["aliases"].split(),
                    "node": row["node"],
                    "source": source,
                },
            )
    return number
