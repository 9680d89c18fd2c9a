"""The till as a browser without scripts sees it: every page, every outcome, every bad input."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

import msgspec
import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.cast import Type, make_event, make_seated_event, make_user
from tests.orders.buyers import hold
from tmam.catalog.models import Event
from tmam.catalog.sales_rules import SalesLimit
from tmam.inventory.holds import Hold, read_holds
from tmam.inventory.release_hold import release_hold
from tmam.orders.models import Checkout, CheckoutState
from tmam.orders.queries import load_basket, load_holds, orders_of
from tmam.orders.rules import MAX_PAYMENT_ATTEMPTS
from tmam.organizers.models import Organizer
from tmam.payments.adapters.sandbox import bank
from tmam.payments.models import Payment, Refund
from tmam.platform.statements import run_verb
from tmam.platform.visitors import COOKIE, sign_visitor

pytestmark = pytest.mark.django_db
ALL_PAGES = ["", "pay/", "wait/", "bank/", "done/"]
DETAILS = {"email": "maria@example.org", "name": "Maria Lopez"}


class Buyer:
    """A browser with a visitor's cookie."""

    def __init__(self) -> None:
        self.visitor_id = uuid4()
        self.client = Client()
        self.client.cookies[COOKIE] = sign_visitor(self.visitor_id, settings.SECRET_KEY)

    def hold(self, event: Event, quantities: dict[int, int] | None = None, *, age_minutes: int = 0) -> Hold:
        return hold(event, self.visitor_id, quantities, now=timezone.now() - timedelta(minutes=age_minutes))

    def add(self, event: Event, held: Hold, language: str = "en") -> HttpResponse:
        return self.client.get(
            "/checkout/add/", {"event": event.id, "hold": str(held.id), "language": language}
        )

    def take(self, event: Event, quantities: dict[int, int] | None = None) -> Checkout:
        self.add(event, self.hold(event, quantities))
        return self.checkout

    @property
    def checkout(self) -> Checkout:
        return Checkout.objects.filter(visitor_id=self.visitor_id).latest("opened_at")

    def url(self, page: str = "") -> str:
        return f"/checkout/{self.checkout.id}/{page}"

    def details(self, **changes: str) -> HttpResponse:
        return self.client.post(self.url(), DETAILS | changes)

    def pay(self, card: str = "approve", **changes: str) -> HttpResponse:
        page = self.client.get(self.url("pay/"))
        sent = {"method": card, "terms": "on"}
        if page.status_code == 200:
            sent |= hidden(page)
        return self.client.post(self.url("pay/"), sent | changes)


def hidden(page: HttpResponse) -> dict[str, str]:
    pattern = r'<input type="hidden" name="(seen_\w+)" value="([^"]*)"'
    return dict(re.findall(pattern, page.content.decode()))


@pytest.fixture
def buyer() -> Buyer:
    return Buyer()


@pytest.fixture
def event() -> Event:
    return make_event(now=timezone.now())


@pytest.fixture
def ready(buyer: Buyer, event: Event) -> Buyer:
    buyer.take(event)
    buyer.details()
    return buyer


def test_from_the_hold_to_the_tickets(buyer: Buyer, event: Event) -> None:
    answer = buyer.add(event, buyer.hold(event), language="es")
    assert (answer.status_code, answer["Location"]) == (302, "/checkout/")
    assert answer.cookies["tmam_language"].value == "es"
    assert answer.cookies["tmam_language"]["httponly"]
    buyer.client.cookies["tmam_language"] = "en"
    basket = buyer.client.get("/checkout/").content.decode()
    assert "Winter Lights" in basket
    assert "€90.00" in basket
    answer = buyer.details()
    assert answer["Location"] == buyer.url("pay/")
    assert "maria@example.org" in buyer.client.get(buyer.url("pay/")).content.decode()
    answer = buyer.pay()
    assert answer["Location"] == buyer.url("done/")
    done = buyer.client.get(buyer.url("done/")).content.decode()
    (order,) = orders_of(buyer.checkout)
    assert order.booking_reference in done
    assert "2 × General admission" in done
    assert buyer.client.get(f"/me/orders/{order.booking_reference}/").status_code == 200
    assert order.language == "en"


