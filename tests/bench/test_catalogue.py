import pytest
from django.db import transaction

from tests.cast import NOW
from tmam.bench.catalogue import CatalogueSize, load_catalogue
from tmam.catalog.models import Date, DateSummary, Event, EventSummary, TicketType, Venue
from tmam.inventory.models import Counter

pytestmark = pytest.mark.django_db
TINY = CatalogueSize(dates=60, events=10, venues=5)


def slugs(seed: int) -> list[str]:
    with transaction.atomic():
        ids = load_catalogue(NOW, TINY, seed=seed)
        found = list(Event.objects.filter(id__in=ids).order_by("id").values_list("slug", flat=True))
        transaction.set_rollback(True)
    return found


def test_a_catalogue_has_the_size_asked_for() -> None:
    ids = load_catalogue(NOW, CatalogueSize(dates=2_000, events=80, venues=40))
    assert (len(ids), Event.objects.filter(id__in=ids).count()) == (80, 80)
    assert Date.objects.filter(event__in=ids, ends_at__gt=NOW).count() == 2_000
    assert Venue.objects.filter(slug__startswith="bench-1-").count() == 40
    assert EventSummary.objects.filter(event__in=ids).count() == 80
    assert Counter.objects.filter(event_id__in=ids).count() == 4_000
    assert not TicketType.objects.filter(event__in=ids, pools=[]).exists()


def test_what_is_free_in_the_summaries_is_free_in_the_books() -> None:
    event_id = load_catalogue(NOW, TINY)[0]
    sizes = {row.date_ordinal: row.capacity for row in Counter.objects.filter(event_id=event_id, pool=1)}
    assert sizes
    assert sizes == dict(DateSummary.objects.filter(event=event_id).values_list("date_ordinal", "available"))


def test_the_same_seed_makes_the_same_catalogue() -> None:
    assert slugs(1) == slugs(1)
    assert slugs(1) != slugs(2)
