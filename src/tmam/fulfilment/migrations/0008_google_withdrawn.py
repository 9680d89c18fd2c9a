from django.db import migrations, models

from tmam.platform.migrations_sql import run_schema


class Migration(migrations.Migration):
    dependencies = [("fulfilment", "0007_wallet_held")]

    operations = [
        run_schema("tmam.fulfilment", "0008_google_withdrawn.sql"),
        migrations.AddField("GooglePass", "generation", models.IntegerField(default=0)),
        migrations.CreateModel(
            name="GoogleWithdrawn",
            fields=[
                ("pk", models.CompositePrimaryKey("event_id", "suffix", blank=True, editable=False, primary_key=True, serialize=False)),
                ("event_id", models.IntegerField()),
                ("suffix", models.TextField()),
                ("kind", models.TextField()),
                ("withdrawn_at", models.DateTimeField()),
            ],
            options={"db_table": "fulfilment_google_withdrawn", "managed": False},
        ),
    ]
