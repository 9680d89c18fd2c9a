"""The links' part of "download my data": the browsers that a link let into a person's orders."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from tmam.accounts.personal_data import Part, Person, exports
from tmam.fulfilment.models import LinkUse
from tmam.orders.models import PersonOrder

ROWS_AT_A_TIME: Final = 500


def _link_uses(person: Person) -> Iterator[dict[str, Any]]:
    orders = PersonOrder.objects.filter(email__in=person.addresses).values("order_id")
    uses = LinkUse.objects.filter(order_id__in=orders).order_by("first_at", "id")
    for use in uses.iterator(ROWS_AT_A_TIME):
        yield {
            "order": use.order_id,
            "purpose": use.purpose,
            "browser": use.browser,
            "proof": use.proof,
            "first_at": use.first_at,
            "last_at": use.last_at,
            "times": use.times,
        }


exports(
    Part(
        "links",
        _("Browsers that a link let into a booking"),
        {
            "order": _("Our number of the order."),
            "purpose": _("What the link was for: the booking, one file, or a wallet."),
            "browser": _("What the browser calls itself."),
            "proof": _("Why it was let in: as the first, with a code, or because it was known."),
            "first_at": _("When it came first."),
            "last_at": _("When it came last."),
            "times": _("How often it came."),
        },
        _link_uses,
    )
)
