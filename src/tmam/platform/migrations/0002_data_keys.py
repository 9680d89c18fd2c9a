from django.db import migrations, models

from tmam.platform.migrations_sql import run_schema


class Migration(migrations.Migration):

    dependencies = [
        ('platform', '0001_initial'),
    ]

    operations = [
        run_schema("tmam.platform", "0002_data_keys.sql"),
        migrations.CreateModel(
            name='WrappedDataKey',
            fields=[
                ('pk', models.CompositePrimaryKey('event_id', 'version', blank=True, editable=False, primary_key=True, serialize=False)),
                ('event_id', models.IntegerField()),
                ('version', models.SmallIntegerField()),
                ('key_id', models.BinaryField()),
                ('wrapped', models.BinaryField()),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'platform_data_key',
                'managed': False,
            },
        ),
    ]
