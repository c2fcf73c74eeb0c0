"""The class tree, as data that an office may correct.

Source: GB/T 35561-2017 as seeded in a public third-party table of 2018; not checked against the
printed standard, therefore `verified` is false for every row.
"""

import csv
from pathlib import Path

from django.db import migrations

FILE = Path(__file__).resolve().parent.parent / "fixtures" / "incident_types.csv"
SOURCE = "GB/T 35561-2017, third-party copy of 2018-06-28"


def load(apps, schema_editor):
    """Insert every row of the table, parents first."""
    incident_type = apps.get_model("emergency", "IncidentType")
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            incident_type.objects.update_or_create(
                code=row["code"],
                defaults={
                    "name": row["name"],
                    "name_en": row["name_en"],
                    "parent_id": row["parent"] or None,
                    "symbol": row["symbol"],
                    "words": row["words"].split(),
                    "source": SOURCE,
                    "verified": False,
                },
            )


class Migration(migrations.Migration):
    dependencies = [("emergency", "0001_duty_desk")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
