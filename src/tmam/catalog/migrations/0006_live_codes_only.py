from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_date_changes_and_designs")]

    operations = [
        migrations.AddField(
            model_name="event",
            name="live_codes_only",
            field=models.BooleanField(
                default=False,
                help_text="Whether gates admit live codes only (a wallet), no paper and no pictures. Stewards can still let in from the list.",
            ),
        ),
    ]
