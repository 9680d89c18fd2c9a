"""The season's texts: both languages everywhere, nothing forgotten, nothing that ages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import msgspec
import pytest

from tmam.demo.season_files import DateRule, EventEntry, OrganizerEntry, read_season

SEASON = read_season()
EVENTS = [event for organizer in SEASON.organizers for event in organizer.events]
LANGUAGES = {"en", "es"}


def texts_of(event: EventEntry) -> Iterator[tuple[str, dict[str, str]]]:
    yield "title", event.title
    yield "summary", event.summary
    yield "description", event.description
    for type_ in event.types:
        yield f"type {type_.name}", type_.name
        if type_.description:
            yield f"description of {type_.name}", type_.description
    for rule in event.dates:
        if rule.label:
            yield "label", rule.label


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.slug)
def test_everything_can_be_read_in_both_languages(event: EventEntry) -> None:
    for what, texts in texts_of(event):
        assert set(texts) == LANGUAGES, what
        assert all(text.strip() for text in texts.values()), what
    assert event.summary["en"] != event.summary["es"]
    assert event.description["en"] != event.description["es"]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.slug)
def test_no_text_names_a_day_that_will_be_over(event: EventEntry) -> None:
    words = " ".join(text for _, texts in texts_of(event) for text in texts.values())
    assert not re.search(r"\b20[2-9]\d\b", words)
    assert "lorem" not in words.lower()


@pytest.mark.parametrize("organizer", SEASON.organizers, ids=lambda each: each.slug)
def test_organizers_speak_both_languages_and_have_addresses_that_go_nowhere(
    organizer: OrganizerEntry,
) -> None:
    assert set(organizer.about) == LANGUAGES
    assert organizer.email.endswith(".example")
    assert organizer.website.endswith(".example")


def test_names_and_numbers_are_unique() -> None:
    assert len({event.slug for event in EVENTS}) == len(EVENTS)
    seeds = {event.poster_seed or event.slug for event in EVENTS}
    assert len(seeds) == len(EVENTS)
    assert max(map(len, seeds)) <= 40
    assert len({organizer.slug for organizer in SEASON.organizers}) == len(SEASON.organizers)
    assert len({organizer.accent_hue for organizer in SEASON.organizers}) == len(SEASON.organizers)


def test_venues_are_on_the_globe_and_have_a_clock() -> None:
    for venue in SEASON.venues.values():
        assert -60 < venue.latitude < 70
        assert -180 < venue.longitude < 180
        ZoneInfo(venue.time_zone)


def test_the_season_is_as_varied_as_the_product() -> None:
    assert 30 <= len(EVENTS) <= 60
    assert {event.kind for event in EVENTS} == {
        "concert",
        "theatre",
        "cinema",
        "museum",
        "tour",
        "train",
        "flight",
    }
    assert {"EUR", "USD", "GBP", "DOP", "JPY", "KRW"} <= {event.currency for event in EVENTS}
    assert {event.transfer_policy for event in EVENTS} == {"free", "name_change", "none"}
    assert len({event.hold_minutes for event in EVENTS}) > 4
    assert {event.status for event in EVENTS} == {"on_sale", "soon"}
    assert any(type_.asks_document for event in EVENTS for type_ in event.types)
    assert any(type_.price == "0" for event in EVENTS for type_ in event.types)


def test_a_misspelt_key_is_a_mistake() -> None:
    with pytest.raises(msgspec.ValidationError, match="minuts"):
        msgspec.convert({"lasts_minutes": 60, "doors_minuts": 5}, DateRule)
