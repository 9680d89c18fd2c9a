"""Hold, look, extend, release: the visitor's verbs of the hot shell."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

import structlog

from tmam.hot.database import Database, Offers
from tmam.hot.hold_bodies import (
    IDEMPOTENCY_KEY,
    HoldBody,
    back_to_event,
    decode_basket_body,
    decode_hold_body,
    hold_json,
    read_form,
)
from tmam.hot.http import FORM, JSON, Answer, Request, json_answer, see_other
from tmam.hot.visitors import Visitors
from tmam.inventory.draws import HoldRequest
from tmam.inventory.errors import HoldNotFoundError, InventoryError, NoSuchTicketError
from tmam.inventory.extend_hold import extend_hold, own_hold
from tmam.inventory.hold_places import hold_places
from tmam.inventory.holds import Hold
from tmam.inventory.release_hold import release_holds
from tmam.kernel.errors import TmamError
from tmam.kernel.ids import LARGEST_EVENT_ID, new_uuid7
from tmam.kernel.networks import network_of
from tmam.kernel.typed_codes import visible
from tmam.platform.batching import Batcher
from tmam.platform.errors import BadRequestError

log = structlog.get_logger("tmam.hot")


class HoldDesk:
    """Serves holds in natural batches, one transaction per batch and event."""

    def __init__(
        self, database: Database, offers: Offers, visitors: Visitors, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._offers = offers
        self._visitors = visitors
        self._clock = clock
        self.batches: Batcher[int, HoldRequest, Hold | InventoryError] = Batcher(self._serve)
        self.releases: Batcher[int, tuple[UUID, UUID], InventoryError | None] = Batcher(self._serve_releases)

    async def hold(self, request: Request) -> Answer:
        """`POST /hot/holds`: JSON → 201 with the hold; a form → 303 to the checkout, or back with the reason."""
        self._visitors.check(request)
        visitor_id, cookie = self._visitors.greet(request)
        if request.content_type == JSON:
            body = decode_hold_body(request.body)
            asked = self._request(request, visitor_id, body)
            hold = await self._submit(body.event, asked)
            missing = asked.wishes if asked.takes_less else ()
            return json_answer(hold_json(hold, missing), 201, [("cache-control", "no-store"), *cookie])
        if request.content_type != FORM:
            raise BadRequestError(where="Content-Type")
        return await self._hold_form(request, visitor_id, cookie)

    async def hold_basket(self, request: Request) -> Answer:
        """`POST /hot/baskets`: holds of several events, all or nothing → 201 with the holds."""
        self._visitors.check(request)
        visitor_id, cookie = self._visitors.greet(request)
        if request.content_type != JSON:
            raise BadRequestError(where="Content-Type")
        bodies = decode_basket_body(request.body).holds
        holds = await self._submit_all(
            [(body.event, self._request(request, visitor_id, body)) for body in bodies]
        )
        return json_answer(
            {"holds": [hold_json(hold) for hold in holds]}, 201, [("cache-control", "no-store"), *cookie]
        )

    async def show(self, request: Request, event_id: int, hold_id: UUID) -> Answer:
        """`GET /hot/holds/{event}/{hold}`: the visitor's own hold."""
        visitor_id = self._visitors.known(request)
        return json_answer(
            hold_json(await self._database.run(lambda: own_hold(event_id, hold_id, visitor_id)))
        )

    async def extend(self, request: Request, event_id: int, hold_id: UUID) -> Answer:
        """`POST /hot/holds/{event}/{hold}/extend`: more time, once."""
        self._visitors.check(request)
        visitor_id = self._visitors.known(request)
        offer, _ = await self._offers.get(event_id)
        if offer is None:
            raise HoldNotFoundError
        minutes = offer.extension_minutes
        hold = await self._database.run(
            lambda: extend_hold(event_id, hold_id, visitor_id, minutes, self._clock())
        )
        return json_answer(hold_json(hold))

    async def release(self, request: Request, event_id: int, hold_id: UUID) -> Answer:
        """`POST /hot/holds/{event}/{hold}/release`: put the places back on sale."""
        self._visitors.check(request)
        visitor_id = self._visitors.known(request)
        await self._release(event_id, hold_id, visitor_id)
        return Answer(204, headers=[("cache-control", "no-store")])

    async def _hold_form(self, request: Request, visitor_id: UUID, cookie: list[tuple[str, str]]) -> Answer:
        form = read_form(request)
        asked = [
            (
                wanted.event,
                HoldRequest(
                    new_uuid7(self._clock()),
                    visitor_id,
                    wanted.wishes,
                    _checked_key(form.idempotency_key),
                    is_form=True,
                    takes_less=form.takes_less,
                    code=_code(form.code),
                    identities=_identities(request),
                ),
            )
            for wanted in form.holds
        ]
        try:
            holds = await self._submit_all(asked)
        except TmamError as error:
            return see_other(back_to_event(form, error), cookie)
        query = [("event", str(hold.event_id)) for hold in holds] + [("hold", str(hold.id)) for hold in holds]
        return see_other(f"/checkout/add/?{urlencode([*query, ('language', form.language)])}", cookie)

    def _request(self, request: Request, visitor_id: UUID, body: HoldBody) -> HoldRequest:
        return HoldRequest(
            new_uuid7(self._clock()),
            visitor_id,
            body.wishes(),
            _checked_key(body.idempotency_key),
            takes_less=body.take == "what_is_left",
            code=_code(body.code),
            identities=_identities(request),
        )

    async def _submit(self, event_id: int, request: HoldRequest) -> Hold:
        if not 0 < event_id <= LARGEST_EVENT_ID:
            raise NoSuchTicketError
        answer = await self.batches.submit(event_id, request)
        if isinstance(answer, InventoryError):
            raise answer
        return answer

    async def _submit_all(self, asked: Sequence[tuple[int, HoldRequest]]) -> list[Hold]:
        """All of several holds or none: what was got is given back when one is refused."""
        if len(asked) == 1:
            return [await self._submit(*asked[0])]
        answers = await asyncio.gather(
            *(self._submit(event_id, request) for event_id, request in asked), return_exceptions=True
        )
        holds = [answer for answer in answers if isinstance(answer, Hold)]
        failed = [answer for answer in answers if isinstance(answer, BaseException)]
        if failed:
            await asyncio.gather(*(self._give_back(hold) for hold in holds))
            raise failed[0]
        return holds

    async def _give_back(self, hold: Hold) -> None:
        try:
            await self._release(hold.event_id, hold.id, hold.visitor_id)
        except TmamError as error:  # its time will give it back
            log.warning("hold_not_given_back", hold_id=str(hold.id), code=error.code)

    async def _release(self, event_id: int, hold_id: UUID, visitor_id: UUID) -> None:
        refusal = await self.releases.submit(event_id, (hold_id, visitor_id))
        if refusal is not None:
            raise refusal

    async def _serve_releases(
        self, event_id: int, wanted: list[tuple[UUID, UUID]]
    ) -> list[InventoryError | None]:
        return await self._database.run(lambda: release_holds(event_id, wanted, self._clock()))

    async def _serve(self, event_id: int, requests: list[HoldRequest]) -> list[Hold | InventoryError]:
        dates = {wish.date for request in requests for wish in request.wishes}
        offer, plan = await self._offers.get(event_id, dates)
        if offer is None:
            return [NoSuchTicketError() for _ in requests]
        return await self._database.run(lambda: hold_places(offer, plan, requests, self._clock()))


def _identities(request: Request) -> dict[str, str]:
    network = network_of(request.client)
    return {} if network is None else {"network": network}


def _checked_key(key: str | None) -> str | None:
    if key is not None and not IDEMPOTENCY_KEY.fullmatch(key):
        raise BadRequestError(where="idempotency_key")
    return key


def _code(typed: str) -> str:
    """A sales code as the catalogue keeps it: capitals, no spaces, nothing invisible."""
    code = visible(typed)
    if not code.isprintable():
        raise BadRequestError(where="code")
    return code
