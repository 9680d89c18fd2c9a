from datetime import timedelta

import pytest
from django.test import Client

from tests.cast import NOW
from tmam.bench.catalogue import CatalogueSize, load_catalogue
from tmam.bench.search import measure_search, search_addresses
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


def test_addresses_of_searches_are_all_different_and_answered(client: Client) -> None:
    addresses = search_addresses(NOW, 400)
    assert len(set(addresses)) == 400
    assert search_addresses(NOW, 400) == addresses
    assert {address[:5] for address in addresses} == {"/en/?", "/es/?"}
    answers = [client.get(address) for address in addresses[:15]]
    assert {answer.status_code for answer in answers} == {200}
    assert b"hero" not in b"".join(answer.content for answer in answers)  # none of them is the home page
