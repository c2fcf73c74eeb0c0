"""The scales by which evaluators mark, as data that an office may correct.

Source: each row names its own; none was checked against the printed standard, therefore `verified`
is false for every row.
"""

import csv
from pathlib import Path

from django.db import migrations

FILE = Path(__file__).resolve().parent.parent / "fixtures" / "scales.csv"


def load(apps, schema_editor):
    """Insert every row of the table."""
    values = apps.get_model("drills", "ScaleValue").objects
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = {"scale": row.pop("scale"), "value": row.pop("value")}
            values.update_or_create(**key, defaults=row)


class Migration(migrations.Migration):
    dependencies = [("drills", "0007_evaluation")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
