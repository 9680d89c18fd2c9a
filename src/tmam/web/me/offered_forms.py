"""The forms in which a booking can be fetched here, each with its words and addresses, and the one that suits best."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from tmam.delivery.apple.package import MAX_PASSES_PER_BUNDLE
from tmam.delivery.apple.site_certificate import apple_certificate
from tmam.delivery.packs import MAX_FILES_PER_PACK
from tmam.delivery.printed import MAX_TICKETS_PER_FILE
from tmam.fulfilment.devices import Device, device_of, suiting_form
from tmam.fulfilment.formats import FORMATS, FileFormat
from tmam.fulfilment.google.account import is_google_offered
from tmam.gates.uses import TicketUse, uses_of
from tmam.orders.order_summary import OrderSummary, TicketLine
from tmam.platform.statements import read_verb
from tmam.web.me.form_words import DEVELOPMENT_PASS, FORM_WORDS, GROUPS, FormWords, Group

# Older ones open one pass at a time.
_IOS_WITH_BUNDLES: Final = 16


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

    `file` is the file's own address, for asking how far it is. `tickets` are empty where there is only one, and where
    nobody asked for them.
    `is_packed`: all tickets at once are a ZIP with a file of each. `remark` is what must be known of this form on this site, or nothing.
    """

    name: str
    words: FormWords
    href: str
    file: str
    is_heavy: bool
    tickets: Sequence[OneTicket] = ()
    remark: Promise | str = ""
    is_packed: bool = False


@dataclass(frozen=True)
class OfferGroup:
    """Offers that belong together."""

    name: Group
    title: Promise
    offers: Sequence[Offer]


@dataclass(frozen=True)
class Proposal:
    """What the one button says on this device. `offer` is None when there is nothing to fetch.

    `second` stands beside it: Apple Wallet on a Mac (`is_second_for_ipad`: it may be an iPad that calls itself one),
    or after the PDF where a pass cannot be more than tried.
    """

    device: Device
    offer: Offer | None
    second: Offer | None = None
    is_second_for_ipad: bool = False


def offers_of(order: OrderSummary, *, used: Collection[int] = (), one_by_one: bool = False) -> list[Offer]:
    """Every form that this booking can be had in now, in the order of `FORM_WORDS`; `one_by_one` with each ticket's own.

    For tickets that were `used` (serials) there is nothing to be had; as a file of all would hold them, the others are to be had
    one by one.

    Where only codes that move are admitted, only forms with one are offered.
    """
    reference = order.order.booking_reference
    lines = [line for line in loose_lines(order) if line.ticket.serial not in used]
    offers: dict[str, Offer] = {}
    for name, form in FORMATS.items() if lines else ():
        if form.is_offered() and (name == "ics" or not order.event.live_codes_only):
            is_alone = len(order.valid_lines) == 1
            offer = _file_offer(reference, form, len(lines), is_alone=is_alone)
            if name != "ics" and not is_alone:
                offer = _of_some(offer, lines, reference, holds_used=bool(used), one_by_one=one_by_one)
            offers[name] = offer
    if lines and is_google_offered(settings.TMAM):
        offers["google"] = _page_offer("google", reverse("me_google", args=(reference,)))
    if lines and not order.event.live_codes_only:
        offers["protected"] = _page_offer("protected", reverse("me_protect", args=(reference,)))
        offers["to-phone"] = _page_offer("to-phone", reverse("me_links", args=(reference,)))
    if lines:
        offers["wallet"] = _page_offer("wallet", reverse("me_wallet", args=(reference,)))
    return [offers[name] for name in FORM_WORDS if name in offers]


def _of_some(
    offer: Offer, lines: Sequence[TicketLine], reference: str, *, holds_used: bool, one_by_one: bool
) -> Offer:
    """The offer where not all of an order may be `lines`: the only one left by its own address, others one by one."""
    singles = _one_by_one(reference, offer.name, lines)
    if len(lines) == 1:
        return replace(offer, href=singles[0].href, file=singles[0].file)
    if holds_used:
        offer = replace(offer, href="", file="")
    return replace(offer, tickets=singles) if one_by_one else offer