def test_two_events_are_one_payment_and_two_bookings(buyer: Buyer, event: Event) -> None:
    other = make_seated_event(now=timezone.now(), title={"en": "Chamber Music"})
    buyer.take(event)
    buyer.take(other)
    buyer.details()
    buyer.pay()
    done = buyer.client.get(buyer.url("done/")).content.decode()
    assert all(order.booking_reference in done for order in orders_of(buyer.checkout))
    assert Payment.objects.get(checkout_id=buyer.checkout.id).amount_minor == 18_000


def test_a_free_ticket_asks_for_no_card(buyer: Buyer) -> None:
    buyer.take(make_event(now=timezone.now(), types=(Type(price_minor=0),)))
    buyer.details()
    page = buyer.client.get(buyer.url("pay/"))
    assert b"test card" not in page.content
    assert buyer.pay("")["Location"] == buyer.url("done/")


def test_a_door_of_moving_codes_is_said_before_paying(buyer: Buyer, event: Event) -> None:
    said = "you need the ticket in a wallet on a phone"
    buyer.take(event)
    assert said not in buyer.client.get(buyer.url()).content.decode()
    Event.objects.filter(id=event.id).update(live_codes_only=True)
    assert said in buyer.client.get(buyer.url()).content.decode()


def test_personal_pages_are_kept_by_nobody(ready: Buyer) -> None:
    for address in ["/checkout/", *[ready.url(page) for page in ALL_PAGES]]:
        assert ready.client.get(address)["Cache-Control"] == "private, no-store"


def test_nobody_sees_anothers_checkout(ready: Buyer, event: Event) -> None:
    stranger, nobody = Buyer(), Client()
    for page in ALL_PAGES:
        for client in (stranger.client, nobody):
            answer = client.get(ready.url(page))
            assert (answer.status_code, b"orders.checkout_not_found" in answer.content) == (404, True)
    for page in ("remove/", "extend/", "drop-lost/", "stop/", "pay/", ""):
        data = {"event": str(event.id), "hold": str(uuid4()), **DETAILS}
        assert stranger.client.post(ready.url(page), data).status_code == 404
    assert ready.checkout.state == CheckoutState.OPEN


def test_a_forged_cookie_is_nobody(ready: Buyer) -> None:
    client = Client()
    client.cookies[COOKIE] = f"{ready.visitor_id.hex}.{'0' * 32}"
    assert client.get(ready.url()).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?event=1",
        "?event=x&hold=y",
        "?event=-1&hold=0",
        "?event=99999999999999&hold=" + str(UUID(int=1)),
        "?event=1&hold=" + str(UUID(int=1)),
    ],
)
def test_what_names_no_hold_is_not_found(buyer: Buyer, query: str) -> None:
    answer = buyer.client.get("/checkout/add/" + query)
    assert (answer.status_code, b"inventory.hold_not_found" in answer.content) == (404, True)


def test_somebody_elses_hold_is_not_found(buyer: Buyer, event: Event) -> None:
    answer = Buyer().add(event, buyer.hold(event))
    assert (answer.status_code, b"inventory.hold_not_found" in answer.content) == (404, True)


def test_a_hold_that_ran_out_leads_back_to_its_event(buyer: Buyer, event: Event) -> None:
    answer = buyer.add(event, buyer.hold(event, age_minutes=11))
    assert answer.status_code == 410
    assert f"/en/e/{event.id}-winter-lights/" in answer.content.decode()
    assert b"inventory.hold_expired" in answer.content


def test_the_wrong_method_is_told(ready: Buyer) -> None:
    assert ready.client.post("/checkout/").status_code == 405
    for page in ("remove/", "extend/", "drop-lost/", "stop/"):
        assert ready.client.get(ready.url(page)).status_code == 405


def test_forms_need_their_token(ready: Buyer) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies[COOKIE] = sign_visitor(ready.visitor_id, settings.SECRET_KEY)
    for page in ("", "pay/", "remove/", "extend/"):
        answer = strict.post(ready.url(page), DETAILS)
        assert (answer.status_code, b"platform.cross_site" in answer.content) == (403, True)


