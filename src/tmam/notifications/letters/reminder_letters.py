"""The letter to somebody whose event is near and whose tickets nobody has fetched yet."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tmam.notifications.letter import Letter, button, facts, small, text
from tmam.notifications.letters.fetching import fetching_blocks, open_url
from tmam.notifications.when_words import doors_words, in_language, short_day_words, when_words, where_words
from tmam.orders.order_summary import OrderSummary


def tickets_reminder(order: OrderSummary, ordinal: int) -> Letter:
    """It is soon, and the tickets are not in the phone yet.

    Raises:
        LookupError: the order has no tickets for that date any more.
    """
    date = next((each for each in order.dates if each.ordinal == ordinal), None)
    if date is None:
        raise LookupError(f"order {order.order.id} has no date {ordinal}")
    title = in_language(order.event.title)
    return Letter(
        subject=_("%(day)s: %(event)s. Have your tickets ready")
        % {"day": short_day_words(date), "event": title},
        preview=_("Put them into your phone now: then they open without a connection."),
        title=_("It is soon"),
        blocks=[
            text(
                _(
                    "You have tickets for %(event)s. Nobody has downloaded them yet. Do it now, at home: at the door the network is often slow."
                )
                % {"event": title}
            ),
            facts(
                [
                    (_("When"), when_words(date)),
                    (_("Doors open"), doors_words(date)),
                    (_("Entrance"), in_language(date.entrance)),
                    (
                        _("Where"),
                        where_words(order.event.venue if date.stretch is None else date.stretch.origin),
                    ),
                    (_("Booking reference"), order.order.booking_reference),
                ]
            ),
            button(_("Get my tickets"), open_url(order)),
            *fetching_blocks(order),
            small(_("We send this once for each date, and only while nobody has downloaded the tickets.")),
        ],
    )
