"""What is on offer: venues, seat plans, events, their dates and ticket types. Global tables.

Texts that readers see in their language are JSON by language code: `{"en": "…", "es": "…"}`.
Dates and ticket types are numbered within their event (`ordinal`), because tokens and links carry those numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value

from tmam.organizers.models import Organizer

if TYPE_CHECKING:
    from tmam.catalog.stretches import Stretch

    _TextField = models.Field[str, str]
else:
    _TextField = models.Field


class Kind(models.TextChoices):
    """The kinds of event, as the search filter offers them."""

    CONCERT = "concert"
    THEATRE = "theatre"
    CINEMA = "cinema"
    MUSEUM = "museum"
    TOUR = "tour"
    TRAIN = "train"
    FLIGHT = "flight"


class Venue(models.Model):
    """A place one goes to: a hall, a museum, a station, an airport."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    street = models.CharField(max_length=200, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=100)
    region = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    time_zone = models.CharField(max_length=50)
    stop_code = models.CharField(
        max_length=120,
        null=True,
        blank=True,
        unique=True,
        help_text="For stations and airports: `<feed>:<code in the timetable>`. Empty for halls.",
    )
    change_minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The least time to change here; empty: the operator's setting."
    )

    def __str__(self) -> str:
        # A station is often called after its town, and then the town is all there is to say.
        return self.name if self.name == self.city else f"{self.name}, {self.city}"


class SeatPlan(models.Model):
    """A numbered hall: its seats, shared by all events that play there."""

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="seat_plans")
    name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name


class Seat(models.Model):
    """One numbered place of a plan.

    `number_in_plan` (1…) is what claims and tokens carry; `block`, `row` and `seat` are ordinals for the
    token's place, the labels are what people read; `position` counts along the row, with a gap at an aisle.
    """

    plan = models.ForeignKey(SeatPlan, on_delete=models.CASCADE, related_name="seats")
    number_in_plan = models.PositiveIntegerField()
    pool = models.PositiveSmallIntegerField(help_text="The price category: the pool its sale also draws on.")
    block = models.PositiveSmallIntegerField()
    row = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    block_label = models.CharField(max_length=40)
    row_label = models.CharField(max_length=10)
    seat_label = models.CharField(max_length=10)
    is_accessible = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "number_in_plan"], name="seat_once_per_plan")]

    def __str__(self) -> str:
        return f"{self.block_label} {self.row_label}-{self.seat_label}"


class EventStatus(models.TextChoices):
    """Where an event is in its life."""

    DRAFT = "draft"
    SOON = "soon"
    ON_SALE = "on_sale"
    CANCELLED = "cancelled"


class TransferPolicy(models.TextChoices):
    """What a holder may do with a ticket."""

    FREE = "free"
    NAME_CHANGE = "name_change"
    NONE = "none"


