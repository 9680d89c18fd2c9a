from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_checkout_tried_at")]

    operations = [
        migrations.AddField("checkout", "phone", models.CharField(blank=True, db_default="", default="", max_length=16)),
    ]
