"""Turn a paid (or free) checkout into orders with tickets; what cannot become tickets is refunded.

One transaction per event, each safe to repeat, so that whoever comes next finishes what a crash interrupted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import structlog
from django.db import transaction

from tmam.inventory.errors import HoldEndedError, InventoryError
from tmam.inventory.holds import Hold
from tmam.inventory.release_hold import release_hold
from tmam.kernel.ids import new_uuid7
from tmam.orders.baskets import BasketItem, holder_of
from tmam.orders.confirm_order import confirm_orders
from tmam.orders.models import Checkout, CheckoutHold, CheckoutState
from tmam.orders.order_rows import ConfirmedOrder, ConfirmRequest
from tmam.orders.queries import load_holds, load_items
from tmam.orders.rules import ABANDONED_AFTER, CONVERT_WITHIN, states_before
from tmam.orders.save_details import document_of
from tmam.orders.terms import PLATFORM
from tmam.orders.wanted_tickets import Holder
from tmam.payments.models import Payment, PaymentState
from tmam.payments.queries import live_payment
from tmam.payments.refund import instruct_refund
from tmam.platform.event_log import Fact, log_facts
from tmam.platform.statements import Verb, run_verb, run_verb_retrying
from tmam.tickets.signing_keys import load_signing_key

log = structlog.get_logger("tmam.orders")

REASON_GONE = "places_gone"
REASON_TROUBLE = "could_not_issue"


@dataclass(frozen=True)
class _Conversion:
    """One attempt: what is converted, what paid for it (None: free), when, and on whose request."""

    checkout: Checkout
    payment: Payment | None
    now: datetime
    request_id: str

    @property
    def is_overdue(self) -> bool:
        """Whether the money has been ours for so long without tickets that it must go back.

        A free checkout is given up after a day: its places are long on sale again, its names must be forgotten.
        """
        if self.payment is None:
            return self.now - self.checkout.opened_at >= ABANDONED_AFTER
        settled_at = self.payment.settled_at
        return settled_at is not None and self.now - settled_at >= CONVERT_WITHIN


def convert_checkout(checkout_id: UUID, now: datetime, *, request_id: str = "") -> bool:
    """Convert what is paid; true when the checkout is done, false when there was nothing to do.

    An event whose conversion fails for a reason of ours keeps the checkout `paying`, to be tried again; after
    90 seconds its places are given back and its money too, so the buyer is never left hanging.
    """
    checkout = Checkout.objects.get(id=checkout_id)
    payment = live_payment(checkout_id)
    is_paid = payment is None or payment.state == PaymentState.APPROVED
    if checkout.state != CheckoutState.PAYING or not is_paid:
        return False
    rows = list(checkout.holds.order_by("added_at", "id"))
    if payment is None and any(hold.total_minor for hold in load_holds(rows).values()):
        raise AssertionError(f"checkout {checkout_id} is being paid without a payment")
    by_event: dict[int, list[CheckoutHold]] = defaultdict(list)
    for row in rows:
        by_event[row.event_id].append(row)
    conversion = _Conversion(checkout, payment, now, request_id)
    are_settled = [_convert_event(conversion, event_id, by_event[event_id]) for event_id in sorted(by_event)]
    if not all(are_settled):
        return False
    _finish(checkout, now)
    return True


def order_id_of(checkout: Checkout, hold_id: UUID) -> UUID:
    """The number of the order a hold becomes: the same at every attempt, so repeating makes no second order."""
    digest = sha256(checkout.id.bytes + hold_id.bytes).digest()
    return new_uuid7(checkout.opened_at, random_bits=int.from_bytes(digest[:10]) >> 6)


def _convert_event(conversion: _Conversion, event_id: int, rows: Sequence[CheckoutHold]) -> bool:
    """Make one event's orders; true when each of its holds is an order or its refund is instructed.

    Giving up needs the holds alone, so that whatever else is broken or deleted, the money finds its way back.
    """
    holds = load_holds(rows)
    try:
        items = load_items(rows)
        if len(items) != len(holds):
            raise LookupError("the catalogue has lost the event")  # noqa: TRY301 - one way to give up, whatever fails
        requests = [_request(conversion, item) for item in items]
        answers = run_verb_retrying(lambda: _confirm(event_id, requests, conversion.now))
    except Exception:
        log.exception("conversion_failed", checkout_id=str(conversion.checkout.id), event_id=event_id)
        if not conversion.is_overdue:
            return False
        for hold in holds.values():
            _give_up(conversion, hold)
        return True
    for item, answer in zip(items, answers, strict=True):
        if not isinstance(answer, ConfirmedOrder):
            log.info("hold_not_converted", hold_id=str(item.hold.id), code=answer.code)
            _refund(conversion, item.hold, REASON_GONE)
    return True


def _confirm(
    event_id: int, requests: Sequence[ConfirmRequest], now: datetime
) -> Verb[list[ConfirmedOrder | InventoryError]]:
    key = yield from load_signing_key(event_id)
    return (yield from confirm_orders(event_id, requests, key, now))


def _request(conversion: _Conversion, item: BasketItem) -> ConfirmRequest:
    checkout, payment = conversion.checkout, conversion.payment
    versions = checkout.terms_versions
    return ConfirmRequest(
        hold_id=item.hold.id,
        order_id=order_id_of(checkout, item.hold.id),
        checkout_id=checkout.id,
        payment_id=payment.id if payment is not None else None,
        gateway=payment.gateway if payment is not None else None,
        email=checkout.email,
        name=checkout.name,
        language=checkout.language,
        terms_version=f"{versions.get(str(item.event.organizer_id), '')}/{versions.get(PLATFORM, '')}",
        actor=f"visitor:{checkout.visitor_id}",
        holders=[
            Holder(
                name=holder_of(place, checkout.holders).get("name", ""),
                document=document_of(place, checkout),
            )
            for place in item.places
        ],
        request_id=conversion.request_id,
    )


def _give_up(conversion: _Conversion, hold: Hold) -> None:
    """Refund what we failed to convert; the places first, so that no late attempt makes tickets of them."""
    try:
        run_verb_retrying(lambda: release_hold(hold.event_id, hold.id, hold.visitor_id, conversion.now))
    except HoldEndedError:
        return  # it did become an order
    _refund(conversion, hold, REASON_TROUBLE)


def _refund(conversion: _Conversion, hold: Hold, reason: str) -> None:
    """Instruct the refund of a hold's share and tell the log, which tells the buyer; once per hold."""
    checkout, payment = conversion.checkout, conversion.payment
    if payment is None or hold.total_minor == 0:
        return
    with transaction.atomic():
        instructed = instruct_refund(
            payment_id=payment.id,
            hold_id=hold.id,
            amount_minor=hold.total_minor,
            reason=reason,
            now=conversion.now,
        )
        if not instructed.is_new:
            return
        data = {
            "refund_id": str(instructed.refund.id),
            "payment_id": str(payment.id),
            "checkout_id": str(checkout.id),
            "hold_id": str(hold.id),
            "amount_minor": hold.total_minor,
            "currency": payment.currency,
            "reason": reason,
        }
        actor = f"visitor:{checkout.visitor_id}"
        fact = Fact("refund.instructed", conversion.now, actor, data, conversion.request_id)
        run_verb(log_facts(hold.event_id, [fact]))


def _finish(checkout: Checkout, now: datetime) -> None:
    """Close the checkout; names and documents now live with the tickets only, the phone nowhere."""
    paying = Checkout.objects.filter(id=checkout.id, state__in=states_before(CheckoutState.DONE))
    paying.update(state=CheckoutState.DONE, finished_at=now, holders={}, phone="")
