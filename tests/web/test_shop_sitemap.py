import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from lxml import etree

from tests.cast import make_event
from tmam.catalog.summaries import refresh_summaries
from tmam.inventory.queries import free_places
from tmam.platform.statements import run_verb

NAMES = {"map": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.mark.django_db
def test_every_language_of_a_page_names_its_siblings() -> None:
    now = timezone.now()
    event, draft = make_event(now=now), make_event(now=now, status="draft")
    refresh_summaries([event.id, draft.id], now, lambda event_id: run_verb(free_places(event_id)))
    response = Client().get("/sitemap.xml")
    assert response.headers["Content-Type"] == "application/xml"
    tree = etree.fromstring(response.content)
    siblings = {
        entry.findtext("map:loc", namespaces=NAMES): [
            (link.get("hreflang"), link.get("href")) for link in entry.findall("x:link", NAMES)
        ]
        for entry in tree.findall("map:url", NAMES)
    }
    both = [(code, f"{settings.SITE_ORIGIN}/{code}/e/{event.id}-winter-lights/") for code in ("en", "es")]
    assert siblings[both[0][1]] == siblings[both[1][1]] == both
    assert f"{settings.SITE_ORIGIN}/en/" in siblings
    assert not any(f"/e/{draft.id}-" in str(address) for address in siblings)


def test_personal_pages_are_not_for_robots() -> None:
    response = Client().get("/robots.txt")
    lines = response.content.decode().splitlines()
    assert {"User-agent: *", "Disallow: /checkout/", "Disallow: /me/", "Disallow: /hot/"} <= set(lines)
    assert f"Sitemap: {settings.SITE_ORIGIN}/sitemap.xml" in lines
    assert "Vary" not in response.headers
    assert not response.cookies
