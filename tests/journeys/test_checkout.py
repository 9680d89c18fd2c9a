"""A buyer at the till, in a real browser: with a thumb on a phone, by keyboard alone, without scripts, in two tabs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.cast import Type, make_event
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import Stack
from tests.orders.buyers import hold
from tmam.catalog.models import Event
from tmam.orders.models import Checkout, Order
from tmam.payments.models import Payment
from tmam.platform.visitors import COOKIE, sign_visitor

Browse = Callable[..., Page]
# Changing the theme fades colours: look when they have arrived. (Endless ones, such as a spinner, don't.)
SETTLED = """Promise.allSettled(document.getAnimations()
    .filter(each => each.effect.getTiming().iterations !== Infinity).map(each => each.finished))"""


def arrive(page: Page, origin: str, *events: Event, language: str = "en") -> UUID:
    """Come from the event's page, where the hot shell has just reserved two tickets of each event."""
    visitor_id = uuid4()
    cookie = sign_visitor(visitor_id, settings.SECRET_KEY)
    page.context.add_cookies([{"name": COOKIE, "value": cookie, "url": origin}])
    for event in events:
        held = hold(event, visitor_id, {1: 2}, now=timezone.now())
        page.goto(f"/checkout/add/?event={event.id}&hold={held.id}&language={language}")
    return visitor_id


def look(page: Page, *, scheme: Literal["light", "dark"] = "light") -> None:
    """Accessible, and nothing hangs over the edge from the smallest phone to a desk."""
    page.emulate_media(color_scheme=scheme)
    page.evaluate(SETTLED)
    assert_accessible(page)
    for width in (320, 1280, 375):
        page.set_viewport_size({"width": width, "height": 760})
        assert page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        ), width


def event_of(now: datetime | None = None, **fields: object) -> Event:
    return make_event(now=now or timezone.now(), **fields)  # type: ignore[arg-type]


def fill_details(page: Page, email: str = "maria@example.org") -> None:
    page.get_by_role("link", name="Continue", exact=True).click()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Your full name").fill("Maria Lopez")
    page.get_by_role("button", name="Continue to payment").click()


def choose_and_pay(page: Page, card: str) -> None:
    page.get_by_label(card).check()
    page.get_by_label("I accept the terms").check()
    page.get_by_role("button", name="Pay €").click()


