"""The values a survey starts with; an office changes the rows, never this file."""

from django.db import migrations

RINGS = (500, 1000, 3000)
RING_SOURCE = "Radii of the platform's first specification; to be confirmed by the office"
PROVINCE = {
    "name": "陕西省",
    "west": 105.4833,
    "south": 31.7,
    "east": 111.25,
    "north": 39.5833,
    "source": "105°29′–111°15′ E, 31°42′–39°35′ N as commonly given for Shaanxi; not verified",
}


def plant(apps, schema_editor):
    ring = apps.get_model("gis", "SurveyRing")
    for radius in RINGS:
        ring.objects.create(radius_m=radius, source=RING_SOURCE, verified=False)
    apps.get_model("gis", "Extent").objects.create(**PROVINCE, verified=False)


class Migration(migrations.Migration):
    dependencies = [("gis", "0001_layers")]
    operations = [migrations.RunPython(plant, migrations.RunPython.noop)]
