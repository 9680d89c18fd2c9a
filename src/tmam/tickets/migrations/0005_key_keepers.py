from django.db import migrations, models

from tmam.platform.migrations_sql import run_schema


class Migration(migrations.Migration):
    dependencies = [("tickets", "0004_device_key")]

    operations = [
        run_schema("tmam.tickets", "0005_key_keepers.sql"),
        # The model is unmanaged: this changes only Django's picture of it.
        migrations.AddField("signingkey", "keeper", models.TextField(default="database")),
        migrations.AddField("signingkey", "stolen_at", models.DateTimeField(null=True)),
    ]
