"""Short columns beside the long document of a search row; see `EventSummary`."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models


def words_of_weight(weight):
    return models.GeneratedField(
        db_persist=True,
        expression=models.Func(
            models.F("document"),
            function="ts_filter",
            template=f"%(function)s(%(expressions)s, '{{{weight}}}')",
        ),
        output_field=django.contrib.postgres.search.SearchVectorField(),
    )


class Migration(migrations.Migration):

    dependencies = [
        ("catalog", "0002_trips_and_sales_rules"),
    ]

    operations = [
        migrations.AddField("eventsummary", "title_words", words_of_weight("a")),
        migrations.AddField("eventsummary", "place_words", words_of_weight("c")),
        migrations.AddIndex(
            "eventsummary",
            django.contrib.postgres.indexes.GinIndex(
                fields=["place_words"], name="event_summary_place", fastupdate=False
            ),
        ),
        # The same index with a changed parameter: not made anew.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    [
                        "ALTER INDEX event_summary_document SET (fastupdate = off)",
                        "SELECT gin_clean_pending_list('event_summary_document')",
                    ],
                    "ALTER INDEX event_summary_document SET (fastupdate = on)",
                )
            ],
            state_operations=[
                migrations.RemoveIndex("eventsummary", "event_summary_document"),
                migrations.AddIndex(
                    "eventsummary",
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["document"], name="event_summary_document", fastupdate=False
                    ),
                ),
            ],
        ),
    ]
