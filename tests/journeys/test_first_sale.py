"""The whole path of a person who has never been here: search, reserve, pay, download, and through the gate, once."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PatienceError

from tests.cast import make_member, make_user, unique
from tests.gates.guests import make_event_tonight
from tests.inventory.books import assert_books_right
from tests.journeys.axe import assert_accessible
from tests.journeys.camera import film_of
from tests.journeys.signing_in import sign_in
from tmam.catalog.models import Event
from tmam.catalog.summaries import refresh_summaries
from tmam.gates.models import Redemption
from tmam.inventory.queries import free_places
from tmam.organizers.models import Role
from tmam.platform.statements import run_verb
from tmam.tickets.models import Ticket

Browse = Callable[..., Page]


def event_on_sale(title: str) -> Event:
    """An event tonight, found by its title."""
    event = make_event_tonight(now=datetime.now(UTC), title={"en": title, "es": title}, capacity=20)
    refresh_summaries([event.id], datetime.now(UTC), lambda id_: run_verb(free_places(id_)))
    return event


def reserve(page: Page, title: str, quantity: str = "2") -> None:
    """Search for the event by name, open it and reserve tickets."""
    page.goto("/en/")
    assert_accessible(page)
    page.get_by_role("searchbox").fill(title)
    page.get_by_role("button", name="Search").first.click()
    page.locator("main a[href*='/e/']").filter(has_text=title).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    assert_accessible(page)
    page.get_by_label(re.compile("how many")).first.fill(quantity)
    page.get_by_role("button", name="Reserve tickets").click()
    page.wait_for_url("**/checkout/")
    expect(page.get_by_text("Reserved for you")).to_be_visible()
    assert_accessible(page)


def pay(page: Page, email: str, name: str = "Maria Soler", card: str = "A card that works") -> None:
    """Go through details and payment as a guest."""
    page.get_by_role("link", name="Continue").click()
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Your full name").fill(name)
    assert_accessible(page)
    page.get_by_role("button", name="Continue to payment").last.click()
    page.get_by_label(card).check()
    page.get_by_label("I accept the terms").check()
    assert_accessible(page)
    page.get_by_role("button", name=re.compile("^Pay ")).click()


def reload_until(page: Page, wanted: Locator) -> None:
    """Load the page again until something is on it that the worker is about to bring."""
    for _ in range(15):
        try:
            wanted.wait_for(timeout=1_000)
        except PatienceError:
            page.reload()
        else:
            return
    expect(wanted).to_be_visible()


def test_from_search_to_the_gate(browse: Browse, tmp_path: Path) -> None:
    title = unique("Harbour Lights").title()
    event = event_on_sale(title)
    page = browse()
    reserve(page, title)
    pay(page, "maria@buyers.example")

    expect(page.get_by_role("heading", level=1)).to_contain_text("You're going")
    assert_accessible(page)
    ticket, other = Ticket.objects.filter(event_id=event.id).order_by("serial")
    expect(page.get_by_text(ticket.booking_reference).first).to_be_visible()
    assert_books_right(event.id)

    page.get_by_role("link", name="Show tickets").click()
    page.wait_for_url("**/me/orders/**")
    assert_accessible(page)
    with page.expect_download() as pdf:
        page.get_by_role("link", name="Download PDF").click()
    pdf.value.save_as(tmp_path / "tickets.pdf")
    subprocess.run(["qpdf", "--check", tmp_path / "tickets.pdf"], check=True)
    with page.expect_download() as png:
        page.get_by_role("link", name=re.compile("As a picture")).first.click()
    png.value.save_as(tmp_path / "ticket.png")

    steward = make_member(event.organizer, Role.GATE, name="Sam Steward")
    scanner = browse(film=film_of(tmp_path / "ticket.png", tmp_path / "ticket.mjpeg"))
    scanner.goto("/gate/")
    sign_in(scanner, steward.email)
    scanner.get_by_role("link", name=re.compile(re.escape(title))).click()
    scanner.get_by_label("Main entrance", exact=True).check()
    scanner.get_by_role("button", name="Start scanning").click()
    expect(scanner.locator("[data-verdict][data-colour=admit]")).to_be_visible()
    assert list(Redemption.objects.filter(event_id=event.id).values_list("serial", flat=True)) == [
        ticket.serial
    ]
    scanner.get_by_role("button", name=re.compile("Scan next|Next")).first.click()
    expect(scanner.locator("[data-verdict][data-colour=already_used]")).to_be_visible()
    assert Redemption.objects.filter(event_id=event.id).count() == 1
    assert other.serial == ticket.serial + 1


def test_a_declined_card_keeps_the_reservation_and_another_pays(browse: Browse) -> None:
    title = unique("Second Try").title()
    event = event_on_sale(title)
    page = browse()
    reserve(page, title, "1")
    pay(page, "second@buyers.example", card="A card without enough money")
    expect(page.get_by_text("Reserved for you")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("A card that works").check()
    terms = page.get_by_label("I accept the terms")
    if not terms.is_checked():
        terms.check()
    page.get_by_role("button", name=re.compile("^Pay ")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("You're going")
    assert Ticket.objects.filter(event_id=event.id).count() == 1


def test_a_bank_that_asks_is_answered(browse: Browse) -> None:
    title = unique("Careful Bank").title()
    event_on_sale(title)
    page = browse()
    reserve(page, title, "1")
    pay(page, "careful@buyers.example", card="A card whose bank asks you to confirm")
    page.wait_for_url("**/sandbox-bank/**")
    assert_accessible(page)
    page.get_by_role("button", name=re.compile("Confirm|Approve|Yes")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("You're going")


def test_a_lost_answer_ends_in_tickets_all_the_same(browse: Browse) -> None:
    title = unique("Lost Answer").title()
    event = event_on_sale(title)
    page = browse()
    reserve(page, title, "1")
    pay(page, "patient@buyers.example", card="A card whose answer gets lost")
    page.wait_for_url("**/wait/")
    assert_accessible(page)
    page.wait_for_url("**/done/", timeout=60_000)
    assert Ticket.objects.filter(event_id=event.id).count() == 1


def test_the_whole_purchase_works_without_scripts(browse: Browse) -> None:
    title = unique("Plain Paper").title()
    event = event_on_sale(title)
    page = browse(java_script_enabled=False)
    page.goto("/es/")
    page.get_by_role("searchbox").fill(title)
    page.keyboard.press("Enter")
    page.locator("main a[href*='/e/']").filter(has_text=title).first.click()
    page.locator("[name=quantity-1]").fill("1")
    page.locator("form[action='/hot/holds'] button").last.click()
    page.wait_for_url("**/checkout/")
    page.locator("main a.button--big").click()
    page.locator("[name=email]").fill("papel@compradores.example")
    page.locator("[name=name]").fill("Juan Gil")
    page.locator("main button.button--big").click()
    page.locator("[value=approve]").check()
    page.locator("main input[type=checkbox]").check()
    page.locator("main button.button--big").click()
    page.wait_for_url("**/done/")
    assert page.locator("html").get_attribute("lang") == "es"
    assert Ticket.objects.filter(event_id=event.id).count() == 1


def test_the_mail_opens_the_tickets_and_the_account_gets_them(browse: Browse) -> None:
    title = unique("Kept Letter").title()
    event = event_on_sale(title)
    email = f"{unique('letter')}@buyers.example"
    page = browse()
    reserve(page, title, "1")
    pay(page, email)
    expect(page.get_by_role("heading", level=1)).to_contain_text("You're going")
    reference = Ticket.objects.get(event_id=event.id).booking_reference

    reader = browse()
    reader.goto(f"/me/orders/{reference}/")
    expect(reader.get_by_role("heading", name="We cannot show tickets here")).to_be_visible()
    reader.goto("/demo/mail/")
    letter = reader.get_by_role("link", name=re.compile(re.escape(email)))
    reload_until(reader, letter)
    letter.click()
    assert_accessible(reader)
    reader.locator("main a[href*='/me/tickets/open/']").first.click()
    assert_accessible(reader)
    reader.get_by_role("button", name="Show my tickets").click()
    reader.wait_for_url(f"**/me/orders/{reference}/")
    expect(reader.get_by_text(reference).first).to_be_visible()

    make_user(email)
    member = browse()
    member.goto("/me/tickets/")
    member.get_by_role("link", name="Sign in").first.click()
    sign_in(member, email)
    member.wait_for_url("**/me/tickets/")
    expect(member.get_by_text(title).first).to_be_visible()
    assert_accessible(member)