def test_a_purchase_with_every_stumble(browse: Browse, stack: Stack) -> None:
    page = browse()
    arrive(page, stack.origin, event_of(), event_of(title={"en": "Chamber Music"}, slug="chamber"))
    expect(page.get_by_role("heading", name="Your basket")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Continue", exact=True).click()
    look(page, scheme="dark")
    page.get_by_role("button", name="Continue to payment").click()
    expect(page.locator(".error-summary")).to_be_focused()
    look(page)
    page.get_by_label("E-mail address").fill("maria@gmial.com")
    page.get_by_label("Your full name").fill("Maria Lopez")
    page.get_by_role("button", name="Continue to payment").click()
    expect(page.get_by_text("Did you mean maria@gmail.com?")).to_be_visible()
    look(page, scheme="dark")
    page.get_by_label("Yes, send them to maria@gmail.com").check()
    page.get_by_role("button", name="Continue to payment").click()
    expect(page.get_by_role("heading", name="Check and pay")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Pay €180.00").click()
    look(page, scheme="dark")
    choose_and_pay(page, "A card without enough money")
    expect(page.get_by_text("You have not been charged")).to_be_visible()
    look(page)
    choose_and_pay(page, "A card whose bank asks you to confirm")
    expect(page.get_by_role("heading", name="Confirm your payment")).to_be_visible()
    look(page, scheme="dark")
    page.go_back()
    expect(page.get_by_role("link", name="Continue at your bank")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Continue at your bank").click()
    page.get_by_role("button", name="Confirm €180.00").click()
    expect(page.get_by_role("heading", name="You're going")).to_be_visible()
    look(page, scheme="dark")
    page.go_back()
    page.reload()
    assert Order.objects.filter(email="maria@gmail.com").count() >= 2
    page.goto("/checkout/")
    expect(page.get_by_text("Nothing here yet")).to_be_visible()
    look(page)


def test_an_answer_that_got_lost_arrives_by_itself(browse: Browse, stack: Stack) -> None:
    page = browse()
    arrive(page, stack.origin, event_of())
    fill_details(page)
    choose_and_pay(page, "A card whose answer gets lost on the way")
    expect(page.get_by_text("The money may or may not have left your account")).to_be_visible()
    look(page, scheme="dark")
    expect(page.get_by_role("heading", name="You're going")).to_be_visible(timeout=40_000)


def test_by_keyboard_alone(browse: Browse, stack: Stack) -> None:
    page = browse(viewport={"width": 1280, "height": 800})
    arrive(page, stack.origin, event_of(types=(Type(name="Named", asks_name=True),)))

    def walk_to(words: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            found = page.evaluate(
                "words => { const e = document.activeElement; const l = e.labels?.[0]?.innerText ?? e.innerText ?? '';"
                " return l.includes(words) && e.matches(':focus-visible') }",
                words,
            )
            if found:
                return
        pytest.fail(f"Tab never reaches {words}")

    walk_to("Continue")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your details")).to_be_visible()
    walk_to("E-mail address")
    page.keyboard.type("maria@example.org")
    walk_to("Your full name")
    page.keyboard.type("Maria Lopez")
    walk_to("This ticket is for me")
    page.keyboard.press("Space")
    walk_to("Full name")
    page.keyboard.type("Luis Gil")
    page.keyboard.press("Enter")  # goes on, and is not taken for the button above that gives more time
    expect(page.get_by_role("heading", name="Check and pay")).to_be_visible()
    walk_to("A card that works")
    page.keyboard.press("Space")
    walk_to("I accept the terms")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="You're going")).to_be_visible()
    expect(page.get_by_text("Maria Lopez")).to_be_visible()
    walk_to("Download PDF")


def test_without_scripts(browse: Browse, stack: Stack) -> None:
    page = browse(java_script_enabled=False)
    arrive(page, stack.origin, event_of(types=(Type(name="Named", asks_name=True),)))
    page.get_by_role("button", name="I need more time").click()
    expect(page.get_by_text("You have more time now")).to_be_visible()
    page.get_by_role("link", name="Continue", exact=True).click()
    page.get_by_label("E-mail address").fill("maria@example.org")
    page.get_by_label("Your full name").fill("Maria Lopez")
    page.get_by_label("This ticket is for me").check()
    page.get_by_label("Full name", exact=True).last.fill("Luis Gil")
    page.get_by_role("button", name="Continue to payment").last.click()
    choose_and_pay(page, "A card whose answer gets lost on the way")
    expect(page.get_by_role("heading", name="You're going")).to_be_visible(timeout=40_000)


def test_in_two_tabs_it_is_paid_once(browse: Browse, stack: Stack) -> None:
    first = browse()
    visitor_id = arrive(first, stack.origin, event_of())
    fill_details(first)
    second = first.context.new_page()
    second.goto(first.url)
    choose_and_pay(first, "A card that works")
    choose_and_pay(second, "A card that works")
    for page in (first, second):
        expect(page.get_by_role("heading", name="You're going")).to_be_visible()
    checkout = Checkout.objects.get(visitor_id=visitor_id)
    assert Payment.objects.filter(checkout_id=checkout.id).count() == 1


def test_in_spanish(browse: Browse, stack: Stack) -> None:
    page = browse()
    arrive(page, stack.origin, event_of(), language="es")
    assert page.locator("html").get_attribute("lang") == "es"
    expect(page.get_by_role("link", name="Luces de invierno")).to_be_visible()
    expect(page.get_by_text("90,00 €").first).to_be_visible()
