"""A steward at the door: from signing in to green, yellow and red, with a camera and without."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from tests.cast import make_member
from tests.gates.guests import issue, make_event_tonight
from tests.gates.orders import make_order
from tests.journeys.axe import assert_accessible
from tests.journeys.camera import film_of
from tests.journeys.signing_in import sign_in
from tmam.accounts.models import User
from tmam.catalog.models import Event
from tmam.gates.models import Device, Gate, Redemption, Scan
from tmam.organizers.models import Role
from tmam.tickets.issue_tickets import IssuedTicket
from tmam.tickets.models import Ticket

Browse = Callable[..., Page]


def event_tonight(**fields: Any) -> Event:
    """By the real clock, which the running product goes by."""
    return make_event_tonight(now=datetime.now(UTC), **fields)


def film_with(ticket: IssuedTicket, folder: Path) -> Path:
    """Somebody holds this ticket's code before the camera."""
    code = zxingcpp.create_barcode(ticket.token, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    picture = folder / "code.png"
    Image.fromarray(zxingcpp.write_barcode_to_image(code, scale=8)).save(picture)
    return film_of(picture, folder / "code.mjpeg")


def steward_of(event: Event) -> User:
    """A person who may scan for the event."""
    return make_member(event.organizer, Role.GATE, name="Sam Steward")


def open_scanner(page: Page, gate: str = "Main entrance") -> None:
    """A steward who is signed in sets this browser up as a scanner."""
    if not page.url.endswith("/gate/"):
        page.goto("/gate/")
    page.get_by_role("link", name=re.compile("Winter Lights")).click()
    page.get_by_label(gate, exact=True).check()
    page.get_by_role("button", name="Start scanning").click()
    page.wait_for_url("**/gate/scan/")
    expect(page.get_by_text("Connected")).to_be_visible()


def verdict(page: Page, colour: str) -> Any:
    """The verdict of this colour, once it fills the screen."""
    shown = page.locator(f"[data-verdict][data-colour={colour}]")
    expect(shown).to_be_visible()
    box = shown.bounding_box()
    assert box is not None
    assert page.viewport_size == {"width": box["width"], "height": box["height"]}
    return shown


def type_code(page: Page, code: str) -> None:
    page.get_by_label("Type the code or the booking reference").fill(code)
    page.get_by_role("button", name="Check").click()


def test_the_camera_reads_a_ticket_green_then_yellow(browse: Browse, tmp_path: Path) -> None:
    event = event_tonight()
    (ticket,) = issue(event, place_label="Stalls · row 4 · seat 12")
    page = browse(film=film_with(ticket, tmp_path))
    page.goto("/gate/")
    sign_in(page, steward_of(event).email)
    page.wait_for_url("**/gate/")
    assert_accessible(page)
    open_scanner(page)

    green = verdict(page, "admit")
    expect(green).to_contain_text("Maria Oliva")
    expect(green).to_contain_text("General admission")
    expect(green).to_contain_text("Stalls · row 4 · seat 12")
    expect(page.locator("#said")).to_have_text(re.compile("^Admit. Maria Oliva"))
    assert Redemption.objects.filter(event_id=event.id).count() == 1

    # It goes back by itself; the ticket is still before the camera, so it is read again after a rest.
    yellow = verdict(page, "already_used")
    expect(yellow).to_contain_text(re.compile(r"Used at Main entrance, \d+:\d\d"))
    assert_accessible(page)
    page.get_by_role("button", name="Scan next").click()
    expect(yellow).to_be_hidden()
    expect(page.get_by_label("Progress")).to_have_text("1 of 1 in")
    assert set(Scan.objects.filter(event_id=event.id).values_list("verdict", flat=True)) == {
        "admit",
        "already_used",
    }


def test_without_a_camera_codes_are_typed(browse: Browse) -> None:
    event = event_tonight()
    good, withdrawn = issue(event, "Ana", "Bea")
    Ticket.objects.filter(event_id=event.id, serial=withdrawn.serial).update(state="revoked")
    page = browse(signed_in=steward_of(event))
    open_scanner(page)
    assert_accessible(page)
    page.get_by_role("button", name="Start the camera").click()
    expect(page.get_by_text("There is no camera here.")).to_be_visible()

    type_code(page, good.token.lower())
    expect(verdict(page, "admit")).to_contain_text("Ana")
    page.get_by_role("button", name="Scan next").click()
    type_code(page, withdrawn.token)
    expect(verdict(page, "refuse")).to_contain_text("Withdrawn")
    page.keyboard.press("Escape")
    type_code(page, "https://example.com/a-menu-of-a-restaurant")
    expect(verdict(page, "refuse")).to_contain_text("This is not a ticket code")
    assert_accessible(page)


def test_a_hand_scanner_types_anywhere(browse: Browse) -> None:
    event = event_tonight()
    ana, bea = issue(event, "Ana", "Bea")
    page = browse(signed_in=steward_of(event), viewport={"width": 1280, "height": 800})
    open_scanner(page)
    page.keyboard.type(ana.token)
    page.keyboard.press("Enter")
    expect(verdict(page, "admit")).to_contain_text("Ana")
    # The next guest is scanned while the answer still stands there.
    page.keyboard.type(bea.token)
    page.keyboard.press("Enter")
    expect(verdict(page, "admit")).to_contain_text("Bea")


def test_a_guest_without_a_phone_enters_by_reference_and_name(browse: Browse) -> None:
    event = event_tonight()
    order = make_order(event, "Ana Ruiz", "Bea Ruiz")
    page = browse(signed_in=steward_of(event))
    open_scanner(page)
    type_code(page, order.booking_reference.lower().replace("-", " "))
    expect(page.get_by_role("heading", name=re.compile(order.booking_reference))).to_be_focused()
    assert_accessible(page)
    page.get_by_role("button", name="Admit Bea Ruiz").click()
    expect(verdict(page, "admit")).to_contain_text("Bea Ruiz")
    page.get_by_role("button", name="Scan next").click()
    type_code(page, order.booking_reference)
    expect(page.get_by_text(re.compile("^Used at Main entrance"))).to_be_visible()
    expect(page.get_by_role("button", name="Admit Bea Ruiz")).to_be_hidden()
    type_code(page, "NOTHING")
    expect(page.get_by_role("alert").filter(has_text="Nothing found")).to_be_visible()


def test_a_lost_connection_neither_loses_nor_doubles_an_entry(browse: Browse) -> None:
    event = event_tonight()
    (ticket,) = issue(event)
    page = browse(signed_in=steward_of(event))
    open_scanner(page)
    # The answer is lost on its way back: the server has admitted, the phone does not know.
    lost: list[str] = []

    def lose_the_first_answer(route: Any) -> None:
        if lost:
            route.continue_()
        else:
            route.fetch()
            lost.append(route.request.post_data)
            route.abort("connectionfailed")

    page.route("**/hot/scans", lose_the_first_answer)
    type_code(page, ticket.token)
    green = verdict(page, "admit")
    expect(green).to_contain_text("This answer was already given. The guest may enter.")
    assert len(lost) == 1
    assert Scan.objects.filter(event_id=event.id).count() == 1
    assert Redemption.objects.filter(event_id=event.id).count() == 1

    page.get_by_role("button", name="Scan next").click()
    page.context.set_offline(True)
    type_code(page, ticket.token)
    expect(page.get_by_text("No answer yet", exact=True)).to_be_visible()
    expect(page.get_by_text("No connection", exact=True)).to_be_attached()
    page.context.set_offline(False)
    expect(verdict(page, "already_used")).to_contain_text("Already used")


def test_a_scanner_that_is_signed_out_stops_at_once(browse: Browse) -> None:
    event = event_tonight()
    Gate.objects.create(event_id=event.id, number=2, name="Gate B")
    page = browse(signed_in=steward_of(event))
    open_scanner(page, gate="Gate B")
    (device,) = Device.objects.filter(event_id=event.id)
    assert (device.gate_number, device.name) == (2, "Sam Steward")
    page.get_by_role("button", name="Sign out this scanner").click()
    page.wait_for_url("**/gate/")
    device.refresh_from_db()
    assert device.revoked_at is not None
    page.goto("/gate/scan/")
    expect(page.get_by_role("heading", name="This scanner is not set up")).to_be_visible()
    assert_accessible(page)


def test_every_control_is_large_enough_for_gloves(browse: Browse) -> None:
    event = event_tonight()
    page = browse(signed_in=steward_of(event), color_scheme="dark")
    open_scanner(page)
    for width in (320, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for button in page.locator("main").get_by_role("button").all():
            box = button.bounding_box()
            assert box is not None
            assert box["height"] >= 63.5, button.inner_text()
    (ticket,) = issue(event)
    type_code(page, ticket.token)
    buttons = verdict(page, "admit").locator("button:visible")
    assert buttons.all_inner_texts() == ["Scan next"]
    assert (buttons.bounding_box() or {})["height"] >= 88
