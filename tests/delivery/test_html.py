"""The plain page: read as a parser, a browser and a printer see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import Browser, Page

from tests.delivery.faces_cast import MISCHIEF, POSTER, SCRIPTS, mischievous, png_logo
from tests.delivery.outside import codes_in, pages_of
from tests.journeys.axe import assert_accessible
from tmam.delivery.errors import TooManyTicketsError
from tmam.delivery.faces import TicketFace
from tmam.delivery.html import render_html
from tmam.delivery.printed import MAX_TICKETS_PER_FILE
from tmam.delivery.sample import sample_face
from tmam.delivery.themes import TicketTheme

THEMED = replace(
    sample_face("es"),
    entrance="Puerta 3",
    theme=TicketTheme(line="Gracias por venir.", logo=png_logo(), shows_reference_bars=True),
    poster_svg=POSTER,
)


def parsed(*faces: TicketFace) -> html.HtmlElement:
    return html.document_fromstring(render_html(faces))


def test_every_fact_is_there_in_the_language_of_the_ticket() -> None:
    page = parsed(THEMED, sample_face())
    assert (page.get("lang"), page.get("dir")) == ("es", "ltr")
    first, second = page.findall(".//article")
    text = first.text_content()
    for fact in (
        THEMED.event_title,
        THEMED.day,
        THEMED.time,
        THEMED.doors,
        THEMED.place,
        THEMED.venue_address,
    ):
        assert fact in text.replace("\u00a0", " ")
    for fact in (
        THEMED.holder_name,
        THEMED.price,
        THEMED.booking_reference,
        "Puerta 3",
        "Gracias por venir.",
    ):
        assert fact in text
    assert len(page.findall(".//h1")) == 1
    assert second.findall(".//h2")[0].text_content() == sample_face().event_title
    assert first.findall(".//svg")[0].get("aria-label") == "Código de la entrada 7"


def test_nothing_is_fetched_and_nothing_runs() -> None:
    content = render_html([THEMED]).decode()
    page = html.document_fromstring(content)
    assert not page.xpath(
        "//script|//link|//img|//iframe|//form|//a|//@style|//@*[starts-with(name(), 'on')]"
    )
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline' 'sha256-")
    assert "http" not in content.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize("text", MISCHIEF.values(), ids=MISCHIEF.keys())
def test_what_people_type_stays_text_and_small(text: str) -> None:
    content = render_html([mischievous(text)])
    assert len(content) <= 20_000
    page = html.document_fromstring(content)
    assert len(page.findall(".//article")) == 1
    assert not page.xpath("//script|//image")


def test_a_wide_code_on_a_ticket_of_all_scripts_is_small_enough_too() -> None:
    names = " ".join(name for name, _ in SCRIPTS.values())
    face = replace(sample_face(), holder_name=names, event_title=names, theme=TicketTheme(code="pdf417"))
    assert len(render_html([face])) <= 20_000


def test_as_many_tickets_as_in_a_pdf() -> None:
    with pytest.raises(TooManyTicketsError):
        render_html([sample_face()] * (MAX_TICKETS_PER_FILE + 1))
    with pytest.raises(ValueError, match="at least one"):
        render_html([])


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """Two tickets, saved and opened from the disk on a small phone."""
    faces = [THEMED, replace(sample_face("es"), serial=8, theme=TicketTheme(code="pdf417"))]
    path = tmp_path / "tickets.html"
    path.write_bytes(render_html(faces))
    page = browser.new_page(viewport={"width": 320, "height": 700})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(path.as_uri())
    yield page
    page.close()
    assert complaints == []


def test_in_a_browser_on_a_phone_and_on_paper(opened: Page, tmp_path: Path) -> None:
    assert opened.evaluate("document.documentElement.scrollWidth") <= 320
    assert (
        opened.evaluate("getComputedStyle(document.querySelector('.code')).backgroundColor")
        == "rgb(255, 255, 255)"
    )
    assert_accessible(opened)
    shown = tmp_path / "phone.png"
    opened.locator(".code").first.screenshot(path=shown)
    assert codes_in(shown) == [THEMED.token]
    pdf = tmp_path / "printed.pdf"
    opened.pdf(path=pdf, format="A4")
    first, _second = pages_of(pdf, tmp_path)
    assert codes_in(first) == [THEMED.token]
