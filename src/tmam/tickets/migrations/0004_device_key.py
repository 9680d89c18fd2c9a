from django.db import migrations, models

from tmam.platform.migrations_sql import run_schema


class Migration(migrations.Migration):
    dependencies = [("tickets", "0003_live_master")]

    operations = [
        run_schema("tmam.tickets", "0004_device_key.sql"),
        # The model is unmanaged: this changes only Django's picture of it.
        migrations.AddField("ticket", "device_key", models.BinaryField(null=True)),
    ]
