import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tmam.platform.migrations_sql import run_schema


class Migration(migrations.Migration):
    dependencies = [
        ("fulfilment", "0004_kept_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        run_schema("tmam.fulfilment", "0005_wallet.sql"),
        migrations.CreateModel(
            name="WalletTicket",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "event_id", "serial", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("event_id", models.IntegerField()),
                ("serial", models.BigIntegerField()),
                ("device_key", models.BinaryField()),
                ("label", models.TextField()),
                ("browser_id", models.BigIntegerField(null=True)),
                ("bound_at", models.DateTimeField()),
                ("contact_at", models.DateTimeField()),
                ("shown_offline", models.IntegerField()),
                ("tampered_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "fulfilment_wallet_ticket", "managed": False},
        ),
        migrations.CreateModel(
            name="WalletOffer",
            fields=[
                ("code_sha256", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("event_id", models.IntegerField()),
                ("order_id", models.UUIDField()),
                ("generations", models.JSONField()),
                ("made_at", models.DateTimeField(db_index=True)),
                ("taken_by", models.BinaryField(max_length=32, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"db_table": "fulfilment_wallet_offer"},
        ),
    ]
