from django.db import migrations, models

from tmam.platform.migrations_sql import run_schema


class Migration(migrations.Migration):
    dependencies = [("tickets", "0006_key_sets")]

    operations = [
        run_schema("tmam.tickets", "0007_remark.sql"),
        migrations.AddField("ticket", "remark", models.TextField(default="")),
    ]
