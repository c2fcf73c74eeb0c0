"""The metrics by which what people did is judged, as data that an office may correct.

Source: each row names its own; none was checked against the printed standard, therefore `verified`
is false for every row.
"""

import csv
from pathlib import Path

from django.db import migrations

FILE = Path(__file__).resolve().parent.parent / "fixtures" / "metrics.csv"


def load(apps, schema_editor):
    """Insert every row of the table."""
    metric = apps.get_model("drills", "Metric")
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            metric.objects.update_or_create(code=row.pop("code"), defaults=row)


class Migration(migrations.Migration):
    dependencies = [("drills", "0002_injects")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
