"""What happened before the newcomer came: sales and entries, made by the very verbs that serve real people.

Each purchase is held and confirmed at some moment of the last days; the entries are scans of the tickets' real
codes. Only the visits to the till and to the pretend bank are written down directly, paid already: walking through
them seventy times would take longer than all the rest of `make up`. What is decided by chance is seeded by the
event, so each loading looks alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from tmam.accounts.models import User
from tmam.catalog.offers import Offer, load_offer
from tmam.demo.audience import Person, audience
from tmam.gates.attempts import Attempt
from tmam.gates.redeem_ticket import redeem_tickets
from tmam.gates.register_device import register_device, revoke_device
from tmam.inventory.draws import HoldRequest, wishes_for
from tmam.inventory.hold_places import hold_places
from tmam.inventory.holds import Hold
from tmam.inventory.seat_plans import Plan, load_plan
from tmam.kernel.ids import new_uuid7
from tmam.orders.confirm_order import confirm_orders
from tmam.orders.models import Checkout, CheckoutHold, CheckoutState
from tmam.orders.order_rows import ConfirmedOrder, ConfirmRequest
from tmam.orders.terms import PLATFORM, terms_to_accept
from tmam.orders.wanted_tickets import Holder
from tmam.payments.adapters.sandbox.bank import ChargeState
from tmam.payments.models import Payment, PaymentState, SandboxCharge
from tmam.platform.statements import Verb, run_verb
from tmam.tickets.models import Ticket
from tmam.tickets.signing_keys import LoadedKey, load_signing_key
from tmam.tickets.token_of import token_of

GATEWAY = "sandbox"
SOLD_DATE = 1
ORDER_SIZES = (1, 2, 2, 3, 4, 4)
THINKS = timedelta(minutes=3)
SOLD_WITHIN = timedelta(days=9)
# The newest sales are this close to now, so that "today" is not empty; nothing is scanned before that.
LATEST_SALE = timedelta(minutes=70)
SCANNED_WITHIN = timedelta(minutes=50)
SCANNED_SHARE = 0.5
# An event that sells more than this is bought in orders as large as they may be, to keep loading short.
MANY_TICKETS = 18


@dataclass(frozen=True)
class _Event:
    """An event that has sold: all that selling needs, read once."""

    offer: Offer
    plan: Plan | None
    key: LoadedKey


@dataclass(frozen=True)
class _Sale:
    """One purchase: who buys how many of which ticket types, when."""

    event: _Event
    person: Person
    quantities: Mapping[int, int]
    at: datetime

    @property
    def paid_at(self) -> datetime:
        """When the bank said yes."""
        return self.at + THINKS


@dataclass(frozen=True)
class _Sold:
    """A purchase with the rows it left."""

    sale: _Sale
    hold: Hold
    checkout_id: UUID
    payment_id: UUID | None


def play_history(
    sold: Mapping[int, int], *, scanned_event_id: int, steward_email: str, now: datetime
) -> None:
    """Sell `sold` tickets of each event's first date, then let about half of one event's people in."""
    sales = [sale for event_id, tickets in sorted(sold.items()) for sale in _sales(event_id, tickets, now)]
    sales.sort(key=lambda sale: sale.at)
    _record_tills(run_verb(_sell(sales)))
    _let_in(scanned_event_id, steward_email, now)


def _sales(event_id: int, tickets: int, now: datetime) -> Iterator[_Sale]:
    """Purchases that add up to `tickets`, at moments of the last days."""
    chance = Random(event_id)  # noqa: S311 — a look, not a secret
    event = run_verb(_load_event(event_id))
    people = audience(chance)
    left = tickets
    while left:
        type_ = chance.choice(event.offer.ticket_types)
        most = min(left, event.offer.max_per_order, type_.max_per_order)
        size = min(most, chance.choice(ORDER_SIZES) if tickets <= MANY_TICKETS else most)
        ago = LATEST_SALE + SOLD_WITHIN * chance.random() ** 2
        yield _Sale(event, next(people), {type_.ordinal: size}, now - ago)
        left -= size


def _load_event(event_id: int) -> Verb[_Event]:
    offer = yield from load_offer(event_id)
    if offer is None:
        raise ValueError(f"there is no event {event_id}")
    plan = None if offer.seat_plan_id is None else (yield from load_plan(offer.seat_plan_id))
    return _Event(offer, plan, (yield from load_signing_key(event_id)))


def _sell(sales: Sequence[_Sale]) -> Verb[list[_Sold]]:
    """Hold and confirm each purchase at its moment."""
    done = []
    for sale in sales:
        offer, plan = sale.event.offer, sale.event.plan
        request = HoldRequest(new_uuid7(sale.at), new_uuid7(sale.at), wishes_for(SOLD_DATE, sale.quantities))
        (hold,) = yield from hold_places(offer, plan, [request], sale.at)
        if not isinstance(hold, Hold):
            raise hold
        is_free = hold.total_minor == 0
        sold = _Sold(sale, hold, new_uuid7(sale.at), None if is_free else new_uuid7(sale.paid_at))
        key, confirm = sale.event.key, _confirm_request(sold)
        (order,) = yield from confirm_orders(
            offer.event_id, [confirm], key, sale.paid_at, offer=offer, plan=plan
        )
        if not isinstance(order, ConfirmedOrder):
            raise order
        done.append(sold)
    return done


def _confirm_request(sold: _Sold) -> ConfirmRequest:
    sale = sold.sale
    terms = _terms(sale)
    return ConfirmRequest(
        hold_id=sold.hold.id,
        order_id=new_uuid7(sale.paid_at),
        checkout_id=sold.checkout_id,
        payment_id=sold.payment_id,
        gateway=GATEWAY if sold.payment_id else None,
        email=sale.person.email,
        name=sale.person.name,
        language=sale.person.language,
        terms_version=f"{terms[str(sale.event.offer.organizer_id)]}/{terms[PLATFORM]}",
        actor=f"visitor:{sold.hold.visitor_id}",
        holders=_holders(sold),
    )


def _terms(sale: _Sale) -> dict[str, str]:
    return terms_to_accept({sale.event.offer.organizer_id: sale.event.offer.terms_version})


def _holders(sold: _Sold) -> list[Holder]:
    types = [
        sold.sale.event.offer.type_by_ordinal[line.ticket_type]
        for line in sold.hold.lines
        for _ in range(line.quantity)
    ]
    company = sold.sale.person.company()
    return [
        Holder(
            next(company) if type_.asks_name or type_.asks_document else "",
            "000X" if type_.asks_document else "",
        )
        for type_ in types
    ]


def _record_tills(sold: Sequence[_Sold]) -> None:
    """The finished visits to the till, their payments, and what the pretend bank remembers of them."""
    Checkout.objects.bulk_create(
        Checkout(
            id=each.checkout_id,
            visitor_id=each.hold.visitor_id,
            state=CheckoutState.DONE,
            currency=each.sale.event.offer.currency,
            language=each.sale.person.language,
            email=each.sale.person.email,
            name=each.sale.person.name,
            terms_versions=_terms(each.sale),
            opened_at=each.sale.at,
            finished_at=each.sale.paid_at,
        )
        for each in sold
    )
    CheckoutHold.objects.bulk_create(
        CheckoutHold(
            checkout_id=each.checkout_id,
            event_id=each.hold.event_id,
            hold_id=each.hold.id,
            added_at=each.sale.at,
        )
        for each in sold
    )
    payments = [_payment(each, each.payment_id) for each in sold if each.payment_id is not None]
    Payment.objects.bulk_create(payments)
    SandboxCharge.objects.bulk_create(
        SandboxCharge(
            idempotency_key=payment.id,
            state=ChargeState.APPROVED,
            amount_minor=payment.amount_minor,
            currency=payment.currency,
        )
        for payment in payments
    )


def _payment(sold: _Sold, payment_id: UUID) -> Payment:
    return Payment(
        id=payment_id,
        checkout_id=sold.checkout_id,
        gateway=GATEWAY,
        state=PaymentState.APPROVED,
        amount_minor=sold.hold.total_minor,
        currency=sold.sale.event.offer.currency,
        gateway_reference=f"sandbox-{payment_id.hex[-12:]}",
        started_at=sold.sale.at,
        settled_at=sold.sale.paid_at,
        asked_at=sold.sale.at,
    )


def _let_in(event_id: int, steward_email: str, now: datetime) -> None:
    """Scan the tickets of the first to come, and one of them a second time at the other gate."""
    steward = User.objects.get(email=steward_email)
    key = run_verb(load_signing_key(event_id))
    tickets = list(Ticket.objects.filter(event_id=event_id).order_by("serial"))
    tickets = tickets[: int(len(tickets) * SCANNED_SHARE)]
    started_at = now - SCANNED_WITHIN
    scanners = {
        number: register_device(
            event_id=event_id, gate_number=number, steward=steward, name=name, now=started_at
        )
        for number, name in ((1, "Demo handheld A"), (2, "Demo handheld B"))
    }
    codes = [token_of(ticket, key) for ticket in tickets]
    visits = [(code, 1 + place % 2) for place, code in enumerate(codes)]
    visits += [(code, 2) for code in codes[:1]]
    for place, (code, gate_number) in enumerate(visits):
        at = started_at + SCANNED_WITHIN * (place + 1) / (len(visits) + 1)
        device, _ = scanners[gate_number]
        attempt = Attempt(new_uuid7(at), device.id, new_uuid7(at), gate_number, at, code=code)
        run_verb(redeem_tickets(event_id, [attempt]))
    for _, device_key in scanners.values():
        revoke_device(key=device_key, now=now)
