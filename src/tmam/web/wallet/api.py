"""What a wallet says to the server and hears from it. Its device key proves who it is; cookies prove nothing here."""

from __future__ import annotations

from typing import Final, TypeVar

import msgspec
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from tmam.accounts.browser_names import browser_name
from tmam.accounts.device_cookie import device_key
from tmam.fulfilment.wallet.contact import MOST_TICKETS, Held, News, hear_of_phone
from tmam.fulfilment.wallet.free_tickets import free_held
from tmam.fulfilment.wallet.keep_tickets import Phone, keep_tickets
from tmam.fulfilment.wallet.proofs import ProvenMessage, new_challenge, read_key, read_message, read_new_key
from tmam.fulfilment.wallet.renew_key import renew_key
from tmam.platform.clients import client_network
from tmam.platform.errors import BadRequestError
from tmam.platform.strangers_json import read_json
from tmam.web.minute_limit import MinuteLimit

# A message of one network a minute, in this process: a concert's phones may share one address.
CALLS: Final = MinuteLimit(1_200)

T = TypeVar("T", bound=msgspec.Struct)


class Take(msgspec.Struct, frozen=True):
    """`take`: the tickets that a code stands for. `contact` (base 64) is a second key that may give them back."""

    code: str
    contact: str = ""


class Sync(msgspec.Struct, frozen=True):
    """`sync`: what is in the phone."""

    have: list[Held]


class Renew(msgspec.Struct, frozen=True):
    """`renew`: the key (base 64) that this phone has from now on, its agreement, and what is in the phone."""

    key: str
    proof: str
    have: list[Held]


class TicketNumber(msgspec.Struct, frozen=True):
    """One ticket of an event."""

    event: int
    serial: int


class Leave(msgspec.Struct, frozen=True):
    """`leave`: what the phone gives back."""

    tickets: list[TicketNumber]


@never_cache
@require_safe
def challenge(request: HttpRequest) -> JsonResponse:
    """A challenge to sign, and our clock in milliseconds since 1970."""
    del request
    return JsonResponse({"challenge": new_challenge(), "now": _now_ms()})


@csrf_exempt  # the signature is the proof; a foreign page cannot make one
@never_cache
@require_POST
def take(request: HttpRequest) -> JsonResponse:
    """`{"code", "contact"}` → `{"tickets": [records]}`.

    Raises:
        TooManyRequestsError, BadRequestError, WalletProofError: see `_message`, `read_message`.
        WalletCodeError, WalletRaceError, AccountFrozenError: see `keep_tickets`.
    """
    message = _message(request, "take")
    asked = _body(message.body, Take)
    label = browser_name(request.headers.get("User-Agent", ""))
    phone = Phone(message.key, label, device_key(request), read_key(asked.contact) if asked.contact else None)
    records = keep_tickets(asked.code, phone, now=timezone.now())
    return JsonResponse({"tickets": records, "now": _now_ms()})


@csrf_exempt  # as above
@never_cache
@require_POST
def sync(request: HttpRequest) -> JsonResponse:
    """`{"have": [...]}` → `{"changed": [records], "gone": [{"event", "serial", "reason"}]}`.

    Raises:
        TooManyRequestsError, BadRequestError, WalletProofError: see `_message`, `read_message`, `hear_of_phone`.
    """
    message = _message(request, "sync")
    return _told(hear_of_phone(message.key, _body(message.body, Sync).have, now=timezone.now()))


@csrf_exempt  # as above
@never_cache
@require_POST
def renew(request: HttpRequest) -> JsonResponse:
    """`{"key", "proof", "have": [...]}` → as `sync`, with every ticket whole, bound to the new key. Twice is fine.

    Raises:
        TooManyRequestsError, BadRequestError, WalletProofError: see `_message`, `read_message`, `read_new_key`.
        WalletRaceError: see `renew_key`.
    """
    message = _message(request, "renew")
    asked = _body(message.body, Renew)
    new_key = read_new_key(message.key, asked.key, asked.proof)
    return _told(renew_key(message.key, new_key, asked.have, now=timezone.now()))


@csrf_exempt  # as above
@never_cache
@require_POST
def leave(request: HttpRequest) -> JsonResponse:
    """`{"tickets": [{"event", "serial"}]}` → `{"freed": 2}`, signed by device key or contact key. Twice is fine.

    Raises:
        TooManyRequestsError, BadRequestError, WalletProofError: see `_message`, `read_message`; or more than `MOST_TICKETS`.
        WalletRaceError: one of them changed at this very moment.
    """
    message = _message(request, "leave")
    tickets = _body(message.body, Leave).tickets
    if len(tickets) > MOST_TICKETS:
        raise BadRequestError(where="tickets")
    freed = free_held(message.key, [(each.event, each.serial) for each in tickets], now=timezone.now())
    return JsonResponse({"freed": freed})


def _message(request: HttpRequest, purpose: str) -> ProvenMessage:
    """Raises TooManyRequestsError before anything is read: the network has had its share of this minute."""
    CALLS.count(client_network(request))
    return read_message(request.body, purpose)


def _body(raw: bytes, kind: type[T]) -> T:
    return read_json(raw, msgspec.json.Decoder(kind), "body")


def _told(news: News) -> JsonResponse:
    gone = [
        {"event": event_id, "serial": serial, "reason": reason}
        for (event_id, serial), reason in news.gone.items()
    ]
    return JsonResponse({"changed": list(news.changed), "gone": gone, "now": _now_ms()})


def _now_ms() -> int:
    return int(timezone.now().timestamp() * 1000)
