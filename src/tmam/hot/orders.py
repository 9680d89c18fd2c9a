"""`POST /hot/orders`: buy what is held, in natural batches; tickets with their tokens come back at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from tmam.hot.database import Database, Offers
from tmam.hot.http import JSON, LANGUAGES, Answer, Request, json_answer
from tmam.hot.visitors import Visitors
from tmam.inventory.errors import HoldNotFoundError, LimitReachedError
from tmam.inventory.release_hold import end_lapsed_holds
from tmam.kernel.errors import TmamError
from tmam.kernel.ids import LARGEST_EVENT_ID, new_uuid7
from tmam.orders.order_rows import ConfirmedOrder
from tmam.orders.purchase import PurchaseAnswer, PurchaseRequest, purchase
from tmam.orders.typed import TypedWrongError, read_email, read_name
from tmam.payments.errors import NoGatewayError
from tmam.platform.batching import Batcher
from tmam.platform.errors import BadRequestError
from tmam.platform.settings import Settings, current_settings
from tmam.platform.statements import Verb
from tmam.platform.strangers_json import read_json
from tmam.tickets.queries import tickets_of_order
from tmam.tickets.signing_keys import LoadedKey, load_signing_key
from tmam.tickets.token_of import token_of

# A new key of an event signs after this long at the latest; the old one stays good.
KEY_KEPT: Final = timedelta(seconds=5)
MOST_KEYS_KEPT: Final = 10_000
MOST_HOLDERS: Final = 1_000


class PaymentBody(msgspec.Struct, forbid_unknown_fields=True):
    """How to pay: a gateway's name and its token for the method."""

    gateway: Annotated[str, Meta(max_length=30)]
    method: Annotated[str, Meta(max_length=100)]


class HolderBody(msgspec.Struct, forbid_unknown_fields=True):
    """Who one ticket is for."""

    name: Annotated[str, Meta(max_length=500)] = ""


class OrderBody(msgspec.Struct, forbid_unknown_fields=True):
    """The JSON of `POST /hot/orders`. `total_minor` is the price agreed to; `payment` is left out when it is 0."""

    event: int
    hold: UUID
    email: Annotated[str, Meta(max_length=500)]
    name: Annotated[str, Meta(max_length=500)]
    total_minor: int
    accepts_terms: bool
    language: str = ""
    payment: PaymentBody | None = None
    holders: Annotated[tuple[HolderBody, ...], Meta(max_length=MOST_HOLDERS)] = ()


_ORDER = msgspec.json.Decoder(OrderBody)


class OrderDesk:
    """Serves purchases; one transaction serves all that wait for the same event."""

    def __init__(
        self,
        database: Database,
        offers: Offers,
        visitors: Visitors,
        clock: Callable[[], datetime],
        settings: Settings | None = None,
    ) -> None:
        self._database = database
        self._offers = offers
        self._visitors = visitors
        self._clock = clock
        self._is_production = (settings or current_settings()).mode == "production"
        self._keys: dict[int, tuple[datetime, LoadedKey]] = {}
        self.batches: Batcher[int, PurchaseRequest, PurchaseAnswer] = Batcher(self._serve)

    async def buy(self, request: Request) -> Answer:
        """Answer one purchase: 201 with the order and its tickets; repeated, with the same order.

        Raises:
            BadRequestError, HoldNotFoundError, and what `orders.purchase` refuses with.
        """
        self._visitors.check(request)
        visitor_id = self._visitors.known(request)
        body = _read_order(request)
        if not 0 < body.event <= LARGEST_EVENT_ID:
            raise HoldNotFoundError
        if body.payment is not None and self._is_production:
            raise NoGatewayError  # the gateways of one step move no real money
        asked = self._asked(request, visitor_id, body)
        answer = await self.batches.submit(body.event, asked)
        if isinstance(answer, LimitReachedError):
            ended = await self._database.run(lambda: end_lapsed_holds(body.event, self._clock()))
            if ended:  # without those who only seemed to be there
                answer = await self.batches.submit(body.event, asked)
        if isinstance(answer, TmamError):
            raise answer
        tickets: list[dict[str, object]] = [
            {
                "serial": ticket.serial,
                "token": ticket.token,
                "date": ticket.wanted.date_ordinal,
                "ticket_type": ticket.wanted.ticket_type,
                "seat": ticket.wanted.seat,
            }
            for ticket in answer.tickets
        ]
        if not tickets:
            tickets = await self._database.run(lambda: _tickets_again(answer))
        return json_answer(
            {
                "order": str(answer.order_id),
                "event": answer.event_id,
                "booking_reference": answer.booking_reference,
                "total_minor": answer.total_minor,
                "currency": answer.currency,
                "tickets": tickets,
            },
            201,
        )

    def _asked(self, request: Request, visitor_id: UUID, body: OrderBody) -> PurchaseRequest:
        now = self._clock()
        try:
            email, name = read_email(body.email), read_name(body.name)
            holders = tuple([read_name(holder.name) if holder.name else "" for holder in body.holders])
        except TypedWrongError as error:
            raise BadRequestError(where=error.problem.value) from error
        return PurchaseRequest(
            hold_id=body.hold,
            visitor_id=visitor_id,
            order_id=new_uuid7(now),
            checkout_id=new_uuid7(now),
            payment_id=new_uuid7(now),
            total_minor=body.total_minor,
            email=email,
            name=name,
            language=body.language if body.language in LANGUAGES else request.language,
            accepts_terms=body.accepts_terms,
            gateway=body.payment.gateway if body.payment else "",
            method=body.payment.method if body.payment else "",
            holders=holders,
            request_id=request.request_id,
        )

    async def _serve(self, event_id: int, requests: list[PurchaseRequest]) -> list[PurchaseAnswer]:
        now = self._clock()
        offer, plan = await self._offers.get(event_id)
        if offer is None:
            return [HoldNotFoundError() for _ in requests]
        key = await self._key(event_id, now)
        return await self._database.run(
            lambda: purchase(event_id, requests, key, self._clock(), offer=offer, plan=plan)
        )

    async def _key(self, event_id: int, now: datetime) -> LoadedKey:
        kept = self._keys.get(event_id)
        if kept is not None and now - kept[0] < KEY_KEPT:
            return kept[1]
        key = await self._database.run(lambda: load_signing_key(event_id))
        if len(self._keys) >= MOST_KEYS_KEPT:
            self._keys.clear()
        self._keys[event_id] = now, key
        return key


def _read_order(request: Request) -> OrderBody:
    if request.content_type != JSON:
        raise BadRequestError(where="Content-Type")
    return read_json(request.body, _ORDER)


def _tickets_again(order: ConfirmedOrder) -> Verb[list[dict[str, object]]]:
    """The tickets of an order that was made before: signing is deterministic, so their tokens are the same."""
    rows = yield from tickets_of_order(order.event_id, order.order_id)
    keys = {}
    for key_id in {row.key_id for row in rows}:
        keys[key_id] = yield from load_signing_key(order.event_id, key_id)
    return [
        {
            "serial": row.serial,
            "token": token_of(row, keys[row.key_id]),
            "date": row.date_ordinal,
            "ticket_type": row.ticket_type,
            "seat": row.seat,
        }
        for row in rows
    ]
