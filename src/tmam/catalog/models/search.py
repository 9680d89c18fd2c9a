"""What search reads: a row for each event and date, filled from the catalogue and the event log (`catalog.summaries`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func

from tmam.catalog.models.events import Event

if TYPE_CHECKING:
    _TextField = models.Field[str, str]
else:
    _TextField = models.Field


class DayMultirangeField(_TextField):
    """A set of days, kept as PostgreSQL's `datemultirange`; written and asked by SQL only."""

    def db_type(self, connection: object) -> str:
        """The column's type."""
        del connection
        return "datemultirange"


def words_of_weight(weight: str) -> models.GeneratedField:
    """A column of only those words of `document` that have a weight: short enough to lie in the row itself."""
    return models.GeneratedField(
        expression=Func(
            F("document"), function="ts_filter", template=f"%(function)s(%(expressions)s, '{{{weight}}}')"
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )


class DateSummary(models.Model):
    """One row per date for search, filled from the catalogue and the event log, never written by a sale."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="date_summaries")
    date_ordinal = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    time_zone = models.CharField(max_length=50)
    local_day = models.DateField()
    sales_start_at = models.DateTimeField()
    sales_end_at = models.DateTimeField()
    prices_minor = ArrayField(models.PositiveIntegerField())
    capacity = models.PositiveIntegerField()
    available = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "date_ordinal"], name="date_summary_once")]
        indexes = [models.Index(fields=["event", "local_day", "starts_at"], name="date_summary_day")]

    def __str__(self) -> str:
        return f"{self.event_id}/{self.date_ordinal}"


class EventSummary(models.Model):
    """One row per event that search may find: its words, and its dates folded into a few comparable values.

    Search decides on these rows alone, so that a hundred thousand dates cost as much as their few thousand
    events; `DateSummary` is read for the events of one result page. Draft, cancelled and past events have no row.
    `…_free_…` are the days on which places can be bought now. `document` holds words by weight:
    A title and performers, B kind and summary, C place, D organizer and description. It is long and lies out of the
    row: to read it for thousands of rows would cost more than everything else together. So a search reads `document`
    through its index only, and ranks and looks for places by the short `title_words` and `place_words`.
    """

    event = models.OneToOneField(
        Event, on_delete=models.CASCADE, primary_key=True, related_name="event_summary"
    )
    kind = models.CharField(max_length=20)
    city = models.CharField(max_length=100)
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    first_day = models.DateField()
    last_day = models.DateField()
    last_ends_at = models.DateTimeField()
    first_free_day = models.DateField(null=True)
    last_free_day = models.DateField(null=True)
    prices_vary = models.BooleanField(
        help_text="Whether dates differ in price, so a price must be looked up by date."
    )
    next_change_at = models.DateTimeField(
        help_text="When this row grows stale by itself: a sale opens or closes, a date ends."
    )
    prices_minor = ArrayField(models.PositiveIntegerField())
    days = DayMultirangeField()
    free_days = DayMultirangeField()
    document = SearchVectorField()
    title_words = words_of_weight("a")
    place_words = words_of_weight("c")

    class Meta:
        # Without `fastupdate`: what was written is found through the index itself, not in a list read by each search.
        indexes = [
            GinIndex(fields=["document"], name="event_summary_document", fastupdate=False),
            GinIndex(fields=["place_words"], name="event_summary_place", fastupdate=False),
            models.Index(fields=["next_change_at"], name="event_summary_next_change"),
        ]

    def __str__(self) -> str:
        return str(self.event_id)


class SearchWord(models.Model):
    """Every word that a document ever held, for spelling help. A word no longer used does no harm."""

    word = models.TextField(primary_key=True, db_collation="C")

    class Meta:
        indexes = [GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="search_word_trigram")]

    def __str__(self) -> str:
        return self.word