def loose_lines(order: OrderSummary) -> list[TicketLine]:
    """The tickets that a file can carry: they admit somebody and are bound to no device."""
    return [line for line in order.valid_lines if line.ticket.device_key is None]


def used_of(order: OrderSummary) -> dict[int, TicketUse]:
    """The entries that were made with the valid tickets of an order, by serial."""
    dates = {line.ticket.serial: line.ticket.date_ordinal for line in order.valid_lines}
    return read_verb(uses_of(order.event.id, dates))


def grouped(offers: Iterable[Offer]) -> list[OfferGroup]:
    """The offers by what they are for; groups without any are left out."""
    listed = list(offers)
    groups = [
        OfferGroup(name, title, [offer for offer in listed if offer.words.group == name])
        for name, title in GROUPS.items()
    ]
    return [group for group in groups if group.offers]


def proposal(request: HttpRequest, order: OrderSummary, offers: Sequence[Offer]) -> Proposal:
    """What to put on the one button of this booking for the browser of this request."""
    device = device_of(request.headers.get("User-Agent", ""), request.headers.get("Sec-CH-UA-Platform", ""))
    by_name = {offer.name: offer for offer in offers}
    chosen = by_name.get(suiting_form(device, by_name, request.COOKIES.get(settings.FORM_COOKIE_NAME, "")))
    pass_, pdf = by_name.get("pkpass"), by_name.get("pdf")
    if chosen is not None and chosen is pass_:
        is_bundle = len(loose_lines(order)) > 1
        if is_bundle and device.ios is not None and device.ios < _IOS_WITH_BUNDLES:
            chosen = replace(chosen, href="", file="")
        return Proposal(device, pdf, chosen) if chosen.remark and pdf else Proposal(device, chosen)
    may_be_ipad = device.system == "mac" and device.is_safari and not device.inside_app
    second = pass_ if may_be_ipad else None
    is_good = second is not None and not second.remark  # a pass for development is refused: it stays behind
    return Proposal(device, chosen, second, is_second_for_ipad=is_good)


def _page_offer(name: str, address: str) -> Offer:
    return Offer(name, FORM_WORDS[name], address, "", is_heavy=False)


def _file_offer(reference: str, form: FileFormat, count: int, *, is_alone: bool) -> Offer:
    name = form.name
    is_one_file = name == "ics" or is_alone or count <= _most_at_once(form)
    return Offer(
        name,
        FORM_WORDS[name],
        reverse("me_order_take", args=(reference, name)) if is_one_file else "",
        reverse("me_order_file", args=(reference, name)) if is_one_file else "",
        form.is_heavy,
        is_packed=form.packs_many and count > 1,
        remark=remark_of(name),
    )


def _most_at_once(form: FileFormat) -> int:
    """How many tickets one download of this form holds."""
    if form.packs_many:
        return MAX_FILES_PER_PACK
    if not form.holds_many:
        return 1
    return MAX_PASSES_PER_BUNDLE if form.name == "pkpass" else MAX_TICKETS_PER_FILE


def _one_by_one(reference: str, name: str, lines: Sequence[TicketLine]) -> list[OneTicket]:
    take = reverse("me_order_take", args=(reference, name))
    return [
        OneTicket(
            number,
            line,
            f"{take}?ticket={line.ticket.serial}",
            reverse("me_ticket_file", args=(reference, line.ticket.serial, name)),
        )
        for number, line in enumerate(lines, start=1)
    ]


def remark_of(name: str) -> Promise | str:
    """What must be known of a form on this site; mostly nothing."""
    if name != "pkpass":
        return ""
    certificate = apple_certificate()
    return DEVELOPMENT_PASS if certificate is not None and certificate.is_development else ""
