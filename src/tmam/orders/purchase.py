"""Buy what is held in one step: order, payment, tickets, books and log in one transaction for a whole batch.

For free orders and for gateways that settle within our transaction (`payments.instant`); all others go through the
checkout. Everything a checkout would leave is left here too, so that support, refunds and "my tickets" see no
difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

import msgspec

from tmam.catalog.offers import Offer, load_offer
from tmam.inventory.claim_limits import claim_limits
from tmam.inventory.draws import ON_SALE
from tmam.inventory.errors import HoldNotFoundError, InventoryError, NoSuchTicketError, NotOnSaleError
from tmam.inventory.holds import Hold, read_holds
from tmam.inventory.seat_plans import Plan
from tmam.kernel.errors import TmamError
from tmam.orders.confirm_order import HoldsLostError, confirm_once
from tmam.orders.errors import DetailsMissingError, InCheckoutError, TermsNotAcceptedError, TotalChangedError
from tmam.orders.identities import email_identity
from tmam.orders.order_rows import ConfirmedOrder, ConfirmRequest
from tmam.orders.terms import PLATFORM, PLATFORM_TERMS_VERSION
from tmam.orders.wanted_tickets import Holder
from tmam.payments.errors import DeclinedError, NotInstantError
from tmam.payments.instant import (
    SANDBOX,
    InstantPayment,
    instant_fingerprint,
    instant_outcome,
    instant_steps,
)
from tmam.payments.ports import Declined
from tmam.platform.statements import START_AGAIN, Step, Verb, statement
from tmam.tickets.signing_keys import LoadedKey

FREE: Final = ""


class PurchaseRequest(msgspec.Struct, frozen=True):
    """One hold to buy. `order_id`, `checkout_id` and `payment_id` are new; `gateway` and `method` are "" when free.

    `total_minor` is the price the buyer agreed to; `holders` are names in the order of the hold's places.
    """

    hold_id: UUID
    visitor_id: UUID
    order_id: UUID
    checkout_id: UUID
    payment_id: UUID
    total_minor: int
    email: str
    name: str
    language: str
    accepts_terms: bool
    gateway: str = FREE
    method: str = FREE
    holders: tuple[str, ...] = ()
    request_id: str = ""


PurchaseAnswer: TypeAlias = ConfirmedOrder | TmamError


def purchase(
    event_id: int,
    requests: Sequence[PurchaseRequest],
    key: LoadedKey,
    now: datetime,
    *,
    offer: Offer | None = None,
    plan: Plan | None = None,
) -> Verb[list[PurchaseAnswer]]:
    """Buy a batch of holds of one event; answers in their order, and a repeated purchase with the order of the first time.

    A refused request changes nothing and does not disturb the others; its hold stays. `offer` and `plan` are loaded
    when not given or when a date is missing. Locks as `confirm_orders` does, and like it may start again.

    Raises:
        NoSuchTicketError: there is no such event.
    """
    lost: dict[UUID, InventoryError] = {}
    while True:
        try:
            return (
                yield from _purchase_once(event_id, requests, key, now, offer=offer, plan=plan, lost=lost)
            )
        except HoldsLostError as error:
            lost |= error.reasons
            yield START_AGAIN


def _purchase_once(
    event_id: int,
    requests: Sequence[PurchaseRequest],
    key: LoadedKey,
    now: datetime,
    *,
    offer: Offer | None,
    plan: Plan | None,
    lost: Mapping[UUID, InventoryError],
) -> Verb[list[PurchaseAnswer]]:
    first_of: dict[UUID, PurchaseRequest] = {}
    for request in requests:
        first_of.setdefault(request.hold_id, request)
    holds = yield from read_holds(event_id, sorted(first_of))
    dates = {line.date for hold in holds.values() for line in hold.lines}
    if offer is None or not dates <= offer.date_by_ordinal.keys():
        offer = yield from load_offer(event_id, dates)
    if offer is None:
        raise NoSuchTicketError
    answers: dict[UUID, PurchaseAnswer] = {}
    in_checkout = yield from _in_checkout(holds)
    for hold_id, request in first_of.items():
        refusal = _refusal(offer, request, holds.get(hold_id), in_checkout)
        if refusal is not None:
            answers[hold_id] = refusal
    good = [request for hold_id, request in first_of.items() if hold_id not in answers]
    if offer.limits and good:
        answers |= yield from _claim_limits(offer, good, holds, now)
        good = [request for request in good if request.hold_id not in answers]
        holds = yield from read_holds(event_id, sorted(first_of))  # with the limits just claimed
    if good:
        orders = yield from confirm_once(
            event_id,
            [_confirm_request(offer, request, holds[request.hold_id]) for request in good],
            key,
            now,
            offer=offer,
            plan=plan,
            holds={request.hold_id: holds[request.hold_id] for request in good},
            also=lambda made: _paid_steps(offer, {request.order_id: request for request in good}, made, now),
            lost=lost,
        )
        answers |= {request.hold_id: order for request, order in zip(good, orders, strict=True)}
    # Whoever else named the same hold gets the same answer only if it is theirs.
    return [
        answers[request.hold_id]
        if request.visitor_id == first_of[request.hold_id].visitor_id
        else HoldNotFoundError()
        for request in requests
    ]


def _claim_limits(
    offer: Offer, requests: Sequence[PurchaseRequest], holds: Mapping[UUID, Hold], now: datetime
) -> Verb[dict[UUID, PurchaseAnswer]]:
    """Count the holds for who buys them; answers those refused. Locks as a confirmation: serial, pools, then limits."""
    event_id = offer.event_id
    yield statement("tmam.tickets", "lock_serial"), (event_id,)
    counters = {id_ for request in requests for id_ in holds[request.hold_id].counter_ids}
    yield statement("tmam.inventory", "lock_counters"), (event_id, sorted(counters))
    refused: dict[UUID, PurchaseAnswer] = {}
    for request in requests:
        if holds[request.hold_id].state == "held":
            refusal = yield from _over_limit(offer, request, now)
            if refusal is not None:
                refused[request.hold_id] = refusal
    return refused


def _in_checkout(holds: Mapping[UUID, Hold]) -> Verb[set[UUID]]:
    """Live holds that lie in a checkout; those that this verb sold lie in one too, but are no longer live."""
    live = sorted(hold_id for hold_id, hold in holds.items() if hold.state == "held")
    if not live:
        return set()
    rows = yield statement("tmam.orders", "checkouts_of_holds"), (live,)
    return {UUID(int=row[0].int) for row in rows}


def _refusal(
    offer: Offer, request: PurchaseRequest, hold: Hold | None, in_checkout: set[UUID]
) -> TmamError | None:
    """Why a request cannot be served, as far as it can be told without touching anything."""
    if hold is None or hold.visitor_id != request.visitor_id:
        return HoldNotFoundError()
    if hold.state != "held":
        return None  # what became of it is told by the confirmation: the order, or that it ended
    if hold.id in in_checkout:
        return InCheckoutError()
    return _sale_refusal(offer, request, hold) or _payment_refusal(request, hold)


def _sale_refusal(offer: Offer, request: PurchaseRequest, hold: Hold) -> TmamError | None:
    if not request.accepts_terms:
        return TermsNotAcceptedError()
    if request.total_minor != hold.total_minor:
        return TotalChangedError(total_minor=hold.total_minor)
    if offer.status != ON_SALE or any(offer.date_by_ordinal[line.date].is_cancelled for line in hold.lines):
        return NotOnSaleError()
    if _lacks_names(offer, request, hold) or _lacks_phone(offer, hold):
        return DetailsMissingError()
    return None


def _lacks_names(offer: Offer, request: PurchaseRequest, hold: Hold) -> bool:
    """Whether a ticket that carries a name has none. Documents are asked for in the checkout only."""
    place = 0
    for line in hold.lines:
        type_ = offer.type_by_ordinal[line.ticket_type]
        names = request.holders[place : place + line.quantity]
        if type_.asks_document or (type_.asks_name and (len(names) < line.quantity or not all(names))):
            return True
        place += line.quantity
    return False


def _lacks_phone(offer: Offer, hold: Hold) -> bool:
    """Whether tickets are counted per phone. It is asked for in the checkout only."""
    return any(limit.kind == "phone" and hold.channel not in limit.exempt_channels for limit in offer.limits)


def _payment_refusal(request: PurchaseRequest, hold: Hold) -> TmamError | None:
    if hold.total_minor == 0:
        return None
    outcome = instant_outcome(request.gateway, request.method)
    if outcome is None:
        return NotInstantError(continue_at=f"/checkout/add/?event={hold.event_id}&hold={hold.id}")
    return DeclinedError(reason=outcome.reason.value) if isinstance(outcome, Declined) else None


def _over_limit(offer: Offer, request: PurchaseRequest, now: datetime) -> Verb[TmamError | None]:
    """Count the hold for the buyer's address and card. What is refused was not counted: it stays as it was."""
    identities = {"email": email_identity(request.email)}
    if request.gateway:
        identities["card"] = instant_fingerprint(request.gateway, request.method)
    try:
        yield from claim_limits(offer, request.hold_id, request.visitor_id, identities, now)
    except TmamError as error:
        return error
    return None


