from django.db import migrations, models

from tmam.platform.migrations_sql import run_schema


class Migration(migrations.Migration):
    dependencies = [("tickets", "0005_key_keepers")]

    operations = [
        run_schema("tmam.tickets", "0006_key_sets.sql"),
        migrations.CreateModel(
            name="Revocation",
            fields=[
                ("event_id", models.IntegerField(primary_key=True, serialize=False)),
                ("version", models.BigIntegerField()),
                ("content_sha256", models.BinaryField()),
                ("made_at", models.DateTimeField()),
            ],
            options={"db_table": "tickets_revocation", "managed": False},
        ),
        migrations.CreateModel(
            name="KeySetSigner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_key", models.BinaryField(unique=True)),
                ("private_key_encrypted", models.BinaryField()),
                ("made_at", models.DateTimeField()),
                ("delegation", models.TextField(blank=True, default="")),
                ("root_public_key", models.BinaryField(null=True)),
                ("not_before", models.DateTimeField(null=True)),
                ("not_after", models.DateTimeField(null=True)),
            ],
        ),
    ]
