from datetime import timedelta

import pytest

from tests.cast import NOW
from tmam.bench.catalogue import CatalogueSize, load_catalogue
from tmam.bench.search import measure_search
from tmam.catalog.models import DateSummary, Event, EventSummary

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def catalogue(db: None) -> list[int]:
    """A small catalogue, and nothing else in sight; rolled back with the test."""
    del db
    Event.objects.update(status="draft")
    DateSummary.objects.all().delete()
    EventSummary.objects.all().delete()
    return load_catalogue(NOW, CatalogueSize(dates=2_000, events=80, venues=40))


def test_each_query_of_the_mix_finds_what_a_naive_count_finds() -> None:
    report = measure_search(NOW, rounds=1, verify=1000)
    assert report.mismatches == ()
    assert report.verified == report.queries >= 200
    assert report.overall.count == sum(times.count for times in report.by_class.values()) == report.queries
    assert {"rare word", "common word", "misspelled", "no words, page", "everything at once"} <= set(
        report.by_class
    )
    assert (
        0 < report.overall.p50_ms <= report.overall.p95_ms <= report.overall.p99_ms <= report.overall.max_ms
    )


def test_a_wrong_total_is_told(catalogue: list[int]) -> None:
    EventSummary.objects.filter(event__in=catalogue[:40]).delete()
    report = measure_search(NOW + timedelta(seconds=1), rounds=1, verify=60)
    assert report.mismatches
    assert all(each.total < each.counted for each in report.mismatches)
