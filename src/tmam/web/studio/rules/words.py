"""What limits, channels and codes are called in the studio."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tmam.catalog.sales_rules import Channel, CodeKind, LimitKind

LIMITS: Final[dict[LimitKind, Promise]] = {
    LimitKind.EMAIL: _("Each e-mail address"),
    LimitKind.PHONE: _("Each phone number"),
    LimitKind.ACCOUNT: _("Each account"),
    LimitKind.CARD: _("Each card"),
    LimitKind.CARD_DAY: _("Each card, each day"),
    LimitKind.NETWORK: _("Each internet connection"),
}
LIMIT_HINTS: Final[dict[LimitKind, Promise]] = {
    LimitKind.EMAIL: _("Counted when the buyer types it. Capitals make no difference."),
    LimitKind.PHONE: _("Buyers on the website are then asked for their phone number."),
    LimitKind.ACCOUNT: _(
        "Counts people who are signed in. One can buy without an account, so limit e-mail addresses as well."
    ),
    LimitKind.CARD: _(
        "Counted just before the card is charged. Over its limit nothing is taken, and another card may pay."
    ),
    LimitKind.CARD_DAY: _("Like the limit for each card, but it begins anew at midnight at the venue."),
    LimitKind.NETWORK: _(
        "A home, a school or an office shares one connection, so allow more than for a person."
    ),
}
CHANNELS: Final[dict[Channel, Promise]] = {
    Channel.WEB: _("Website"),
    Channel.BOX_OFFICE: _("Box office"),
    Channel.PARTNER: _("Partners"),
}
CODE_KINDS: Final[dict[CodeKind, Promise]] = {
    CodeKind.PRESALE: _("Presale code"),
    CodeKind.VOUCHER: _("Voucher"),
}