def _confirm_request(offer: Offer, request: PurchaseRequest, hold: Hold) -> ConfirmRequest:
    is_free = hold.total_minor == 0
    return ConfirmRequest(
        hold_id=request.hold_id,
        order_id=request.order_id,
        checkout_id=request.checkout_id,
        payment_id=None if is_free else request.payment_id,
        gateway=None if is_free else request.gateway,
        email=request.email,
        name=request.name,
        language=request.language,
        terms_version=f"{offer.terms_version}/{PLATFORM_TERMS_VERSION}",
        actor=f"visitor:{request.visitor_id}",
        holders=[Holder(name) for name in request.holders],
        channel=hold.channel,
        request_id=request.request_id,
    )


def _paid_steps(
    offer: Offer, requests: Mapping[UUID, PurchaseRequest], made: Sequence[ConfirmedOrder], now: datetime
) -> list[Step]:
    """The checkouts and payments of the new orders."""
    bought = [(requests[order.order_id], order) for order in made]
    terms = msgspec.json.encode(
        {str(offer.organizer_id): offer.terms_version, PLATFORM: PLATFORM_TERMS_VERSION}
    )
    checkout_ids = [request.checkout_id for request, _ in bought]
    steps: list[Step] = [
        (
            statement("tmam.orders", "insert_paid_checkouts"),
            (
                offer.currency,
                now,
                checkout_ids,
                [request.visitor_id for request, _ in bought],
                [request.language for request, _ in bought],
                [request.email for request, _ in bought],
                [request.name for request, _ in bought],
                [terms.decode()] * len(bought),
            ),
        ),
        (
            statement("tmam.orders", "insert_checkout_holds"),
            (offer.event_id, now, checkout_ids, [request.hold_id for request, _ in bought]),
        ),
    ]
    paid = [
        InstantPayment(request.payment_id, request.checkout_id, order.total_minor)
        for request, order in bought
        if order.total_minor > 0 and request.gateway == SANDBOX
    ]
    return steps + instant_steps(paid, offer.currency, now) if paid else steps
