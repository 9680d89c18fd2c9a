"""The forms in which a booking can be fetched here, each with its words and addresses, and the one that suits best."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from tmam.fulfilment.devices import Device, device_of, suiting_form
from tmam.fulfilment.formats import FORMATS
from tmam.fulfilment.google.account import is_google_offered
from tmam.orders.order_summary import OrderSummary, TicketLine
from tmam.web.me.form_words import FORM_WORDS, GROUPS, FormWords, Group

# Whose codes move: an event that admits nothing else is offered in these only.
LIVE_FORMS: Final = frozenset({"google", "wallet"})


@dataclass(frozen=True)
class OneTicket:
    """One ticket in one form: its number on the page, its line, where it is fetched."""

    number: int
    line: TicketLine
    href: str
    file: str


@dataclass(frozen=True)
class Offer:
    """One form of this booking. `href` fetches all tickets at once; empty if the form holds one and there are more.

    `file` is the file's own address, for asking how far it is. `tickets` are empty where there is only one.
    """

    name: str
    words: FormWords
    href: str
    file: str
    is_heavy: bool
    tickets: Sequence[OneTicket] = ()


@dataclass(frozen=True)
class OfferGroup:
    """Offers that belong together."""

    name: Group
    title: Promise
    offers: Sequence[Offer]


@dataclass(frozen=True)
class Proposal:
    """What the one button says on this device. `offer` is None when there is nothing to fetch.

    `second` is what a Mac or an iPad that calls itself a Mac may want instead.
    """

    device: Device
    offer: Offer | None
    second: Offer | None = None
    is_remembered: bool = False


def offers_of(order: OrderSummary) -> list[Offer]:
    """Every form that this booking can be had in now, in the order of `FORM_WORDS`."""
    reference = order.order.booking_reference
    lines = loose_lines(order)
    is_alone = len(order.valid_lines) == 1
    is_live_only = order.event.live_codes_only
    offers: dict[str, Offer] = {}
    for name in FORMATS.keys() & FORM_WORDS.keys() if lines else ():
        if not is_live_only or name == "ics":
            offers[name] = _file_offer(reference, name, lines, is_alone=is_alone)
    if lines and is_google_offered(settings.TMAM):
        offers["google"] = _page_offer("google", reverse("me_google", args=(reference,)))
    wallet = _address("me_wallet", reference)
    if order.valid_lines and wallet:
        offers["wallet"] = _page_offer("wallet", wallet)
    return [offers[name] for name in FORM_WORDS if name in offers]


def _page_offer(name: str, address: str) -> Offer:
    return Offer(name, FORM_WORDS[name], address, "", is_heavy=False)


def loose_lines(order: OrderSummary) -> list[TicketLine]:
    """The tickets that a file can carry: they admit somebody and are bound to no device."""
    return [line for line in order.valid_lines if line.ticket.device_key is None]


def grouped(offers: Iterable[Offer]) -> list[OfferGroup]:
    """The offers by what they are for; groups without any are left out."""
    listed = list(offers)
    groups = [
        OfferGroup(name, title, [offer for offer in listed if offer.words.group == name])
        for name, title in GROUPS.items()
    ]
    return [group for group in groups if group.offers]


def proposal(request: HttpRequest, offers: Sequence[Offer]) -> Proposal:
    """What to put on the one button for the browser of this request."""
    device = device_of(request.headers.get("User-Agent", ""), request.headers.get("Sec-CH-UA-Platform", ""))
    by_name = {offer.name: offer for offer in offers}
    remembered = request.COOKIES.get(settings.FORM_COOKIE_NAME, "")
    chosen = suiting_form(device, by_name, remembered)
    may_be_ipad = device.system == "mac" and device.is_safari and chosen != "pkpass"
    return Proposal(
        device,
        by_name.get(chosen),
        by_name.get("pkpass") if may_be_ipad else None,
        is_remembered=bool(chosen) and chosen == remembered,
    )


def _file_offer(reference: str, name: str, lines: Sequence[TicketLine], *, is_alone: bool) -> Offer:
    form = FORMATS[name]
    is_one_file = form.holds_many or is_alone
    href = reverse("me_order_take", args=(reference, name)) if is_one_file else ""
    file = reverse("me_order_file", args=(reference, name)) if is_one_file else ""
    several = [] if is_alone or name == "ics" else lines
    tickets = [
        OneTicket(
            number,
            line,
            f"{reverse('me_order_take', args=(reference, name))}?ticket={line.ticket.serial}",
            reverse("me_ticket_file", args=(reference, line.ticket.serial, name)),
        )
        for number, line in enumerate(several, start=1)
    ]
    return Offer(name, FORM_WORDS[name], href, file, form.is_heavy, tickets)


def _address(route: str, reference: str) -> str:
    """Where a page of a booking is, or nothing where this installation has none."""
    try:
        return reverse(route, args=(reference,))
    except NoReverseMatch:
        return ""
