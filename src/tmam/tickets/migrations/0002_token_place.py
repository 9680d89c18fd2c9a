from django.db import migrations, models

from tmam.platform.migrations_sql import run_schema


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]

    operations = [
        run_schema("tmam.tickets", "0002_token_place.sql"),
        # The model is unmanaged: this changes only Django's picture of it.
        migrations.AddField("ticket", "token_place", models.BinaryField(null=True)),
    ]
