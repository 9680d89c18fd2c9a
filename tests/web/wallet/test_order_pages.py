"""Before tickets go into a phone or out of one: the right person, proven just now; and what a booking shows then."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.cast import give_second_factor, make_user
from tests.fulfilment.wallet.phones import TestPhone, offer
from tests.gates.guests import make_event_tonight
from tests.gates.orders import make_order
from tests.signing_in import sign_in
from tests.web.proof import prove_freshly
from tmam.accounts.models import Freeze
from tmam.fulfilment.formats import FORMATS
from tmam.fulfilment.models import WalletOffer
from tmam.notifications.compose import compose_mail
from tmam.notifications.models import Mail
from tmam.orders.models import Order
from tmam.orders.order_links import sign_open_link
from tmam.platform.event_log import drain
from tmam.tickets.models import Ticket

pytestmark = pytest.mark.django_db
BOTH = {"ticket": ["1", "2"]}


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def order() -> Order:
    return make_order(make_event_tonight(now=datetime.now(UTC)), "Ana Ruiz", "Bea Ruiz")


@pytest.fixture
def guest(order: Order) -> Client:
    """Somebody who came by the link."""
    client = Client()
    open_link(client, order)
    return client


def open_link(client: Client, order: Order) -> None:
    client.get(f"/me/tickets/open/?t={sign_open_link(order)}")
    client.post("/me/tickets/opening/")


def path_of(order: Order, rest: str = "") -> str:
    return f"/me/orders/{order.booking_reference}/wallet/{rest}"


def mailed_code() -> str:
    return str(Mail.objects.filter(template="order_code").latest("id").context["code"])


def generations(order: Order) -> list[int]:
    return list(
        Ticket.objects.filter(event_id=order.event_id).order_by("serial").values_list("generation", flat=True)
    )


def test_a_guest_types_the_mailed_code_and_gets_one_for_the_phone(order: Order, guest: Client) -> None:
    page = guest.get(path_of(order))
    assert "What you downloaded or printed of them before stops working" in page.content.decode()
    asked = guest.post(path_of(order), BOTH)
    assert (asked.status_code, asked.url) == (302, path_of(order, "code/in/"))  # type: ignore[attr-defined]
    wrong = guest.post(path_of(order, "code/in/"), {"code": "12345x"})
    assert (wrong.status_code, "That is not the code" in wrong.content.decode()) == (422, True)
    answer = guest.post(path_of(order, "code/in/"), {"code": f" {mailed_code()} "})
    code = re.search(r"#add=(\w{10})", answer.content.decode())
    assert code is not None
    assert generations(order) == [0, 0]
    assert len(TestPhone().take(code[1])) == 2
    # The proof is good for some minutes: taking them out needs no second mail.
    assert (
        "only that phone can show its code"
        in guest.get(f"/me/orders/{order.booking_reference}/").content.decode()
    )
    out = guest.post(path_of(order, "out/"), BOTH, follow=True)
    assert "2 tickets are out of the phone" in out.content.decode()
    assert generations(order) == [2, 2]
    assert Mail.objects.filter(template="order_code").count() == 1


def test_three_wrong_codes_end_it_and_a_quarter_of_an_hour_has_a_few_mails(
    order: Order, guest: Client
) -> None:
    guest.post(path_of(order), BOTH)
    for _ in range(3):
        guest.post(path_of(order, "code/in/"), {"code": "000000"})
    late = guest.post(path_of(order, "code/in/"), {"code": mailed_code()})
    assert (late.status_code, late.url) == (302, path_of(order))  # type: ignore[attr-defined]
    assert not WalletOffer.objects.exists()
    sent = [guest.post(path_of(order), BOTH).status_code for _ in range(6)]
    assert sorted(set(sent)) == [302, 429]
    assert Mail.objects.filter(template="order_code").count() <= 6


def test_a_code_is_for_its_order_and_for_a_quarter_of_an_hour(order: Order, guest: Client) -> None:
    guest.post(path_of(order), BOTH)
    session = guest.session
    kept = session["mailed_codes"]["order_code"]
    kept["until"] -= timedelta(minutes=16).total_seconds()
    session["mailed_codes"] = {"order_code": kept}
    session.save()
    assert guest.post(path_of(order, "code/in/"), {"code": mailed_code()}).status_code == 302
    other = make_order(make_event_tonight(now=datetime.now(UTC)), "Cleo Paz")
    open_link(guest, other)
    guest.post(path_of(order), BOTH)
    assert guest.post(path_of(other, "code/in/"), {"code": mailed_code()}).status_code == 302
    assert not WalletOffer.objects.exists()


def test_the_owner_proves_it_as_everywhere_and_a_locked_account_moves_nothing(order: Order) -> None:
    owner = make_user(email=order.email)
    client = Client()
    sign_in(client, owner.email)
    asked = client.post(path_of(order), BOTH)
    assert asked.status_code == 302
    assert asked.url.startswith("/accounts/reauthenticate/")  # type: ignore[attr-defined]
    assert "move your tickets into a phone" in client.get(asked.url).content.decode()  # type: ignore[attr-defined]
    prove_freshly(client, owner)
    assert "#add=" in client.post(path_of(order), BOTH).content.decode()
    assert WalletOffer.objects.get().user_id == owner.pk
    Freeze.objects.create(user=owner, frozen_at=timezone.now())
    code = offer(order, owner.pk)
    phone = TestPhone()
    assert phone.post("take", phone.message("take", {"code": code})).json()["code"] == "accounts.frozen"
    assert generations(order) == [0, 0]


def test_being_a_guest_is_no_way_around_a_locked_account(order: Order, guest: Client) -> None:
    owner = make_user(email=order.email.upper())
    guest.post(path_of(order), BOTH)
    code = mailed_code()
    kept = offer(order, owner.pk)
    Freeze.objects.create(user=owner, frozen_at=timezone.now())
    for answer in (guest.post(path_of(order), BOTH), guest.post(path_of(order, "code/in/"), {"code": code})):
        assert (answer.status_code, "accounts.frozen" in answer.content.decode()) == (403, True)
    assert WalletOffer.objects.count() == 1
    phone = TestPhone()
    assert phone.post("take", phone.message("take", {"code": kept})).json()["code"] == "accounts.frozen"
    # Out of a phone they may come, but not by the mailbox alone: whoever is signed in may rescue them.
    Freeze.objects.update(thawed_at=timezone.now())
    TestPhone().take(offer(order, owner.pk))
    Freeze.objects.update(thawed_at=None)
    assert guest.post(path_of(order, "out/"), BOTH).url.startswith("/accounts/login/")  # type: ignore[attr-defined]
    signed_in = Client()
    signed_in.force_login(owner)
    prove_freshly(signed_in, owner)
    assert signed_in.post(path_of(order, "out/"), BOTH).status_code == 302
    assert generations(order) == [2, 2]


def test_a_guest_s_code_is_bound_to_the_account_of_the_address(order: Order, guest: Client) -> None:
    owner = make_user(email=order.email)
    guest.post(path_of(order), BOTH)
    guest.post(path_of(order, "code/in/"), {"code": mailed_code()})
    assert WalletOffer.objects.get().user_id == owner.pk


def test_a_mailed_code_is_not_enough_where_there_is_a_second_factor(order: Order, guest: Client) -> None:
    TestPhone().take(offer(order))
    guest.post(path_of(order), BOTH)
    owner = make_user(email=order.email)
    give_second_factor(owner)
    for path in (path_of(order), path_of(order, "out/"), path_of(order, "code/in/")):
        answer = guest.post(path, {"code": mailed_code()} | BOTH)
        assert (answer.status_code, answer.url.partition("?")[0]) == (302, "/accounts/login/")  # type: ignore[attr-defined]
    assert "asks for more than a code from a mail" in guest.get(answer.url).content.decode()  # type: ignore[attr-defined]
    guest.force_login(make_user())
    open_link(guest, order)
    other = guest.post(path_of(order), BOTH)
    assert (other.status_code, "fulfilment.wallet_owner" in other.content.decode()) == (403, True)
    assert not WalletOffer.objects.filter(taken_by=None).exists()


def test_guesses_are_counted_in_rows_not_in_the_session(order: Order, guest: Client) -> None:
    guest.post(path_of(order), BOTH)
    read_at_once = dict(guest.session)  # what requests that come at the same moment all see
    answers = []
    for _ in range(8):
        session = guest.session
        session.update(read_at_once)
        session.save()
        answers.append(guest.post(path_of(order, "code/in/"), {"code": "00000x"}).status_code)
    assert answers == [422] * 5 + [429] * 3
    session = guest.session
    session.update(read_at_once)
    session.save()
    assert guest.post(path_of(order, "code/in/"), {"code": mailed_code()}).status_code == 429


def test_one_ticket_goes_into_a_phone_and_the_rest_stays_for_a_file_or_another_phone(order: Order) -> None:
    owner = make_user(email=order.email)
    client = Client()
    sign_in(client, owner.email)
    prove_freshly(client, owner)
    page = client.get(path_of(order)).content.decode()
    assert page.count(" checked") == 2
    for nothing in ({}, {"ticket": ["3", "x", "", "1" * 5000]}):
        none = client.post(path_of(order), nothing)
        assert (none.status_code, "Tick at least one ticket" in none.content.decode()) == (422, True)
    chosen = client.post(path_of(order), {"ticket": "2"}).content.decode()
    assert "1 ticket goes into the phone. 1 stays as it is." in chosen
    first, second = TestPhone(), TestPhone()
    assert [each["serial"] for each in first.take(code_in(chosen))] == [2]
    assert generations(order) == [0, 1]
    base = f"/me/orders/{order.booking_reference}/"
    assert client.get(f"{base}tickets/1/files/html/").status_code == 200
    assert client.get(f"{base}tickets/2/files/html/").status_code == 409
    assert b"Ana Ruiz" in client.get(f"{base}files/html/").content
    # The rest is what is ticked now, and it goes into another phone.
    again = client.get(path_of(order)).content.decode()
    assert re.findall(r'value="(\d)" checked', again) == ["1"]
    assert "in a phone now (Chrome on Android)" in again
    assert [
        each["serial"]
        for each in second.take(code_in(client.post(path_of(order), {"ticket": "1"}).content.decode()))
    ] == [1]
    # Out again comes the one that is ticked, by its own link.
    out = client.get(path_of(order, "out/?ticket=2")).content.decode()
    assert re.findall(r'value="(\d)" checked', out) == ["2"]
    client.post(path_of(order, "out/"), {"ticket": "2"})
    assert generations(order) == [1, 2]


def test_what_was_ticked_is_kept_while_the_code_is_on_its_way(order: Order, guest: Client) -> None:
    guest.post(path_of(order), {"ticket": "2"})
    answer = guest.post(path_of(order, "code/in/"), {"code": mailed_code()})
    assert [each["serial"] for each in TestPhone().take(code_in(answer.content.decode()))] == [2]


def code_in(page: str) -> str:
    found = re.search(r"#add=(\w{10})", page)
    assert found is not None
    return found[1]


def test_files_of_tickets_in_a_phone_say_so(order: Order, guest: Client) -> None:
    TestPhone().take(offer(order))
    base = f"/me/orders/{order.booking_reference}/"
    for name, form in FORMATS.items():
        paths = [f"{base}tickets/1/files/{name}/", *([f"{base}files/{name}/"] if form.holds_many else [])]
        for path in paths:
            answer = guest.get(path)
            if name == "ics":
                assert answer.status_code == 200
            else:
                assert (answer.status_code, "tickets.bound_to_device" in answer.content.decode()) == (
                    409,
                    True,
                ), path
    assert "Move them to another phone" in guest.get(base).content.decode()
    assert guest.get(f"{base}download/").status_code in {200, 302, 404, 409}


def test_whoever_bought_them_is_told_once(order: Order) -> None:
    TestPhone().take(offer(order))
    drain()
    (mail,) = Mail.objects.filter(template="tickets_in_phone")
    message = compose_mail(mail, timezone.now())
    assert message.to == [order.email]
    assert "Chrome on Android" in message.body
    # A confirmation that goes out only now has no file to print.
    confirmation = Mail(
        template="order_confirmed",
        to=order.email,
        language="en",
        cause="late",
        id=1,
        context={"event_id": order.event_id, "order_id": str(order.id)},
    )
    assert [name for name, _, _ in compose_mail(confirmation, timezone.now()).attachments] == [
        f"tmam-{order.booking_reference}.ics"
    ]
