"""The letters about tickets in a phone: the code that a guest is asked for, and the news that it happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from tmam.fulfilment.wallet.not_me_links import LINK_DAYS, sign_phone_link
from tmam.notifications.letter import Block, Letter, button, code, facts, small, text
from tmam.notifications.letters.fetching import open_url
from tmam.notifications.when_words import in_language
from tmam.orders.order_summary import OrderSummary


def order_code(found: Mapping[str, Any]) -> Letter:
    """The code by which somebody with a link shows that the booking is theirs."""
    return Letter(
        subject=_("%(code)s is your code for booking %(reference)s")
        % {"code": found["code"], "reference": found["booking_reference"]},
        preview=_("Type it in the page that is open."),
        title=_("Is it your booking?"),
        blocks=[
            text(
                _(
                    "Somebody, most likely you, wants to move the tickets of this booking into a phone or out of one:"
                )
            ),
            facts([(_("Booking reference"), found["booking_reference"])]),
            text(_("Type this code in the page that is open:")),
            code(found["code"]),
            text(_("It works for 15 minutes. Nobody from tmam will ever ask you for this code.")),
            small(_("It was not you? Then do nothing: without the code nothing happens.")),
        ],
    )


def _not_me(order: OrderSummary, taken_at: datetime | None) -> list[Block]:
    if taken_at is None:
        return []
    secret = sign_phone_link(order.order.event_id, order.order.id, taken_at)
    return [
        text(
            _(
                "Was it not you? Take them out of that phone. It works for %(days)s days, without signing in, and changes nothing else:"
            )
            % {"days": LINK_DAYS}
        ),
        button(_("This was not me"), f"{settings.SITE_ORIGIN}/me/tickets/not-me/?t={secret}"),
    ]


def tickets_in_phone(order: OrderSummary, label: str, taken_at: datetime | None) -> Letter:
    """A phone has taken tickets: what was downloaded before works no more. `taken_at` None: no button takes them back."""
    return Letter(
        subject=_("Your tickets are in a phone now: %(event)s") % {"event": in_language(order.event.title)},
        preview=_("Was it you? Then you need do nothing."),
        title=_("Your tickets are in a phone now"),
        blocks=[
            text(_("A phone has taken tickets of this booking into its wallet:")),
            facts(
                [
                    (_("Event"), in_language(order.event.title)),
                    (_("Booking reference"), order.order.booking_reference),
                    (_("Phone"), label),
                ]
            ),
            text(
                _(
                    "Only that phone can show them now. Files that you downloaded or printed before let nobody in any more."
                )
            ),
            *_not_me(order, taken_at),
            text(
                _(
                    "Is the phone lost, or would you rather have a file? Take them out of it on your booking page:"
                )
            ),
            button(_("Open my booking"), open_url(order)),
        ],
    )
