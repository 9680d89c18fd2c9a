"""Addresses of the shop's pages."""

from __future__ import annotations

from urllib.parse import urlencode

from tmam.catalog.search_query import SearchQuery


def search_path(language: str, query: SearchQuery) -> str:
    """The address of a search; the same search always has the same one."""
    params = urlencode(query.params())
    return f"/{language}/?{params}" if params else f"/{language}/"


def event_path(language: str, event_id: int, slug: str, date_ordinal: int | None = None) -> str:
    """The address of an event's page, with a date chosen or not."""
    path = f"/{language}/e/{event_id}-{slug}/"
    return path if date_ordinal is None else f"{path}?date={date_ordinal}"
