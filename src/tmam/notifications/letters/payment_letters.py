"""The letter about a payment whose answer took so long that the buyer was told to expect one."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from tmam.notifications.letter import Letter, button, small, text
from tmam.notifications.when_words import money_words


def payment_declined(amount_minor: int, currency: str, payment_id: str) -> Letter:
    """The bank has answered at last: no money was taken, and what can be done now."""
    amount = money_words(amount_minor, currency)
    return Letter(
        subject=_("Your payment of %(amount)s did not go through") % {"amount": amount},
        preview=_("You have not been charged."),
        title=_("Your payment did not go through"),
        blocks=[
            text(_("We asked your bank again. It took no money, so you have no tickets from this payment.")),
            text(
                _(
                    "Your tickets may still be reserved for some minutes: open your basket in the browser where you bought, and pay again."
                )
            ),
            button(_("Open my basket"), f"{settings.SITE_ORIGIN}/checkout/"),
            small(_("Payment %(number)s") % {"number": payment_id}),
        ],
    )
