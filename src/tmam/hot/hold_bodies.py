"""What a hold looks like on its way in (JSON or a page's form) and out. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

import msgspec
from msgspec import Meta

from tmam.hot.http import LANGUAGES, Request
from tmam.inventory.draws import CODE_CHARS_MAX, LARGEST_QUANTITY, MOST_WISHES, Wish, wishes_for
from tmam.inventory.holds import Hold, HoldLine
from tmam.kernel.errors import TmamError
from tmam.platform.errors import BadRequestError
from tmam.platform.strangers_json import read_json

QUANTITY_FIELD = re.compile(r"quantity-(\d{1,5})")
SEAT_FIELD = re.compile(r"seat-(\d{1,6})")
LEG_FIELD = re.compile(r"leg-(\d{1,2})-(event|date|from_stop|to_stop|ticket_type)")
IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,100}")
MOST_HOLDS = 8
# A journey as its page's address names it: `event.date.from.to`, with `~` between its rides.
JOURNEY = re.compile(r"[0-9.~]{7,100}")

Ordinal = Annotated[int, Meta(ge=0, le=65_535)]
Seats = Annotated[tuple[Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)], ...], Meta(max_length=1_000)]


class LineBody(msgspec.Struct, forbid_unknown_fields=True):
    """One line of `POST /hot/holds`, see `inventory.draws.Wish`."""

    date: int
    ticket_type: int
    quantity: int = 0
    from_stop: Ordinal | None = None
    to_stop: Ordinal | None = None
    seats: Seats = ()
    section: Ordinal | None = None
    accessible: int = 0


class HoldBody(msgspec.Struct, forbid_unknown_fields=True):
    """The JSON of `POST /hot/holds`: `lines`, or the short form `date` with `quantities` (ticket type → number).

    `take`: `all` or nothing, or `what_is_left`.
    """

    event: int
    lines: Annotated[tuple[LineBody, ...], Meta(max_length=MOST_WISHES)] = ()
    date: int | None = None
    quantities: dict[int, int] = {}
    take: Annotated[str, Meta(pattern="^(all|what_is_left)$")] = "all"
    code: Annotated[str, Meta(max_length=CODE_CHARS_MAX)] = ""
    idempotency_key: str | None = None

    def wishes(self) -> tuple[Wish, ...]:
        """What is asked for."""
        short = wishes_for(self.date, self.quantities) if self.date is not None else ()
        return short + tuple(
            [
                Wish(
                    line.date,
                    line.ticket_type,
                    line.quantity,
                    line.from_stop,
                    line.to_stop,
                    line.seats,
                    line.section,
                    line.accessible,
                )
                for line in self.lines
            ]
        )


class BasketBody(msgspec.Struct, forbid_unknown_fields=True):
    """The JSON of `POST /hot/baskets`: holds of several events, all or nothing."""

    holds: Annotated[tuple[HoldBody, ...], Meta(min_length=1, max_length=MOST_HOLDS)]


@dataclass(frozen=True)
class FormHold:
    """One hold of a form."""

    event: int
    wishes: tuple[Wish, ...]


@dataclass(frozen=True)
class HoldForm:
    """A page's form as read: what it asks for, and what was typed, to be shown again."""

    holds: tuple[FormHold, ...]
    language: str
    date: int = 0
    code: str = ""
    takes_less: bool = False
    typed: dict[str, str] = field(default_factory=dict)
    journey: str = ""
    idempotency_key: str | None = None


_HOLD = msgspec.json.Decoder(HoldBody)
_BASKET = msgspec.json.Decoder(BasketBody)


def decode_hold_body(body: bytes) -> HoldBody:
    """The JSON of one hold.

    Raises:
        BadRequestError: it is none.
    """
    hold = read_json(body, _HOLD)
    if not hold.lines and hold.date is None:
        raise BadRequestError(where="lines")
    return hold


def decode_basket_body(body: bytes) -> BasketBody:
    """The JSON of a basket.

    Raises:
        BadRequestError: it is none.
    """
    return read_json(body, _BASKET)


def read_form(request: Request) -> HoldForm:
    """A page's form: one date of an event, or the legs of a journey.

    `event`, `date` and per ticket type `quantity-…`, `section-…`, `accessible-…`, per picked seat
    `seat-<number>=<type>`, on trips `from_stop` and `to_stop`; or `leg-1-event` and so on, with one `quantity`.
    What cannot be read becomes a number that the rules refuse by name.
    """
    fields = request.form()
    language = fields.get("language", "")
    date = _small_number(fields.get("date"))
    typed = {
        name: text[:CODE_CHARS_MAX]
        for name, text in fields.items()
        if text.strip() not in {"", "0"} and _is_kept(name)
    }
    legs = _legs(fields)
    holds = legs or (FormHold(_small_number(fields.get("event")), _wishes(fields, date)),)
    return HoldForm(
        holds=holds,
        language=language if language in LANGUAGES else request.language,
        date=date,
        code=fields.get("code", "")[:CODE_CHARS_MAX],
        takes_less=fields.get("take") == "what_is_left",
        typed=typed,
        journey=journey if JOURNEY.fullmatch(journey := fields.get("journey", "")) else "",
        idempotency_key=fields.get("idempotency_key") or None,
    )


