import pytest

from tmam.catalog.models import DateSummary, Event, EventSummary, SearchWord


@pytest.fixture
def empty_catalogue(db: None) -> None:
    """Whatever committing tests left behind is out of sight; rolled back with the test."""
    del db
    Event.objects.update(status="draft")
    DateSummary.objects.all().delete()
    EventSummary.objects.all().delete()
    SearchWord.objects.all().delete()
