from django.db import migrations

from tmam.platform.master_sealed import bind_to_purposes


def bind(apps, schema_editor):
    bind_to_purposes()


class Migration(migrations.Migration):
    """Authenticators' secrets are locked for that purpose alone.

    Not one transaction: interrupted, it goes on where it was.
    """

    atomic = False

    dependencies = [
        ('platform', '0002_data_keys'),
        ('mfa', '0003_authenticator_type_uniq'),
    ]

    operations = [migrations.RunPython(bind, migrations.RunPython.noop)]
