"""The letters about tickets in a phone: the code that a guest is asked for, and the news that it happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from tmam.notifications.letter import Letter, button, code, facts, small, text
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


def tickets_in_phone(order: OrderSummary, label: str) -> Letter:
    """A phone has taken tickets: what was downloaded before works no more."""
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
            text(_("Was it not you, or is the phone lost? Take them out of it on your booking page:")),
            button(_("Open my booking"), open_url(order)),
        ],
    )
