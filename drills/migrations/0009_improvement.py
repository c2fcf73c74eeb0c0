import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("drills", "0008_scales"),
    ]

    operations = [
        migrations.CreateModel(
            name="Improvement",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("home", models.CharField(max_length=64)),
                ("realm", models.CharField(max_length=64)),
                ("term", models.PositiveIntegerField(default=1)),
                ("rev", models.PositiveIntegerField(default=1)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("plan", "plan"),
                            ("organisation", "organisation"),
                            ("people", "people and training"),
                            ("equipment", "equipment and supplies"),
                            ("communication", "communication"),
                            ("platform", "platform"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[("grave", "grave"), ("notable", "notable"), ("small", "small")],
                        max_length=8,
                    ),
                ),
                ("text", models.CharField(max_length=500)),
                ("cause", models.CharField(blank=True, max_length=500)),
                ("action", models.CharField(max_length=500)),
                ("owner", models.CharField(max_length=40)),
                ("due", models.DateField()),
                ("row", models.CharField(blank=True, max_length=120)),
                ("author", models.CharField(max_length=120)),
                ("author_name", models.CharField(max_length=120)),
                ("recorded_at", models.DateTimeField()),
                (
                    "exercise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="improvements",
                        to="drills.exercise",
                    ),
                ),
            ],
            options={
                "ordering": ["recorded_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Progress",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("improvement", models.UUIDField(db_index=True)),
                ("step", models.PositiveIntegerField()),
                ("home", models.CharField(max_length=64)),
                ("realm", models.CharField(max_length=64)),
                ("term", models.PositiveIntegerField(default=1)),
                ("rev", models.PositiveIntegerField(default=1)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("done", "done, to be verified"),
                            ("verified", "correction verified"),
                            ("reopened", "open again"),
                            ("dropped", "dropped"),
                        ],
                        max_length=8,
                    ),
                ),
                ("text", models.CharField(max_length=500)),
                ("organisation", models.CharField(max_length=40)),
                ("author", models.CharField(max_length=120)),
                ("author_name", models.CharField(max_length=120)),
                ("recorded_at", models.DateTimeField()),
                (
                    "exercise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="progress",
                        to="drills.exercise",
                    ),
                ),
            ],
            options={
                "ordering": ["step", "recorded_at", "id"],
            },
        ),
    ]
