from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0003_date_news")]

    operations = [
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event_id", models.IntegerField()),
                ("date_ordinal", models.IntegerField()),
                ("begun_at", models.DateTimeField()),
                ("state", models.CharField(choices=[("telling", "telling"), ("done", "done")], default="telling", max_length=10)),
                ("told_up_to", models.UUIDField(null=True)),
                ("told", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("event_id", "date_ordinal"), name="reminder_once_per_date")],
            },
        ),
    ]
