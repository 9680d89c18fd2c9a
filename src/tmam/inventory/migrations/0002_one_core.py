from django.db import migrations, models

from tmam.platform.migrations_sql import run_schema


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial")]

    operations = [
        run_schema("tmam.inventory", "0002_one_core.sql"),
        migrations.CreateModel(
            name="SeatMap",
            fields=[
                ("pk", models.CompositePrimaryKey("event_id", "date_ordinal", "segment", "chunk", blank=True, editable=False, primary_key=True, serialize=False)),
                ("event_id", models.IntegerField()),
                ("date_ordinal", models.IntegerField()),
                ("segment", models.SmallIntegerField()),
                ("chunk", models.SmallIntegerField()),
                ("taken", models.BinaryField()),
            ],
            options={"db_table": "inventory_seat_map", "managed": False},
        ),
    ]
