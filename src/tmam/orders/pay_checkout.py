"""Pay a checkout: the one flow from the button to the tickets.

Three steps, each of which may be the last before a crash; `reconcile` picks up from any of them:
`begin_payment` (transactions) → the gateway (outside any transaction) → `record_answer` (transaction), which
for an approved payment goes on to `convert_checkout` (one transaction per event).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

from django.db import transaction

from tmam.catalog.models import EventStatus
from tmam.catalog.sales_rules import LimitKind
from tmam.inventory.errors import HoldExpiredError, InventoryError, LimitReachedError, NotOnSaleError
from tmam.inventory.extend_hold import keep_for_payment
from tmam.inventory.holds import Hold
from tmam.kernel.errors import TmamError
from tmam.kernel.money import Money
from tmam.orders.baskets import Basket
from tmam.orders.claim_identities import claim_identities
from tmam.orders.convert_checkout import convert_checkout
from tmam.orders.errors import (
    BasketChangedError,
    DetailsMissingError,
    PaymentRunningError,
    TermsNotAcceptedError,
    TooManyAttemptsError,
)
from tmam.orders.identities import card_identity, people
from tmam.orders.models import Checkout, CheckoutState
from tmam.orders.open_checkout import lock_open
from tmam.orders.progress import Progress, progress_of, record_answer
from tmam.orders.queries import load_basket, load_items, own_checkout
from tmam.orders.rules import LATE_BUT_WELCOME, MAX_PAYMENT_ATTEMPTS, PAYMENT_GRACE
from tmam.orders.terms import terms_to_accept
from tmam.payments.gateways import gateway_for_sale, gateway_named
from tmam.payments.models import Payment
from tmam.payments.ports import Declined, DeclineReason, Gateway
from tmam.payments.queries import count_payments
from tmam.payments.start_payment import start_payment
from tmam.platform.statements import run_verb_retrying

Clock: TypeAlias = Callable[[], datetime]
CARD_KINDS: Final = frozenset({LimitKind.CARD, LimitKind.CARD_DAY})


@dataclass(frozen=True)
class Agreed:
    """What the buyer saw and accepted when pressing the button."""

    total: Money
    terms: Mapping[str, str]


@dataclass(frozen=True)
class Begun:
    """The first step's result. `payment` is None for a free checkout; `is_mine` tells who calls the gateway."""

    payment: Payment | None
    is_mine: bool


def pay_checkout(
    *,
    checkout_id: UUID,
    visitor_id: UUID,
    agreed: Agreed,
    method_token: str,
    return_url: str,
    clock: Clock,
    user_id: int | None = None,
    request_id: str = "",
) -> Progress:
    """Take the money of a checkout and make its tickets; a free one skips the gateway.

    Safe to repeat: a second press finds the first one's payment and answers where that stands.

    Raises:
        CheckoutNotFoundError, CheckoutClosedError: not this visitor's, or given up.
        DetailsMissingError, TermsNotAcceptedError, BasketChangedError, TooManyAttemptsError: refused, not charged.
        HoldExpiredError, HoldEndedError, NotOnSaleError: some places are gone; refused, not charged.
        LimitReachedError: more than the buyer or the card may have; not charged, the places stay reserved.
        NoGatewayError: the operator has installed none.
    """
    checkout = own_checkout(checkout_id, visitor_id)
    if checkout.state in {CheckoutState.PAYING, CheckoutState.DONE}:
        return progress_of(checkout)
    if user_id is not None:
        checkout.user_id = user_id
    try:
        begun = begin_payment(checkout, agreed, clock())
    except TmamError:
        sale = _sale_of_a_faster_click(checkout_id, visitor_id)
        if sale is None:
            raise
        return sale
    if not begun.is_mine:
        return progress_of(own_checkout(checkout_id, visitor_id))
    payment = begun.payment
    if payment is None:
        convert_checkout(checkout_id, clock(), request_id=request_id)
        return progress_of(own_checkout(checkout_id, visitor_id))
    return _charge(
        checkout,
        payment,
        method_token=method_token,
        return_url=return_url,
        clock=clock,
        request_id=request_id,
    )


