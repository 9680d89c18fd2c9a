from django.db import migrations, models

from tmam.tickets.migrations._seal_plain_names import seal_plain_names


def seal(apps, schema_editor):
    seal_plain_names(schema_editor.connection)


class Migration(migrations.Migration):
    """Names move from plain text into sealed values: a column more, the values in batches, a column less.

    Not one transaction: interrupted, it goes on where it was.
    """

    atomic = False

    dependencies = [
        ('tickets', '0007_remark'),
        ('platform', '0002_data_keys'),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE tickets_ticket ADD COLUMN IF NOT EXISTS holder_sealed bytea",
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AddField('ticket', 'holder_sealed', models.BinaryField(null=True)),
            ],
        ),
        migrations.RunPython(seal, migrations.RunPython.noop),
        migrations.RunSQL(
            "ALTER TABLE tickets_ticket DROP COLUMN IF EXISTS holder_name",
            migrations.RunSQL.noop,
            state_operations=[migrations.RemoveField('ticket', 'holder_name')],
        ),
    ]