class Event(models.Model):
    """Something on offer. Its number is the same in the database, in links and in tokens."""

    id = models.AutoField(primary_key=True)
    organizer = models.ForeignKey(Organizer, on_delete=models.PROTECT, related_name="events")
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="events")
    seat_plan = models.ForeignKey(SeatPlan, on_delete=models.PROTECT, null=True, blank=True)
    slug = models.SlugField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    status = models.CharField(max_length=20, choices=EventStatus.choices, default=EventStatus.DRAFT)
    title = models.JSONField()
    summary = models.JSONField(default=dict)
    description = models.JSONField(default=dict)
    performers = ArrayField(models.TextField(), default=list, blank=True)
    currency = models.CharField(max_length=3)
    hold_minutes = models.PositiveSmallIntegerField(default=10)
    extension_minutes = models.PositiveSmallIntegerField(default=5)
    max_per_order = models.PositiveSmallIntegerField(default=10)
    transfer_policy = models.CharField(
        max_length=20, choices=TransferPolicy.choices, default=TransferPolicy.FREE
    )
    poster_seed = models.CharField(max_length=40, blank=True)
    avoid_single_seats = models.BooleanField(
        default=True, help_text="Whether chosen seats may leave one free seat alone between taken ones."
    )
    live_codes_only = models.BooleanField(
        default=False,
        help_text="Whether gates admit live codes only (a wallet), no paper and no pictures. Stewards can still let in from the list.",
    )
    import_key = models.CharField(
        max_length=200,
        null=True,
        blank=True,
        unique=True,
        help_text="For imported lines: `<feed>:<line in the timetable>`, so that importing again finds the line.",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(hold_minutes__gte=1) & Q(hold_minutes__lte=120), name="event_hold_minutes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.slug}"


class Date(models.Model):
    """One dated occurrence of an event that can be attended: a showing, a slot, a trip.

    A trip names the event's stop pattern it follows and its public number (`trip_code`, "AVE 3142"); it starts with
    the departure from the first stop and ends with the arrival at the last. Other dates have neither.

    `entrance` says by language where to go in ("Gate B"). `revision` counts the changes made by `change_date`: above 0
    the date is no longer as it was when its first tickets were sold, so they go by the date and not by themselves.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="dates")
    ordinal = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    doors_at = models.DateTimeField(null=True, blank=True)
    sales_start_at = models.DateTimeField()
    sales_end_at = models.DateTimeField()
    time_zone = models.CharField(max_length=50)
    label = models.JSONField(default=dict, blank=True)
    # With defaults of the database's own: timetables are written by SQL that does not name these.
    entrance = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)
    revision = models.PositiveIntegerField(default=0, db_default=0)
    is_cancelled = models.BooleanField(default=False)
    pattern = models.PositiveIntegerField(null=True, blank=True)
    trip_code = models.CharField(max_length=60, blank=True)
    # Set on copies that tell of one passenger's stretch (`catalog.stretches`); no column.
    stretch: Stretch | None = None
    trip_key = models.CharField(
        max_length=200, blank=True, help_text="For imported trips: `<service day>|<trip in the timetable>`."
    )

    class Meta:
        indexes = [
            models.Index(fields=["starts_at"], name="date_trips_by_start", condition=Q(pattern__isnull=False))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "trip_key"], name="date_trip_key_once", condition=~Q(trip_key="")
            ),
            models.UniqueConstraint(fields=["event", "ordinal"], name="date_ordinal_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="date_ends_after_start"),
            models.CheckConstraint(
                condition=Q(ordinal__gte=1) & Q(ordinal__lte=65535), name="date_ordinal_u16"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id}/{self.ordinal}"


class TicketType(models.Model):
    """What is bought. `price_minor` is what the buyer pays: fee and tax are inside it, never added.

    `pools` are the pools of each date that one ticket draws on (one sale may draw on several); `dates`
    limits the type to some dates of the event (empty: all). `needs_code`: sold only to who has a sales code for it.

    On trips the price may depend on the stretch; `price_minor` is then the price of what `fares` does not name:
    `{"by": "distance", "steps": [[50, 900], [120, 1500]]}` (up to so many km: minor units) or
    `{"by": "zones", "prices": {"A B": 900}}` (zones of the two stops in alphabetical order).
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="ticket_types")
    ordinal = models.PositiveSmallIntegerField()
    name = models.JSONField()
    description = models.JSONField(default=dict, blank=True)
    price_minor = models.PositiveIntegerField()
    fee_minor = models.PositiveIntegerField(default=0)
    tax_basis_points = models.PositiveIntegerField(default=0)
    pools = ArrayField(models.PositiveSmallIntegerField())
    dates = ArrayField(models.PositiveIntegerField(), default=list, blank=True)
    min_per_order = models.PositiveSmallIntegerField(default=1)
    max_per_order = models.PositiveSmallIntegerField(default=10)
    is_seated = models.BooleanField(default=False)
    asks_name = models.BooleanField(default=False)
    asks_document = models.BooleanField(default=False)
    needs_code = models.BooleanField(default=False)
    fares = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "ordinal"], name="ticket_type_ordinal_once"),
            models.CheckConstraint(
                condition=Q(fee_minor__lte=F("price_minor")), name="ticket_type_fee_inside_price"
            ),
            models.CheckConstraint(condition=Q(ordinal__gte=1), name="ticket_type_ordinal_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id}/{self.ordinal}"


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


# Django finds models through this module; these have rooms of their own.
from tmam.catalog.sales_rules import Contingent, SalesCode, SalesLimit  # noqa: E402, F401 -- see above
from tmam.catalog.stop_patterns import StopPattern  # noqa: E402, F401 -- see above
from tmam.catalog.ticket_designs import TicketDesign, TicketLogo  # noqa: E402, F401 -- see above
