"""The letter about tickets whose codes were replaced: what no longer works, and how to get what does."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tmam.notifications.letter import Letter, button, facts, heading, small, steps, text
from tmam.notifications.letters.fetching import open_url
from tmam.notifications.when_words import in_language, when_words
from tmam.orders.order_summary import OrderSummary


def codes_replaced(order: OrderSummary) -> Letter:
    """Your tickets were replaced: the old ones open no door, the new ones wait behind the button. Nothing is attached.

    Other tickets of the order may be replaced a moment later, so what a file had in it might be old on arrival.
    """
    title = in_language(order.event.title)
    return Letter(
        subject=_("Your tickets for %(event)s were replaced: please download them again") % {"event": title},
        preview=_("The old ones no longer open the door."),
        title=_("Your tickets were replaced"),
        blocks=[
            text(
                _(
                    "For your safety we made new tickets for %(event)s. The old ones no longer open the door: not the PDF, not paper, not pictures of the code."
                )
                % {"event": title}
            ),
            text(_("Places, names and prices stay the same. You pay nothing.")),
            facts(
                [
                    (_("Booking reference"), order.order.booking_reference),
                    (_("When"), " · ".join(when_words(each) for each in order.dates)),
                ]
            ),
            button(_("Open my new tickets"), open_url(order)),
            heading(_("What to do now")),
            steps(
                [
                    _("Open your new tickets with the button and download or print them again."),
                    _("Throw the old ones away: files, printouts, pictures."),
                    _(
                        "A ticket in a wallet on your phone changes by itself. If it looks as before on the day, add it again from the page behind the button."
                    ),
                    _("Did you pass tickets on to friends? Send them the new ones."),
                ]
            ),
            small(_("Sold by: %(organizer)s") % {"organizer": order.event.organizer.legal_name}),
        ],
    )