def _is_kept(name: str) -> bool:
    return bool(QUANTITY_FIELD.fullmatch(name) or SEAT_FIELD.fullmatch(name)) or name.startswith(
        ("section-", "accessible-", "code", "take", "quantity")
    )


def _wishes(fields: dict[str, str], date: int) -> tuple[Wish, ...]:
    stops = (_stop(fields.get("from_stop")), _stop(fields.get("to_stop")))
    picked: dict[int, list[int]] = {}
    for name, text in fields.items():
        if match := SEAT_FIELD.fullmatch(name):
            picked.setdefault(_small_number(text), []).append(int(match[1]))
    wishes = [
        Wish(date, ticket_type, len(seats), *stops, tuple(sorted(seats)))
        for ticket_type, seats in sorted(picked.items())
    ]
    for name, text in fields.items():
        match = QUANTITY_FIELD.fullmatch(name)
        if match and text.strip() not in {"", "0"}:
            ticket_type = int(match[1])
            section = fields.get(f"section-{ticket_type}") or None
            wishes.append(
                Wish(
                    date,
                    ticket_type,
                    _quantity(text),
                    *stops,
                    (),
                    None if section is None else _small_number(section),
                    _small_number(fields.get(f"accessible-{ticket_type}")),
                )
            )
    return tuple(wishes)


def _legs(fields: dict[str, str]) -> tuple[FormHold, ...]:
    legs: dict[int, dict[str, int]] = {}
    for name, text in fields.items():
        if match := LEG_FIELD.fullmatch(name):
            legs.setdefault(int(match[1]), {})[match[2]] = _small_number(text)
    quantity = _quantity(fields.get("quantity", ""))
    return tuple(
        FormHold(
            leg.get("event", 0),
            (
                Wish(
                    leg.get("date", 0),
                    leg.get("ticket_type", 0),
                    quantity,
                    leg.get("from_stop"),
                    leg.get("to_stop"),
                ),
            ),
        )
        for _, leg in sorted(legs.items())
    )[:MOST_HOLDS]


def _quantity(text: str) -> int:
    """A typed quantity; anything that is not a whole number becomes one that the rules refuse by name."""
    text = text.strip()
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text) else LARGEST_QUANTITY + 1


def _small_number(text: str | None) -> int:
    return int(text) if text and re.fullmatch(r"[0-9]{1,10}", text) else 0


def _stop(text: str | None) -> int | None:
    return None if text is None or not text.strip() else _small_number(text)


def back_to_event(form: HoldForm, error: TmamError) -> str:
    """The address of the event's or journey's page that tells why its form was refused, with all that was typed."""
    facts = {name: _fact(value) for name, value in error.facts().items()}
    if form.journey:
        query = urlencode({"rides": form.journey, "problem": error.code, **facts, **form.typed})
        return f"/{form.language}/trips/journey/?{query}#order"
    query = urlencode({"date": form.date, "problem": error.code, **facts, **form.typed})
    return f"/{form.language}/e/{form.holds[0].event}-/?{query}#order"


def _fact(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def hold_json(hold: Hold, wishes: tuple[Wish, ...] = ()) -> dict[str, object]:
    """A hold as the API shows it to its visitor; `missing` is what was wished and not got."""
    answer: dict[str, object] = {
        "event": hold.event_id,
        "hold": str(hold.id),
        "state": hold.state,
        "expires_at": hold.expires_at,
        "can_extend": hold.state == "held" and hold.extensions == 0,
        "total_minor": hold.total_minor,
        "lines": hold.lines,
    }
    if wishes:
        answer["missing"] = _missing(hold.lines, wishes)
    return answer


def _missing(lines: tuple[HoldLine, ...], wishes: tuple[Wish, ...]) -> list[dict[str, int]]:
    got: dict[tuple[int, int], int] = {}
    for line in lines:
        got[line.date, line.ticket_type] = got.get((line.date, line.ticket_type), 0) + line.quantity
    missing: list[dict[str, int]] = []
    for wish in wishes:
        key = wish.date, wish.ticket_type
        wanted = len(wish.seats) or wish.quantity
        lacking = wanted - min(wanted, got.get(key, 0))
        got[key] = got.get(key, 0) - (wanted - lacking)
        if lacking:
            missing.append({"date": wish.date, "ticket_type": wish.ticket_type, "quantity": lacking})
    return missing
