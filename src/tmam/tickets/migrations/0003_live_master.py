from django.db import migrations, models

from tmam.platform.migrations_sql import run_schema


class Migration(migrations.Migration):
    dependencies = [("tickets", "0002_token_place")]

    operations = [
        run_schema("tmam.tickets", "0003_live_master.sql"),
        migrations.CreateModel(
            name="LiveMaster",
            fields=[
                ("event_id", models.IntegerField(primary_key=True, serialize=False)),
                ("master_encrypted", models.BinaryField()),
                ("made_at", models.DateTimeField()),
            ],
            options={"db_table": "tickets_live_master", "managed": False},
        ),
    ]