def _charge(
    checkout: Checkout,
    payment: Payment,
    *,
    method_token: str,
    return_url: str,
    clock: Clock,
    request_id: str,
) -> Progress:
    """Ask the gateway for the money of a payment that is on record, and record its answer.

    Raises:
        InventoryError: the card may have no more, or a place is gone; the payment is declined, nothing is charged.
    """
    gateway = gateway_named(payment.gateway)
    try:
        _claim_card(checkout, gateway, method_token, clock())
    except InventoryError as error:
        reason = DeclineReason.CARD_LIMIT if isinstance(error, LimitReachedError) else DeclineReason.CANCELLED
        record_answer(payment.id, Declined(reason), clock(), request_id=request_id)
        raise
    outcome = gateway.start(
        payment_id=payment.id,
        amount=Money(payment.amount_minor, payment.currency),
        method_token=method_token,
        return_url=return_url,
    )
    return record_answer(payment.id, outcome, clock(), request_id=request_id)


def _sale_of_a_faster_click(checkout_id: UUID, visitor_id: UUID) -> Progress | None:
    """Where another click stands that overtook this one; None if there is none.

    Once it has paid, its holds are tickets, which no longer read as a basket. What this buyer gets to see is that sale,
    not why it can't be made again.
    """
    current = own_checkout(checkout_id, visitor_id)
    is_under_way = current.state in {CheckoutState.PAYING, CheckoutState.DONE}
    return progress_of(current) if is_under_way else None


def begin_payment(checkout: Checkout, agreed: Agreed, now: datetime) -> Begun:
    """Keep the places for as long as paying takes, count them for who buys, then write the payment's row.

    Calls no gateway. `checkout.user` is who is signed in now, else who was when the details were saved.

    Each event's holds are kept in a transaction of their own, before the checkout's: a crash between leaves
    nothing but places that stay reserved some minutes longer. Places whose time ran out this very minute are
    still the buyer's, unless somebody else has them already.
    """
    basket = load_basket(checkout, now - LATE_BUT_WELCOME)
    _check_basket(basket, agreed)
    # Before any place is kept longer: who cannot pay here must not be able to keep places by pressing the button.
    gateway = gateway_for_sale().name if basket.total.amount_minor > 0 else None
    for item in basket.items:
        _keep(item.hold, now + PAYMENT_GRACE)
    known = people(email=checkout.email, phone=checkout.phone, user_id=checkout.user_id)
    claim_identities([item.hold for item in basket.items], known, now, before=known)
    with transaction.atomic():
        try:
            locked = lock_open(checkout.id, checkout.visitor_id)
        except PaymentRunningError:
            return Begun(None, is_mine=False)  # another click was faster
        if set(locked.holds.values_list("hold_id", flat=True)) != {item.hold.id for item in basket.items}:
            raise BasketChangedError
        if (locked.email, locked.phone) != (checkout.email, checkout.phone):
            raise BasketChangedError  # changed in another window since the places were counted for them
        started = None
        if gateway is not None:
            started = start_payment(checkout_id=locked.id, gateway=gateway, amount=basket.total, now=now)
        Checkout.objects.filter(id=locked.id).update(
            state=CheckoutState.PAYING, terms_versions=dict(agreed.terms), user_id=checkout.user_id
        )
    return Begun(started.payment, is_mine=started.is_new) if started else Begun(None, is_mine=True)


def _keep(hold: Hold, until: datetime) -> None:
    run_verb_retrying(lambda: keep_for_payment(hold.event_id, hold.id, hold.visitor_id, until))


def _claim_card(checkout: Checkout, gateway: Gateway, method_token: str, now: datetime) -> None:
    """Count the places for the card that is about to pay, where an event limits that; after a refusal for no card.

    The checkout has one live payment, so no second card can be counted between this and the charge.
    """
    items = load_items(checkout.holds.all())
    if not any(limit.kind in CARD_KINDS for item in items for limit in item.limits):
        return
    fingerprint = gateway.fingerprint(method_token)
    card = {"card": "" if fingerprint is None else card_identity(gateway.name, fingerprint)}
    claim_identities([item.hold for item in items], card, now, before={"card": ""})


def _check_basket(basket: Basket, agreed: Agreed) -> None:
    if not basket.items and basket.lost:
        lost = basket.lost[0].hold
        raise HoldExpiredError(expired_at=lost.expires_at)
    if not basket.items or basket.lost or agreed.total != basket.total:
        raise BasketChangedError
    for item in basket.items:
        is_called_off = item.event.status == EventStatus.CANCELLED
        if is_called_off or any(line.date.is_cancelled for line in item.lines):
            raise NotOnSaleError
    if not basket.is_named():
        raise DetailsMissingError
    if dict(agreed.terms) != terms_to_accept(basket.organizer_terms):
        raise TermsNotAcceptedError
    if count_payments(basket.checkout.id) >= MAX_PAYMENT_ATTEMPTS:
        raise TooManyAttemptsError(most=MAX_PAYMENT_ATTEMPTS)
