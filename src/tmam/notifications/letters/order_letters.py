"""The letters about an order: it is yours, it could not be given, here are its links again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tmam.catalog.models import Event
from tmam.fulfilment.files import TicketFile
from tmam.notifications.letter import Block, Letter, button, facts, heading, small, steps, text
from tmam.notifications.letters.fetching import fetching_blocks, link_words, open_url
from tmam.notifications.when_words import (
    doors_words,
    in_language,
    money_words,
    short_day_words,
    when_words,
    where_words,
)
from tmam.orders.order_summary import OrderSummary


def order_confirmed(order: OrderSummary, attachments: Sequence[TicketFile], *, has_pdf: bool) -> Letter:
    """The tickets are yours: where, when, how to get in, and the link that opens them."""
    title = in_language(order.event.title)
    date = order.first_date
    count = len(order.lines)
    bought = ngettext(
        "You have %(count)d ticket for %(event)s.", "You have %(count)d tickets for %(event)s.", count
    ) % {"count": count, "event": title}
    return Letter(
        subject=_("Your tickets: %(event)s, %(day)s")
        % {"event": title, "day": short_day_words(date) if date else order.order.booking_reference},
        preview=_("Booking reference %(reference)s") % {"reference": order.order.booking_reference},
        title=_("Your tickets are ready"),
        blocks=[
            text(bought),
            facts(_order_facts(order)),
            button(_("Open my tickets"), open_url(order)),
            small(link_words(has_pdf=has_pdf)),
            *fetching_blocks(order),
            heading(_("At the door")),
            steps(_door_steps(live_only=order.event.live_codes_only)),
            *_attachment_words(has_pdf=has_pdf, live_only=order.event.live_codes_only),
            *_seller_words(order),
        ],
        attachments=tuple(attachments),
    )


def refund_instructed(event: Event, amount_minor: int, currency: str, *, were_places_gone: bool) -> Letter:
    """The money came, but no tickets could be given for it: said plainly, with what happens now."""
    amount = money_words(amount_minor, currency)
    name = in_language(event.title)
    if were_places_gone:
        why = _(
            "You paid for %(event)s, but when the payment arrived the places were no longer reserved for you."
        )
    else:
        why = _("You paid for %(event)s, but a fault of ours kept us from making your tickets.")
    return Letter(
        subject=_("No tickets for %(event)s: you get %(amount)s back") % {"event": name, "amount": amount},
        preview=_("You need to do nothing."),
        title=_("We could not give you these tickets"),
        blocks=[
            text(why % {"event": name}),
            text(_("We are sorry. You have no tickets from this payment.")),
            heading(_("What happens now")),
            text(
                _(
                    "We have told the bank to give %(amount)s back, to the card you paid with. You need to do nothing."
                )
                % {"amount": amount}
            ),
            text(_("Banks take one to five working days to show it.")),
            button(_("Look for other dates"), f"{settings.SITE_ORIGIN}/"),
        ],
    )


def lost_tickets(orders: Sequence[OrderSummary]) -> Letter:
    """The links to every upcoming order of an address, or plain words that there is none."""
    if not orders:
        return _nothing_found()
    blocks: list[Block] = [
        text(_("You asked for your tickets. Here they are; each button opens one booking."))
    ]
    for order in orders:
        blocks += [
            heading(in_language(order.event.title)),
            facts(_order_facts(order)),
            button(_("Open my tickets"), open_url(order)),
        ]
    blocks.append(small(link_words()))
    return Letter(
        subject=_("Your tickets, sent again"),
        preview=_("Each button opens one booking."),
        title=_("Your tickets, sent again"),
        blocks=blocks,
    )


def order_key(context: dict[str, str]) -> tuple[int, UUID]:
    """The order that a mail's context names."""
    return int(context["event_id"]), UUID(context["order_id"])


def _order_facts(order: OrderSummary) -> list[tuple[str, str]]:
    date = order.first_date
    names = Counter(in_language(line.ticket_type.name) for line in order.lines)
    return [
        (_("Booking reference"), order.order.booking_reference),
        (_("Event"), in_language(order.event.title)),
        *_journey_facts(order),
        (_("When"), " · ".join(when_words(each) for each in order.dates)),
        (_("Doors open"), doors_words(date) if date else ""),
        (_("Entrance"), in_language(date.entrance) if date else ""),
        *([] if date and date.stretch else [(_("Where"), where_words(order.event.venue))]),
        (_("Tickets"), ", ".join(f"{count} × {name}" for name, count in names.items())),
        (_("Paid"), money_words(order.order.total_minor, order.order.currency)),
    ]


def _journey_facts(order: OrderSummary) -> list[tuple[str, str]]:
    stretches = [f"{date.stretch} ({date.stretch.code})" for date in order.dates if date.stretch is not None]
    return [(_("Journey"), ", ".join(dict.fromkeys(stretches)))] if stretches else []


def _door_steps(*, live_only: bool) -> list[str]:
    show = (
        _("Show the code of each ticket in the wallet on your phone, where it changes.")
        if live_only
        else _("Show the code of each ticket: on your phone, or printed on paper. Both are equally good.")
    )
    return [
        show,
        _("Each code lets one person in, once. Do not show it to anybody before."),
    ]


def _attachment_words(*, has_pdf: bool, live_only: bool) -> list[Block]:
    if live_only:
        return [small(_("Attached: an entry for your calendar."))]
    if has_pdf:
        return [small(_("Attached: your tickets to print (PDF) and an entry for your calendar."))]
    return [small(_("Attached: an entry for your calendar. The tickets to print are behind the button."))]


def _seller_words(order: OrderSummary) -> list[Block]:
    return [small(_("Sold by: %(organizer)s") % {"organizer": order.event.organizer.legal_name})]


def _nothing_found() -> Letter:
    title = _("We found no coming tickets for this address")
    return Letter(
        subject=title,
        preview=_("Perhaps you bought with another e-mail address."),
        title=title,
        blocks=[
            text(
                _("You, or somebody else, asked us to send the tickets that were bought with this address.")
            ),
            text(
                _(
                    "There are none for dates to come. Perhaps you bought with another e-mail address. Try that one:"
                )
            ),
            button(_("Send me my tickets"), f"{settings.SITE_ORIGIN}/me/tickets/lost/"),
            small(_("You did not ask for this? Then do nothing.")),
        ],
    )
