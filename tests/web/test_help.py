"""Help, legal pages and the error catalogue: in both languages, the same bytes for everyone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from tests.cast import make_event, make_organizer
from tmam.catalog.models import Date
from tmam.catalog.queries import next_dates
from tmam.catalog.when import short_day_words
from tmam.orders.terms import PLATFORM_TERMS_VERSION
from tmam.platform.error_words import known_codes, page_words
from tmam.web.help.markdown import render_markdown, render_sections

PAGES = ("help", "terms", "privacy", "imprint", "help/errors")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", PAGES)
def test_public_pages_are_the_same_for_everyone(name: str, language: str) -> None:
    answer = Client().get(f"/{language}/{name}/", headers={"Accept-Language": "de"})
    other = Client().get(
        f"/{language}/{name}/", headers={"Accept-Language": "es", "Cookie": "tmam_language=en"}
    )
    assert answer.status_code == 200
    assert answer.content == other.content
    assert answer.headers["Cache-Control"] == "public, max-age=1"
    assert "Vary" not in answer.headers
    assert not answer.cookies
    text = answer.content.decode()
    assert f'<html lang="{language}" dir="ltr">' in text
    assert text.count("<h1") == 1
    assert "{" not in text.partition("<main")[2]


@pytest.mark.parametrize("name", PAGES[:4])
def test_both_languages_have_the_same_sections(name: str) -> None:
    english, spanish = (Client().get(f"/{language}/{name}/").content.decode() for language in ("en", "es"))
    assert english.count("<h2") == spanish.count("<h2") > 2
    assert english.count("<li>") == spanish.count("<li>")


def test_terms_carry_their_version() -> None:
    assert f"Version {PLATFORM_TERMS_VERSION}" in Client().get("/en/terms/").content.decode()


def test_every_code_has_a_page_and_the_catalogue_links_it() -> None:
    index = Client().get("/es/help/errors/").content.decode()
    for code in known_codes():
        assert f'href="/es/help/errors/{code}/"' in index
        page = Client().get(f"/es/help/errors/{code}/")
        assert page.status_code == 200
        assert code in page.content.decode()


def test_unknown_codes_and_odd_methods() -> None:
    assert Client().get("/en/help/errors/no.such_code/").status_code == 404
    assert Client().get("/en/help/errors/..%2F..%2Fetc/").status_code == 404
    assert Client().get("/de/help/").status_code == 404
    assert Client().post("/en/help/").status_code == 405


def test_a_problem_shows_words_advice_and_its_code() -> None:
    answer = Client().get("/es/nada/")
    words = page_words("platform.not_found", "es")
    text = answer.content.decode()
    assert answer.status_code == 404
    assert words.title in text
    assert 'href="/es/help/errors/platform.not_found/"' in text
    assert not answer.cookies


def test_a_bug_gives_a_number_to_quote(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a database or a user, since those may be what broke."""

    def broken(*_: object) -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr("tmam.web.help.views.text_page", broken)
    answer = Client(raise_request_exception=False).get("/en/terms/", headers={"X-Request-Id": "quote-me-123"})
    assert answer.status_code == 500
    assert "quote-me-123" in answer.content.decode()


def test_the_start_follows_the_browser_language() -> None:
    assert Client().get("/", headers={"Accept-Language": "es-DO,es;q=0.9"}).headers["Location"] == "/es/"
    answer = Client().get("/", headers={"Accept-Language": "fi"})
    assert answer.headers["Location"] == "/en/"
    assert "Accept-Language" in answer.headers["Vary"]


def test_choosing_a_language_is_remembered_and_goes_back() -> None:
    answer = Client().post("/language/", {"language": "es", "next": "/me/tickets/?language=en&x=1"})
    assert answer.headers["Location"] == "/me/tickets/?x=1"
    assert answer.cookies["tmam_language"].value == "es"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_choosing_a_language_never_leaves_the_site(elsewhere: str) -> None:
    assert Client().post("/language/", {"language": "es", "next": elsewhere}).headers["Location"] == "/es/"


@pytest.mark.django_db
def test_a_link_from_a_public_page_brings_its_language_along() -> None:
    assert 'href="/me/tickets/?language=es"' in Client().get("/es/help/").content.decode()
    client = Client(headers={"Accept-Language": "en"})
    first = client.get("/accounts/login/?language=es")
    assert first.headers["Content-Language"] == "es"
    assert first.cookies["tmam_language"].value == "es"
    assert client.get("/accounts/login/").headers["Content-Language"] == "es"
    assert client.get("/accounts/login/?language=xx").headers["Content-Language"] == "es"
    assert not Client().get("/en/help/?language=es").cookies


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/robots.txt", "/sitemap.xml"])
def test_what_caches_share_brings_no_cookie(path: str) -> None:
    answer = Client().get(path, {"language": "es"})
    assert "public" in answer.headers["Cache-Control"]
    assert not answer.cookies


def test_unknown_languages_are_refused() -> None:
    assert Client().post("/language/", {"language": "xx"}).status_code == 400
    assert Client().get("/language/").status_code == 405


def test_markdown_obeys_no_html() -> None:
    html = render_markdown("**bold** <script>x</script> [go](javascript:alert(1)) [ok](https://a.example)")
    assert "<strong>bold</strong>" in html
    assert "<script" not in html
    assert 'href="javascript' not in html
    assert 'href="https://a.example"' in html


def test_sections_carry_ids() -> None:
    html, sections = render_sections("## One `two`\n\nText\n\n### Three\n\n## Four")
    assert [section.title for section in sections] == ["One two", "Four"]
    assert all(f'<h2 id="{section.anchor}">' in html for section in sections)


@pytest.mark.django_db
def test_the_organizer_page_shows_who_sells_and_what() -> None:
    organizer = make_organizer(about={"en": "We play *loud*.", "es": "Tocamos *fuerte*."}, terms_version="7")
    event = make_event(organizer=organizer, now=timezone.now())
    text = Client().get(f"/es/o/{organizer.slug}/").content.decode()
    assert "Tocamos <em>fuerte</em>." in text
    assert organizer.legal_name in text
    assert "28013 Madrid" in text
    assert f"/es/e/{event.pk}-{event.slug}/" in text
    assert f"/brand/{organizer.pk}.css" in text
    assert Client().get("/es/o/nobody/").status_code == 404


@pytest.mark.django_db
def test_the_organizer_page_tells_what_runs_and_what_comes_next() -> None:
    organizer, now = make_organizer(), timezone.now()
    series = make_event(organizer=organizer, now=now, dates=3, starts_in=timedelta(days=-1))
    exhibition = make_event(organizer=organizer, now=now)
    over = make_event(organizer=organizer, now=now)
    cancelled = make_event(organizer=organizer, now=now)
    Date.objects.filter(event=exhibition).update(
        starts_at=now - timedelta(days=20), ends_at=now + timedelta(days=20)
    )
    Date.objects.filter(event=over).update(
        starts_at=now - timedelta(days=20), ends_at=now - timedelta(days=1)
    )
    Date.objects.filter(event=cancelled).update(is_cancelled=True)
    assert [(date.event_id, date.ordinal) for date in next_dates(organizer.pk, now, 9)] == [
        (exhibition.pk, 1),
        (series.pk, 2),
    ]
    assert [date.event_id for date in next_dates(organizer.pk, now, 1)] == [exhibition.pk]
    text = Client().get(f"/en/o/{organizer.slug}/").content.decode()
    assert f"/en/e/{series.pk}-" in text
    assert f"/en/e/{over.pk}-" not in text
    with override("en"):
        assert f">{short_day_words(Date.objects.get(event=exhibition))}</time>" in text
