from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("realtime", "0003_key_rotation"),
    ]

    operations = [
        migrations.AddField(
            model_name="peer",
            name="clearance_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="peer",
            name="renewed_at",
            field=models.DateTimeField(null=True),
        ),
    ]
