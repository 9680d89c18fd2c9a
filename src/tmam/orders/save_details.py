"""Keep what the buyer typed: where the tickets go, and whose names they carry."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tmam.orders.baskets import Place, holder_of
from tmam.orders.claim_identities import claim_identities, restore_identities
from tmam.orders.errors import OrderError
from tmam.orders.identities import people
from tmam.orders.models import Checkout
from tmam.orders.open_checkout import lock_open
from tmam.orders.queries import load_holds
from tmam.platform import keys

SHOWN_CHARS = 3  # of a document that is kept already; never more


@dataclass(frozen=True)
class TypedHolder:
    """Who a ticket is for, as read by `typed`. `document` None keeps what was typed before."""

    name: str
    document: str | None = None


def save_details(
    *,
    checkout_id: UUID,
    visitor_id: UUID,
    email: str,
    name: str,
    language: str,
    holders: Sequence[tuple[Place, TypedHolder]],
    now: datetime,
    phone: str = "",
    user_id: int | None = None,
) -> None:
    """Write the details of an open checkout. Documents are encrypted before they are stored.

    The reservations count for these people first, each event in a transaction of its own, and for the ones before
    no longer. Refused, nothing is changed: the places stay reserved and the details are those of before.

    Raises:
        CheckoutNotFoundError, CheckoutClosedError, PaymentRunningError.
        LimitReachedError: more than one of these people may have. HoldExpiredError, HoldEndedError: just lost.
    """
    with transaction.atomic():
        checkout = lock_open(checkout_id, visitor_id)
    holds = [hold for hold in load_holds(checkout.holds.all()).values() if hold.state == "held"]
    before = people(email=checkout.email, phone=checkout.phone, user_id=checkout.user_id)
    claim_identities(holds, people(email=email, phone=phone, user_id=user_id), now, before=before)
    try:
        with transaction.atomic():
            checkout = lock_open(checkout_id, visitor_id)
            Checkout.objects.filter(id=checkout.id).update(
                email=email,
                name=name,
                phone=phone,
                language=language,
                holders=_kept(holders, checkout.holders),
                user_id=user_id,
            )
    except OrderError:  # paid or given up in another window meanwhile, with the details of before
        restore_identities(holds, before, now)
        raise


def document_ending(place: Place, checkout: Checkout) -> str:
    """The last characters of a document that is kept for a place, or "" when there is none."""
    return document_of(place, checkout)[-SHOWN_CHARS:]


def document_of(place: Place, checkout: Checkout) -> str:
    """The document that is kept for a place, or "" when there is none."""
    kept = holder_of(place, checkout.holders).get("document")
    return keys.decrypt(base64.b64decode(kept)).decode() if kept else ""


def _kept(
    holders: Sequence[tuple[Place, TypedHolder]], before: Mapping[str, list[dict[str, str]]]
) -> dict[str, list[dict[str, str]]]:
    """`Checkout.holders`: one entry per place of each hold, empty where nothing is asked."""
    kept: dict[str, list[dict[str, str]]] = {}
    for place, holder in sorted(holders, key=lambda typed: (typed[0].hold_id, typed[0].index)):
        entries = kept.setdefault(str(place.hold_id), [])
        entries.extend({} for _ in range(place.index - len(entries)))
        entry = {"name": holder.name}
        document = (
            base64.b64encode(keys.encrypt(holder.document.encode())).decode()
            if holder.document
            else holder_of(place, before).get("document", "")
        )
        entries.append(entry | ({"document": document} if document else {}))
    return kept
