"""What people write around the words that matter: "jazz this weekend", "teatro mañana". Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tmam.catalog.search_query import SearchQuery
from tmam.catalog.words import words_of

FRIDAY, SUNDAY = 4, 6

# Phrases at the beginning or end of a search that name a time, as words without accents.
_PHRASES: dict[tuple[str, ...], str] = {
    tuple(phrase.split()): when
    for when, phrases in {
        "today": ("today", "tonight", "hoy", "esta noche"),
        "tomorrow": ("tomorrow", "manana"),
        "weekend": ("this weekend", "weekend", "este fin de semana", "fin de semana"),
        "week": ("this week", "next 7 days", "esta semana"),
    }.items()
    for phrase in phrases
}


class Days(NamedTuple):
    """A stretch of days, both ends included; None: open."""

    first: date | None
    last: date | None


def understood(query: SearchQuery) -> SearchQuery | None:
    """The query with a time phrase taken out of its text and made a filter; None if there is none to take.

    Nothing is taken when a time was chosen already.
    """
    if query.when or query.from_day or query.to_day or not query.text:
        return None
    tokens = query.text.split()
    plain = ["".join(words_of(token)) for token in tokens]
    for phrase, when in sorted(_PHRASES.items(), key=lambda item: -len(item[0])):
        size = len(phrase)
        if tuple(plain[-size:]) == phrase:
            return replace(query, text=" ".join(tokens[:-size]), when=when)
        if tuple(plain[:size]) == phrase:
            return replace(query, text=" ".join(tokens[size:]), when=when)
    return None


def days_meant(query: SearchQuery, now: datetime, time_zones: frozenset[str]) -> Days:
    """The days a query asks for. A relative time means the day on the clock of the place.

    Places in other zones may be a day apart: the stretch covers each of theirs.
    """
    if query.when in {"", "any"}:
        return Days(query.from_day, query.to_day)
    todays = {now.astimezone(ZoneInfo(zone)).date() for zone in time_zones} or {now.date()}
    stretches = [_relative(query.when, today) for today in todays]
    return Days(min(first for first, _ in stretches), max(last for _, last in stretches))


def _relative(when: str, today: date) -> tuple[date, date]:
    if when == "today":
        return today, today
    if when == "tomorrow":
        return today + timedelta(days=1), today + timedelta(days=1)
    if when == "weekend":
        sunday = today + timedelta(days=SUNDAY - today.weekday())
        return max(today, sunday - timedelta(days=SUNDAY - FRIDAY)), sunday
    return today, today + timedelta(days=6)
