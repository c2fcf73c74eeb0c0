from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("realtime", "0002_links"),
    ]

    operations = [
        migrations.AddField(
            model_name="loghead",
            name="key_number",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="nodekey",
            name="replaces",
            field=models.CharField(blank=True, max_length=32),
        ),
    ]
