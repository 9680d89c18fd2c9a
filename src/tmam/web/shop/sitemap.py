"""`/sitemap.xml` and `/robots.txt`: what search engines may read, in every language."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tmam.catalog.models import EventSummary
from tmam.organizers.models import Organizer
from tmam.web.public import FIVE_MINUTES, public_page

# The protocol allows 50,000 addresses and 50 MB a file (https://www.sitemaps.org/protocol.html).
ADDRESSES_MAX = 20_000
PRIVATE = ("accounts", "checkout", "demo", "gate", "hot", "language", "me", "sandbox-bank", "studio")


@public_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page once a language, each with its siblings in the other languages."""
    del request
    languages = [code for code, _ in settings.LANGUAGES]
    entries = "".join(_entry(path, language, languages) for path in _paths() for language in languages)
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
        f"{entries}</urlset>\n"
    )
    return HttpResponse(body, content_type="application/xml", headers={"Cache-Control": FIVE_MINUTES})


@public_page
def robots(request: HttpRequest) -> HttpResponse:
    """Personal pages are not for search engines."""
    del request
    lines = [
        "User-agent: *",
        *(f"Disallow: /{name}/" for name in PRIVATE),
        f"Sitemap: {settings.SITE_ORIGIN}/sitemap.xml",
    ]
    return HttpResponse(
        "\n".join(lines) + "\n",
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": FIVE_MINUTES},
    )


def _paths() -> Iterator[str]:
    """Addresses without their language."""
    yield from ("/", "/trips/", "/help/", "/terms/", "/privacy/", "/security/", "/imprint/")
    rows = EventSummary.objects.order_by("first_day", "event_id").values_list("event_id", "event__slug")
    for event_id, slug in rows[:ADDRESSES_MAX]:
        yield f"/e/{event_id}-{slug}/"
    for slug in Organizer.objects.order_by("id").values_list("slug", flat=True)[:1000]:
        yield f"/o/{slug}/"


def _entry(path: str, language: str, languages: list[str]) -> str:
    def address(code: str) -> str:
        return escape(f"{settings.SITE_ORIGIN}/{code}{path}", {'"': "&quot;"})

    siblings = "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href="{address(code)}"/>' for code in languages
    )
    return f"<url><loc>{address(language)}</loc>{siblings}</url>\n"