def test_an_empty_basket_teaches(buyer: Buyer) -> None:
    for client in (buyer.client, Client()):
        assert b"Nothing here yet" in client.get("/checkout/").content


def test_removing_and_more_time(buyer: Buyer, event: Event) -> None:
    held = buyer.hold(event)
    buyer.add(event, held)
    for _ in range(2):  # the second click finds nothing left to extend
        assert buyer.client.post(buyer.url("extend/"), {"back": "pay"})["Location"] == buyer.url("pay/")
    assert run_verb(read_holds(event.id, [held.id]))[held.id].extensions == 1
    assert b"I need more time" not in buyer.client.get("/checkout/").content
    for _ in range(2):
        answer = buyer.client.post(buyer.url("remove/"), {"event": event.id, "hold": held.id})
        assert answer["Location"] == "/checkout/"
    assert run_verb(read_holds(event.id, [held.id]))[held.id].state == "released"
    assert b"Nothing here yet" in buyer.client.get("/checkout/").content


def test_more_time_while_typing_loses_nothing(buyer: Buyer, event: Event) -> None:
    buyer.take(event)
    page = buyer.details(email="half@typ", name="", extend="1").content.decode()
    assert 'value="half@typ"' in page
    assert "field--error" not in page
    assert "You have more time now." in page


def test_what_ran_out_is_explained_and_the_rest_goes_on(buyer: Buyer, event: Event) -> None:
    buyer.take(event)
    gone = make_event(now=timezone.now(), title={"en": "Gone With the Clock"})
    held = buyer.hold(gone)
    buyer.add(gone, held)
    run_verb(release_hold(gone.id, held.id, buyer.visitor_id, timezone.now()))
    buyer.details()
    assert buyer.client.get(buyer.url("pay/"))["Location"] == "/checkout/"
    basket = buyer.client.get("/checkout/").content.decode()
    assert "Gone With the Clock" in basket
    assert "Continue with the rest" in basket
    assert buyer.client.post(buyer.url("drop-lost/"))["Location"] == buyer.url()
    assert buyer.pay()["Location"] == buyer.url("done/")


