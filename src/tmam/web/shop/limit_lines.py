"""What one person, card or connection may have of an event, as the event page says it before anybody buys."""

from __future__ import annotations

from django.utils.translation import ngettext

from tmam.catalog.models import Event
from tmam.catalog.sales_rules import Channel, LimitKind, SalesLimit

PEOPLE = frozenset({LimitKind.EMAIL, LimitKind.PHONE, LimitKind.ACCOUNT})


def limit_lines(event: Event) -> list[str]:
    """One short sentence per limit that counts on the website; of those per person, the lowest."""
    most_of: dict[str, int] = {
        limit.kind: limit.most
        for limit in SalesLimit.objects.filter(event=event)
        if Channel.WEB not in limit.exempt_channels
    }
    lines = []
    if people := [most for kind, most in most_of.items() if kind in PEOPLE]:
        most = min(people)
        lines.append(
            ngettext("%(most)s ticket per person.", "At most %(most)s tickets per person.", most)
            % {"most": most}
        )
    if most := most_of.get(LimitKind.CARD, 0):
        lines.append(
            ngettext("%(most)s ticket per card.", "At most %(most)s tickets per card.", most) % {"most": most}
        )
    if most := most_of.get(LimitKind.CARD_DAY, 0):
        words = ngettext(
            "%(most)s ticket per card and day.", "At most %(most)s tickets per card and day.", most
        )
        lines.append(words % {"most": most})
    if most := most_of.get(LimitKind.NETWORK, 0):
        words = ngettext(
            "%(most)s ticket per internet connection.",
            "At most %(most)s tickets per internet connection.",
            most,
        )
        lines.append(words % {"most": most})
    return lines
