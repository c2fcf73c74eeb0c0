import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("drills", "0006_opened"),
    ]

    operations = [
        migrations.CreateModel(
            name="Criteria",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("home", models.CharField(max_length=64)),
                ("realm", models.CharField(max_length=64)),
                ("term", models.PositiveIntegerField(default=1)),
                ("rev", models.PositiveIntegerField(default=1)),
                ("items", models.JSONField(default=list)),
                ("grades", models.JSONField(default=dict)),
                ("author", models.CharField(max_length=120)),
                ("author_name", models.CharField(max_length=120)),
                (
                    "exercise",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="criteria",
                        to="drills.exercise",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("home", models.CharField(max_length=64)),
                ("realm", models.CharField(max_length=64)),
                ("term", models.PositiveIntegerField(default=1)),
                ("rev", models.PositiveIntegerField(default=1)),
                ("row", models.CharField(max_length=120)),
                ("value", models.CharField(blank=True, max_length=12)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("organisation", models.CharField(max_length=40)),
                ("given_at", models.DateTimeField()),
                ("author", models.CharField(max_length=120)),
                ("author_name", models.CharField(max_length=120)),
                (
                    "exercise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="marks",
                        to="drills.exercise",
                    ),
                ),
            ],
            options={
                "ordering": ["given_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="ScaleValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "scale",
                    models.CharField(
                        choices=[
                            ("yes_no", "yes / no"),
                            ("five", "1 to 5"),
                            ("psmu", "P / S / M / U"),
                            ("grade", "grade of the whole"),
                        ],
                        max_length=8,
                    ),
                ),
                ("value", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=60)),
                ("name_en", models.CharField(max_length=60)),
                ("points", models.PositiveIntegerField()),
                ("place", models.PositiveIntegerField()),
                ("source", models.CharField(max_length=120)),
                ("verified", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["scale", "place"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("scale", "value"), name="one_of_each_scale_value"
                    )
                ],
            },
        ),
    ]
