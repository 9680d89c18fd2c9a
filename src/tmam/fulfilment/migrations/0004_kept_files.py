import django.contrib.postgres.fields
from django.db import migrations, models

from tmam.platform.migrations_sql import run_schema


class Migration(migrations.Migration):

    dependencies = [('fulfilment', '0003_apple_wallet')]

    operations = [
        run_schema("tmam.fulfilment", "0004_kept_files.sql"),
        migrations.CreateModel(
            name='KeptFile',
            fields=[
                ('pk', models.CompositePrimaryKey('event_id', 'order_id', 'serial', 'form', 'language', blank=True, editable=False, primary_key=True, serialize=False)),
                ('event_id', models.IntegerField()),
                ('order_id', models.UUIDField()),
                ('serial', models.BigIntegerField()),
                ('form', models.TextField()),
                ('language', models.TextField()),
                ('serials', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('tickets', models.TextField()),
                ('facts', models.TextField()),
                ('name', models.TextField()),
                ('saved_as', models.TextField()),
                ('media_type', models.TextField()),
                ('size', models.IntegerField()),
                ('sha256', models.BinaryField()),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'fulfilment_kept_file',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Warming',
            fields=[
                ('event_id', models.IntegerField(primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('stopped', 'Stopped')], default='waiting', max_length=10)),
                ('forms', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None)),
                ('orders', models.PositiveIntegerField(default=0)),
                ('orders_done', models.PositiveIntegerField(default=0)),
                ('files_ready', models.PositiveIntegerField(default=0)),
                ('files_failed', models.PositiveIntegerField(default=0)),
                ('is_making_room', models.BooleanField(default=False)),
                ('last_order', models.UUIDField(null=True)),
                ('asked_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
            ],
        ),
    ]
