from django.db import migrations, models

from tmam.platform.migrations_sql import run_schema


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = [
        run_schema("tmam.fulfilment", "0001_event_tables.sql"),
        migrations.CreateModel(
            name='Download',
            fields=[
                ('pk', models.CompositePrimaryKey('event_id', 'serial', 'form', blank=True, editable=False, primary_key=True, serialize=False)),
                ('event_id', models.IntegerField()),
                ('serial', models.BigIntegerField()),
                ('form', models.TextField()),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('times', models.IntegerField()),
            ],
            options={
                'db_table': 'fulfilment_download',
                'managed': False,
            },
        ),
    ]
