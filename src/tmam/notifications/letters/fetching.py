"""How one gets a ticket to the door, whatever one has: the same words and buttons in every letter."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from tmam.delivery.apple.site_certificate import apple_certificate
from tmam.fulfilment.google.account import is_google_offered
from tmam.notifications.letter import Block, buttons, heading, steps
from tmam.orders.order_links import sign_open_link
from tmam.orders.order_summary import OrderSummary


def open_url(order: OrderSummary, way: str = "") -> str:
    """The address that opens this order without an account, and goes on to a `way` (see `web.me.open_link`)."""
    address = f"{settings.SITE_ORIGIN}/me/tickets/open/?t={sign_open_link(order.order)}"
    return f"{address}&way={way}" if way else address


def link_words(*, has_pdf: bool = False) -> str:
    """What the button that opens a booking is worth, for who else might read the mail; the same as on the links page."""
    first = _(
        "No password is needed: the first browser that opens a booking gets in, any other needs a code from this mailbox."
    )
    if has_pdf:
        return first + " " + _("The attached PDF is the tickets themselves, so keep this mail to yourself.")
    return first + " " + _("Keep this mail to yourself.")


def fetching_blocks(order: OrderSummary) -> list[Block]:
    """The wallets that this site offers, and one sentence for each way to the door."""
    live_only = order.event.live_codes_only
    return [
        heading(_("How to have them with you")),
        buttons([(words, open_url(order, way)) for words, way in _wallets(live_only=live_only)]),
        steps(_live_steps() if live_only else _steps()),
    ]


def _wallets(*, live_only: bool) -> list[tuple[str, str]]:
    """(words, way); a pass of Apple's shows a code that stands still, which some doors do not admit.

    A pass signed for development is in no letter: iPhones refuse it.
    """
    certificate = apple_certificate()
    is_apple_good = certificate is not None and not certificate.is_development
    ways = [(_("Add to Apple Wallet"), "apple")] if is_apple_good and not live_only else []
    if is_google_offered(settings.TMAM):
        ways.append((_("Add to Google Wallet"), "google"))
    return [*ways, (_("Keep in a phone"), "phone")]


def _steps() -> list[str]:
    """The simplest first; the last is for people with neither phone nor printer."""
    return [
        _("On a phone: press the button of your wallet. The button above it shows every other form."),
        _("On paper: print the PDF. Black and white is fine, and there is a large-print version."),
        _("With neither: say your booking reference and your name at the door. That is enough."),
    ]


def _live_steps() -> list[str]:
    """For doors that admit only codes which change on a phone: paper is no way."""
    return [
        _(
            "The doors of this event admit only codes that change on a phone: paper and pictures do not count."
        ),
        _("Press the button of your wallet and put the tickets into it."),
        _(
            "No such phone? Say your booking reference and your name at the door, and bring a document with your name on it."
        ),
    ]
