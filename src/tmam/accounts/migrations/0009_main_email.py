from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_take_back'),
    ]

    operations = [
        # At most one account can have lost its address. It keeps its tickets; its owner asks our staff for a new one.
        migrations.RunSQL(
            "UPDATE accounts_user SET email = 'lost-' || id || '@nobody.invalid' WHERE email = ''",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('email', ''), _negated=True), name='user_has_an_address'),
        ),
    ]
