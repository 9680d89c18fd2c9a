from django.db import migrations, models

from tmam.platform.migrations_sql import run_schema


class Migration(migrations.Migration):
    dependencies = [("fulfilment", "0001_initial")]

    operations = [
        run_schema("tmam.fulfilment", "0002_google_pass.sql"),
        migrations.CreateModel(
            name="GooglePass",
            fields=[
                ("pk", models.CompositePrimaryKey("event_id", "serial", "order_id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("event_id", models.IntegerField()),
                ("serial", models.BigIntegerField()),
                ("order_id", models.UUIDField()),
                ("suffix", models.TextField()),
                ("kind", models.TextField()),
                ("language", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("wanted_at", models.DateTimeField()),
                ("synced_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "fulfilment_google_pass", "managed": False},
        ),
    ]
