"""Every address of the product, found by walking Django's resolver, with made-up values in its places."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.urls import URLResolver, get_resolver

_PLACE = re.compile(r"<(?:(\w+):)?\w+>")
_VALUES = {
    "int": "1",
    "str": "x",
    "slug": "x",
    "uuid": "00000000-0000-0000-0000-000000000000",
    "language": "en",
}


def all_paths() -> list[str]:
    """A path for each pattern."""
    return sorted(set(_walk(get_resolver(), "/")))


def _walk(resolver: URLResolver, before: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        path = before + _PLACE.sub(lambda found: _VALUES[found[1] or "str"], str(entry.pattern))
        if isinstance(entry, URLResolver):
            yield from _walk(entry, path)
        else:
            yield path