def test_when_everything_ran_out_nothing_is_charged(ready: Buyer) -> None:
    seen = hidden(ready.client.get(ready.url("pay/")))
    for row in ready.checkout.holds.all():
        run_verb(release_hold(row.event_id, row.hold_id, ready.visitor_id, timezone.now()))
    answer = ready.client.post(ready.url("pay/"), {"method": "approve", "terms": "on", **seen})
    assert answer["Location"] == "/checkout/"
    assert b"You have not been charged" in ready.client.get("/checkout/").content
    assert ready.client.get(ready.url())["Location"] == "/checkout/"
    assert not Payment.objects.filter(checkout_id=ready.checkout.id).exists()
    assert ready.client.post(ready.url("drop-lost/"))["Location"] == "/checkout/"
    assert b"Nothing here yet" in ready.client.get("/checkout/").content


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"email": ""}, "Enter the e-mail address for your tickets"),
        ({"email": "maria"}, "Enter an e-mail address like name@example.com"),
        ({"name": " "}, "Enter a name"),
        ({"name": "x" * 101}, "Shorten the name"),
        ({"name": "x" * 5000}, "300 characters"),
        ({"name": "<b>"}, "Enter the name with letters"),
    ],
)
def test_wrong_details_come_back_with_words(
    buyer: Buyer, event: Event, typed: dict[str, str], words: str
) -> None:
    buyer.take(event)
    answer = buyer.details(**typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count(words) == 2  # in the summary and at the field
    assert "<title>Error: " in page
    assert buyer.checkout.email == ""


def test_a_mistyped_domain_is_questioned_and_may_be_kept(buyer: Buyer, event: Event) -> None:
    buyer.take(event)
    page = buyer.details(email="maria@gmial.com")
    assert page.status_code == 422
    assert "Did you mean maria@gmail.com?" in page.content.decode()
    asked = {"email": "maria@gmial.com", "email_asked": "maria@gmial.com"}
    half = buyer.details(**asked, email_answer="typed", name="")
    assert half.content.decode().count("checked") == 1  # the answer is kept while something else is wrong
    assert buyer.details(**asked, email_answer="typed").status_code == 302
    assert buyer.checkout.email == "maria@gmial.com"
    assert buyer.details(**asked, email_answer="suggested").status_code == 302
    assert buyer.checkout.email == "maria@gmail.com"


def test_an_answer_counts_for_the_address_it_was_about(buyer: Buyer, event: Event) -> None:
    buyer.take(event)
    answer = buyer.details(email="maria@hotmial.com", email_asked="maria@gmial.com", email_answer="typed")
    assert answer.status_code == 422
    assert "Did you mean maria@hotmail.com?" in answer.content.decode()


def test_names_and_documents(buyer: Buyer) -> None:
    types = (Type(name="Named", asks_name=True), Type(name="Bound", asks_document=True))
    event = make_event(now=timezone.now(), types=types)
    buyer.take(event, {1: 1, 2: 1})
    first, second = load_basket(buyer.checkout, timezone.now()).places
    typed = {f"name-{first.key}": "", f"name-{second.key}": "Luis Gil"}
    missing = buyer.details(**typed).content.decode()
    assert missing.count("Enter the number of the ID card or passport") == 2
    typed |= {f"same-{first.key}": "on", f"document-{second.key}": "12.345.678-z"}
    assert buyer.details(**typed).status_code == 302
    again = buyer.client.get(buyer.url()).content.decode()
    assert "12345678" not in again
    assert "it ends in 78Z" in again
    assert buyer.details(**typed | {f"document-{second.key}": ""}).status_code == 302
    buyer.pay()
    done = buyer.client.get(buyer.url("done/")).content.decode()
    assert "Maria Lopez" in done
    assert "Luis Gil" in done


def test_a_signed_in_buyer_types_less(buyer: Buyer, event: Event) -> None:
    user = make_user("ana@buyers.example", name="Ana Gil")
    buyer.client.force_login(user)
    buyer.take(event)
    page = buyer.client.get(buyer.url()).content.decode()
    assert 'value="ana@buyers.example"' in page
    buyer.details()
    assert buyer.checkout.user_id == user.pk
    assert buyer.pay().status_code == 302
    assert b"Make an account" not in buyer.client.get(buyer.url("done/")).content


@pytest.mark.parametrize(
    ("sent", "words"),
    [({"method": ""}, "Choose how you want to pay"), ({"terms": ""}, "Accept the terms to buy")],
)
def test_card_and_terms_are_asked_for(ready: Buyer, sent: dict[str, str], words: str) -> None:
    answer = ready.pay(**sent)
    assert answer.status_code == 422
    assert answer.content.decode().count(words) == 2
    assert not Payment.objects.filter(checkout_id=ready.checkout.id).exists()


@pytest.mark.parametrize(
    "total", ["1 EUR", "9000 USD", "", "x", "-9000 EUR", "９０００ EUR", "9000", "9" * 40]
)
def test_a_price_that_was_not_shown_is_not_charged(ready: Buyer, total: str) -> None:
    answer = ready.pay(seen_total=total)
    assert (answer.status_code, b"orders.basket_changed" in answer.content) == (409, True)
    assert not Payment.objects.filter(checkout_id=ready.checkout.id).exists()


def test_terms_that_changed_must_be_seen_again(ready: Buyer) -> None:
    seen = hidden(ready.client.get(ready.url("pay/")))
    Organizer.objects.all().update(terms_version="2")
    answer = ready.client.post(ready.url("pay/"), {"method": "approve", "terms": "on", **seen})
    assert (answer.status_code, b"orders.terms_not_accepted" in answer.content) == (400, True)
    assert ready.pay()["Location"] == ready.url("done/")
    assert "2" in ready.checkout.terms_versions.values()


def test_a_called_off_event_is_not_charged(ready: Buyer, event: Event) -> None:
    Event.objects.filter(id=event.id).update(status="cancelled")
    answer = ready.pay()
    assert (answer.status_code, b"inventory.not_on_sale" in answer.content) == (409, True)


def test_paying_before_naming_leads_to_the_details(buyer: Buyer, event: Event) -> None:
    buyer.take(event)
    assert buyer.client.get(buyer.url("pay/"))["Location"] == buyer.url()
    answer = buyer.client.post(
        buyer.url("pay/"),
        {"method": "approve", "terms": "on", "seen_total": "9000 EUR", "seen_terms": "platform=1"},
    )
    assert answer["Location"] == buyer.url()


def test_a_refused_card(ready: Buyer) -> None:
    assert ready.pay("decline")["Location"] == ready.url("pay/")
    page = ready.client.get(ready.url("pay/")).content.decode()
    assert "not enough money" in page
    assert "You have not been charged" in page
    assert ready.pay()["Location"] == ready.url("done/")


def test_a_card_nobody_knows_is_refused(ready: Buyer) -> None:
    assert ready.pay("4242424242424242")["Location"] == ready.url("pay/")


def test_a_basket_is_not_for_trying_cards(ready: Buyer) -> None:
    for _ in range(MAX_PAYMENT_ATTEMPTS):
        ready.pay("decline")
    answer = ready.pay()
    assert (answer.status_code, b"orders.too_many_attempts" in answer.content) == (429, True)


def test_the_bank_asks_and_the_buyer_confirms(ready: Buyer) -> None:
    seen = hidden(ready.client.get(ready.url("pay/")))
    to_bank = ready.pay("confirm")["Location"]
    again = ready.client.post(ready.url("pay/"), {"method": "approve", "terms": "on", **seen})
    assert again["Location"] == ready.url("wait/")
    page = ready.client.get(to_bank)
    assert "€90.00" in page.content.decode()
    back = ready.client.post(to_bank, {"answer": "approve"})["Location"]
    assert back == f"http://testserver{ready.url('bank/')}"
    for _ in range(3):  # the bank's answer, replayed
        assert ready.client.get(back)["Location"] == ready.url("done/")
    assert b"This is decided already" in ready.client.get(to_bank).content
    ready.client.post(to_bank, {"answer": "cancel"})
    assert len(orders_of(ready.checkout)) == 1


def test_the_bank_asks_and_the_buyer_cancels(ready: Buyer) -> None:
    to_bank = ready.pay("confirm")["Location"]
    back = ready.client.post(to_bank, {"answer": "cancel"})["Location"]
    assert ready.client.get(back)["Location"] == ready.url("pay/")
    assert b"You cancelled it" in ready.client.get(ready.url("pay/")).content


def test_coming_back_undecided_offers_both_ways(ready: Buyer) -> None:
    to_bank = ready.pay("confirm")["Location"]
    assert ready.client.get(ready.url("bank/"))["Location"] == ready.url("wait/")
    page = ready.client.get(ready.url("wait/")).content.decode()
    assert to_bank in page
    assert "Pay another way" in page
    assert ready.client.post(ready.url("stop/"))["Location"] == ready.url("pay/")
    assert ready.pay()["Location"] == ready.url("done/")
    assert Payment.objects.filter(checkout_id=ready.checkout.id, state="approved").count() == 1


def test_the_address_back_from_the_bank_proves_nothing(ready: Buyer) -> None:
    ready.pay("confirm")
    ready.client.get(ready.url("bank/"), {"status": "approved", "payment": str(uuid4())})
    assert ready.checkout.state == CheckoutState.PAYING
    assert not orders_of(ready.checkout)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_made_up_payment_is_not_found(ready: Buyer, method: str) -> None:
    answer = getattr(ready.client, method)(f"/sandbox-bank/{uuid4()}/")
    assert (answer.status_code, b"payments.payment_not_found" in answer.content) == (404, True)


def test_the_bank_takes_no_other_answer(ready: Buyer) -> None:
    to_bank = ready.pay("confirm")["Location"]
    assert ready.client.post(to_bank, {"answer": "steal"}).status_code == 400


def test_a_lost_answer_is_told_plainly(ready: Buyer) -> None:
    assert ready.pay("lost")["Location"] == ready.url("wait/")
    page = ready.client.get(ready.url("wait/")).content.decode()
    assert "may or may not have left" in page
    assert "don&#x27;t pay again" in page or "don't pay again" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    for address in ("", "pay/"):
        assert ready.client.get(ready.url(address))["Location"] == ready.url("wait/")
    assert b"A payment is on its way" in ready.client.get("/checkout/").content
    refused = ready.client.post(ready.url("extend/"))
    assert (refused.status_code, b"orders.payment_running" in refused.content) == (409, True)
    Payment.objects.update(asked_at=timezone.now() - timedelta(minutes=1))
    assert ready.client.get(ready.url("wait/"))["Location"] == ready.url("done/")


def test_after_the_end_every_address_leads_to_the_tickets(ready: Buyer) -> None:
    seen = hidden(ready.client.get(ready.url("pay/")))
    ready.pay()
    for page in ("", "pay/", "wait/", "bank/"):
        assert ready.client.get(ready.url(page))["Location"] == ready.url("done/")
    again = ready.client.post(ready.url("pay/"), {"method": "approve", "terms": "on", **seen})
    assert again["Location"] == ready.url("done/")
    assert ready.details()["Location"] == ready.url("done/")
    row = ready.checkout.holds.get()
    added = ready.client.get("/checkout/add/", {"event": row.event_id, "hold": str(row.hold_id)})
    assert added["Location"] == ready.url("done/")
    gone = ready.client.post(ready.url("remove/"), {"event": row.event_id, "hold": row.hold_id})
    assert (gone.status_code, b"orders.checkout_closed" in gone.content) == (409, True)
    assert len(orders_of(ready.checkout)) == 1


def test_before_the_end_there_is_no_confirmation(ready: Buyer) -> None:
    assert ready.client.get(ready.url("done/"))["Location"] == ready.url("pay/")


def test_paid_but_gone_is_told_with_the_money(ready: Buyer) -> None:
    ready.pay("confirm")
    (row,) = ready.checkout.holds.all()
    run_verb(release_hold(row.event_id, row.hold_id, ready.visitor_id, timezone.now()))
    payment = Payment.objects.get(checkout_id=ready.checkout.id)
    bank.decide(payment.id, approve=True)
    assert ready.client.get(ready.url("bank/"))["Location"] == ready.url("done/")
    page = ready.client.get(ready.url("done/")).content.decode()
    assert "We could not book your tickets" in page
    assert "€90.00 goes back" in page
    assert Refund.objects.filter(payment=payment).count() == 1


def test_a_huge_form_is_refused(ready: Buyer) -> None:
    answer = ready.client.post(ready.url(), DETAILS | {"name": "x" * 300_000})
    assert (answer.status_code, b"platform.too_large" in answer.content) == (413, True)


def test_in_production_the_sandbox_is_no_till(ready: Buyer, settings: Settings) -> None:
    sent = hidden(ready.client.get(ready.url("pay/"))) | {"method": "approve", "terms": "on"}
    to_bank = ready.pay("confirm")["Location"]
    ready.client.post(ready.url("stop/"))
    settings.TMAM = msgspec.structs.replace(settings.TMAM, mode="production")
    expires_at = {held.expires_at for held in load_holds(ready.checkout.holds.all()).values()}
    for answer in (ready.client.get(ready.url("pay/")), ready.client.post(ready.url("pay/"), sent)):
        assert (answer.status_code, b"payments.no_gateway" in answer.content) == (503, True)
    assert {held.expires_at for held in load_holds(ready.checkout.holds.all()).values()} == expires_at
    assert ready.checkout.state == CheckoutState.OPEN
    for method in ("get", "post"):
        answer = getattr(ready.client, method)(to_bank, {"answer": "approve"})
        assert (answer.status_code, b"payments.payment_not_found" in answer.content) == (404, True)


def test_in_production_free_tickets_need_no_gateway(buyer: Buyer, settings: Settings) -> None:
    settings.TMAM = msgspec.structs.replace(settings.TMAM, mode="production")
    buyer.take(make_event(now=timezone.now(), types=(Type(price_minor=0),)))
    buyer.details()
    assert buyer.pay()["Location"] == buyer.url("done/")
    assert len(orders_of(buyer.checkout)) == 1


def limit(event: Event, kind: str, most: int = 3) -> None:
    SalesLimit.objects.create(event=event, kind=kind, most=most)


def test_an_address_over_its_limit_is_told_at_its_field_and_nothing_is_lost(event: Event) -> None:
    limit(event, "email")
    first, second = Buyer(), Buyer()
    first.take(event)
    first.details()
    second.take(event)
    answer = second.details(name="Luis Prado")
    words = answer.content.decode()
    assert answer.status_code == 409
    assert '<a href="#id_email">One person, card or connection can have at most 3 tickets' in words
    assert 'id="id_email_error"' in words
    assert 'value="Luis Prado"' in words
    assert "inventory.limit_reached" in words
    assert "Your tickets are still reserved." in words
    (held,) = load_holds(second.checkout.holds.all()).values()
    assert held.is_live(timezone.now())
    assert second.details(email="luis@example.org").status_code == 302


def test_a_phone_is_asked_only_where_an_event_limits_it(buyer: Buyer, event: Event) -> None:
    buyer.take(event)
    assert 'name="phone"' not in buyer.client.get(buyer.url()).content.decode()
    limit(event, "phone")
    assert 'autocomplete="tel"' in buyer.client.get(buyer.url()).content.decode()
    for typed, told in (
        ("", "Enter your phone number"),
        ("600 123 456", "country&#x27;s code, like"),
        ("+34 6", "Enter a phone number like"),
    ):
        answer = buyer.details(phone=typed)
        assert answer.status_code == 422
        assert told in answer.content.decode()
    assert buyer.details(phone="0034 600 123 456").status_code == 302
    assert buyer.checkout.phone == "+34600123456"
    assert 'value="+34600123456"' in buyer.client.get(buyer.url()).content.decode()
    other = Buyer()
    other.take(event)
    assert 'id="id_phone_error"' in other.details(phone="+34600123456").content.decode()


def test_an_account_over_its_limit_is_told_at_the_basket_and_refused_at_the_details(event: Event) -> None:
    limit(event, "account")
    person = make_user()
    for number in range(2):
        buyer = Buyer()
        buyer.client.force_login(person)
        buyer.client.cookies[COOKIE] = sign_visitor(buyer.visitor_id, settings.SECRET_KEY)
        buyer.take(event)
        basket = buyer.client.get("/checkout/").content.decode()
        assert ("at most 3 tickets" in basket) == (number == 1)
        assert "€90.00" in basket
    answer = buyer.details()
    assert answer.status_code == 409
    assert "<li>One person, card or connection" in answer.content.decode()


def test_a_card_over_its_limit_pays_nothing_and_another_card_does(event: Event) -> None:
    limit(event, "card")
    buyers = [Buyer(), Buyer()]
    for number, each in enumerate(buyers):
        each.take(event)
        each.details(email=f"buyer{number}@example.org")
    first, second = buyers
    assert first.pay()["Location"] == first.url("done/")
    answer = second.pay()
    words = answer.content.decode()
    assert answer.status_code == 409
    assert '<a href="#id_method_0">One person, card or connection' in words
    assert "your tickets are still reserved" in words
    assert "Another card that works" in words
    assert Payment.objects.get(checkout_id=second.checkout.id).decline_reason == "card_limit"
    again = second.client.get(second.url("pay/")).content.decode()
    assert "would have more than one card may have" in again
    assert "ask your bank" not in again
    assert second.pay("approve-2")["Location"] == second.url("done/")


def test_a_limit_names_its_event_where_the_basket_has_several(buyer: Buyer, event: Event) -> None:
    other = make_event(now=timezone.now(), title={"en": "Chamber Music"}, organizer=event.organizer)
    limit(other, "email", 1)
    buyer.take(event)
    buyer.take(other)
    assert "Chamber Music: One person, card" in buyer.details().content.decode()
