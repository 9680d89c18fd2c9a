from django.db import migrations, models

from tmam.platform.migrations_sql import run_schema


class Migration(migrations.Migration):
    dependencies = [("tickets", "0008_sealed_holders")]

    operations = [
        run_schema("tmam.tickets", "0009_former_code.sql"),
        migrations.AddField("ticket", "former_sha256", models.BinaryField(null=True)),
    ]
