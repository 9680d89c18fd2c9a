"""Hold, look, extend, release: the visitor's verbs of the hot shell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from tmam.hot.database import Database, Offers
from tmam.hot.http import FORM, JSON, LANGUAGES, Answer, Request, json_answer, see_other
from tmam.inventory.draws import LARGEST_QUANTITY, HoldRequest, wishes_for
from tmam.inventory.errors import HoldNotFoundError, InventoryError, NoSuchTicketError
from tmam.inventory.extend_hold import extend_hold, own_hold
from tmam.inventory.hold_places import hold_places
from tmam.inventory.holds import Hold
from tmam.inventory.release_hold import release_hold
from tmam.kernel.errors import TmamError
from tmam.kernel.ids import LARGEST_EVENT_ID, new_uuid7
from tmam.platform.batching import Batcher
from tmam.platform.errors import BadRequestError
from tmam.platform.settings import Settings
from tmam.platform.visitors import COOKIE, COOKIE_AGE_S, read_visitor, sign_visitor

QUANTITY_FIELD = re.compile(r"quantity-(\d{1,5})")
IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,100}")


class HoldBody(msgspec.Struct, forbid_unknown_fields=True):
    """The JSON of `POST /hot/holds`. `quantities`: ticket type → number."""

    event: int
    date: int
    quantities: dict[int, int]
    idempotency_key: str | None = None


@dataclass(frozen=True)
class _Form:
    event: int
    date: int
    language: str
    quantities: dict[int, int]
    typed: dict[str, str]
    idempotency_key: str | None


class HoldDesk:
    """Serves holds in natural batches, one transaction per batch and event."""

    def __init__(
        self,
        database: Database,
        offers: Offers,
        secret: str,
        settings: Settings,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._offers = offers
        self._secret = secret
        self._origins = settings.origins
        self._is_secure = not settings.is_loopback
        self._clock = clock
        self.batches: Batcher[int, HoldRequest, Hold | InventoryError] = Batcher(self._serve)

    async def hold(self, request: Request) -> Answer:
        """`POST /hot/holds`: JSON → 201 with the hold; a form → 303 to the checkout, or back with the reason."""
        request.require_same_site(self._origins)
        visitor_id, cookie = self._visitor(request)
        if request.content_type == JSON:
            body = _decode_body(request.body)
            hold = await self._submit(
                visitor_id, body.event, body.date, body.quantities, body.idempotency_key
            )
            return json_answer(hold_json(hold), 201, [("cache-control", "no-store"), *cookie])
        if request.content_type != FORM:
            raise BadRequestError(where="Content-Type")
        form = _read_form(request)
        try:
            hold = await self._submit(
                visitor_id, form.event, form.date, form.quantities, form.idempotency_key, is_form=True
            )
        except TmamError as error:
            return see_other(_back_to_event(form, error), cookie)
        query = urlencode({"event": hold.event_id, "hold": str(hold.id), "language": form.language})
        return see_other(f"/checkout/add/?{query}", cookie)

    async def show(self, request: Request, event_id: int, hold_id: UUID) -> Answer:
        """`GET /hot/holds/{event}/{hold}`: the visitor's own hold."""
        visitor_id = self._known_visitor(request)
        return json_answer(
            hold_json(await self._database.run(lambda: own_hold(event_id, hold_id, visitor_id)))
        )

    async def extend(self, request: Request, event_id: int, hold_id: UUID) -> Answer:
        """`POST /hot/holds/{event}/{hold}/extend`: more time, once."""
        request.require_same_site(self._origins)
        visitor_id = self._known_visitor(request)
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
        request.require_same_site(self._origins)
        visitor_id = self._known_visitor(request)
        await self._database.run(lambda: release_hold(event_id, hold_id, visitor_id, self._clock()))
        return Answer(204, headers=[("cache-control", "no-store")])

    async def _submit(
        self,
        visitor_id: UUID,
        event_id: int,
        date: int,
        quantities: Mapping[int, int],
        key: str | None,
        *,
        is_form: bool = False,
    ) -> Hold:
        if not 0 < event_id <= LARGEST_EVENT_ID:
            raise NoSuchTicketError
        if key is not None and not IDEMPOTENCY_KEY.fullmatch(key):
            raise BadRequestError(where="idempotency_key")
        request = HoldRequest(
            new_uuid7(self._clock()), visitor_id, wishes_for(date, quantities), key, is_form
        )
        answer = await self.batches.submit(event_id, request)
        if isinstance(answer, InventoryError):
            raise answer
        return answer

    async def _serve(self, event_id: int, requests: list[HoldRequest]) -> list[Hold | InventoryError]:
        offer, plan = await self._offers.get(event_id)
        if offer is None:
            return [NoSuchTicketError() for _ in requests]
        return await self._database.run(lambda: hold_places(offer, plan, requests, self._clock()))

    def _visitor(self, request: Request) -> tuple[UUID, list[tuple[str, str]]]:
        """The visitor and, for a new one, the header that sets the cookie."""
        known = read_visitor(request.cookie(COOKIE), self._secret)
        if known is not None:
            return known, []
        visitor_id = new_uuid7(self._clock())
        secure = "; Secure" if self._is_secure else ""
        value = f"{COOKIE}={sign_visitor(visitor_id, self._secret)}; Path=/; Max-Age={COOKIE_AGE_S}; HttpOnly; SameSite=Lax{secure}"
        return visitor_id, [("set-cookie", value)]

    def _known_visitor(self, request: Request) -> UUID:
        visitor_id = read_visitor(request.cookie(COOKIE), self._secret)
        if visitor_id is None:
            raise HoldNotFoundError
        return visitor_id


def hold_json(hold: Hold) -> dict[str, object]:
    """A hold as the API shows it to its visitor."""
    return {
        "event": hold.event_id,
        "hold": str(hold.id),
        "state": hold.state,
        "expires_at": hold.expires_at,
        "can_extend": hold.state == "held" and hold.extensions == 0,
        "total_minor": hold.total_minor,
        "lines": hold.lines,
    }


def _decode_body(body: bytes) -> HoldBody:
    try:
        return msgspec.json.decode(body, type=HoldBody)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadRequestError(where=str(error)[:200]) from error


def _read_form(request: Request) -> _Form:
    fields = request.form()
    language = fields.get("language", "")
    quantities: dict[int, int] = {}
    typed: dict[str, str] = {}
    for name, text in fields.items():
        match = QUANTITY_FIELD.fullmatch(name)
        if match and text.strip() not in {"", "0"}:
            typed[name] = text[:20]
            quantities[int(match[1])] = _quantity(text)
    return _Form(
        _small_number(fields.get("event")),
        _small_number(fields.get("date")),
        language if language in LANGUAGES else request.language,
        quantities,
        typed,
        fields.get("idempotency_key") or None,
    )


def _quantity(text: str) -> int:
    """A typed quantity; anything that is not a whole number becomes one that the rules refuse by name."""
    text = text.strip()
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text) else LARGEST_QUANTITY + 1


def _small_number(text: str | None) -> int:
    return int(text) if text and re.fullmatch(r"[0-9]{1,10}", text) else 0


def _back_to_event(form: _Form, error: TmamError) -> str:
    facts = {
        name: value.isoformat() if isinstance(value, datetime) else str(value)
        for name, value in error.facts().items()
    }
    query = urlencode({"date": form.date, "problem": error.code, **facts, **form.typed})
    return f"/{form.language}/e/{form.event}-/?{query}#order"
