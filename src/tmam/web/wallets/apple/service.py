"""The five calls by which iPhones keep passes up to date.

Source: Apple, "Wallet Passes": "Adding a web service to update passes". Nobody is signed in here and no cookie is
looked at: what proves a phone is the pass's own secret in `Authorization: ApplePass <secret>`; asking what changed,
the name that the phone gave itself. Neither secrets nor push tokens reach a log.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Final

import msgspec
import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils import timezone
from django.utils.http import http_date, parse_http_date_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tmam.delivery.apple.package import PKPASS_MEDIA_TYPE
from tmam.delivery.apple.site_certificate import apple_certificate
from tmam.fulfilment.apple.held import admits, is_held, last_change, ticket_changes
from tmam.fulfilment.apple.make_pass import renewed_pass
from tmam.fulfilment.apple.numbers import PassNumber, is_update_secret, read_pass_number
from tmam.fulfilment.apple.registrations import changed_passes, register, unregister
from tmam.fulfilment.errors import PassNotYoursError
from tmam.orders.models import Order
from tmam.orders.order_summary import OrderSummary, summarize_order
from tmam.platform.clients import client_network
from tmam.platform.errors import BadRequestError, NotFoundError, TooLargeError
from tmam.platform.strangers_json import read_json
from tmam.tickets.models import Ticket
from tmam.web.me.decoration import poster_of
from tmam.web.minute_limit import MinuteLimit

View = Callable[..., HttpResponse]

CALLS: Final = MinuteLimit(1_200)
LOGS: Final = MinuteLimit(30)
REGISTRATION_BYTES: Final = 2_000
LOG_BYTES: Final = 20_000
MOST_LOG_LINES, LONGEST_LOG_LINE = 20, 300
DEVICE: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
PUSH_TOKEN: Final = re.compile(r"[0-9A-Fa-f]{32,200}")
_SECRETS: Final = re.compile(r"ApplePass\s+\S+|[0-9A-Fa-f]{32,}")

log = structlog.get_logger("tmam.apple")


class _Registration(msgspec.Struct):
    pushToken: str  # noqa: N815 - Apple's name


class _Log(msgspec.Struct):
    logs: list[str]


_REGISTRATION: Final = msgspec.json.Decoder(_Registration)
_LOG: Final = msgspec.json.Decoder(_Log)


def for_phones(view: View) -> View:
    """Counted by network, kept by nobody, without cookies; nothing is here when there is no certificate."""

    @wraps(view)
    def counted(request: HttpRequest, *args: str, **named: str) -> HttpResponse:
        CALLS.count(client_network(request))
        if apple_certificate() is None:
            raise NotFoundError
        return view(request, *args, **named)

    return csrf_exempt(never_cache(counted))


@for_phones
@require_http_methods(["POST", "DELETE"])
def registration_view(request: HttpRequest, device: str, pass_type: str, number: str) -> HttpResponse:
    """A phone took a pass into its wallet (201, or 200 if we knew), or out of it (200).

    Raises:
        PassNotYoursError: not with this pass's secret.
        BadRequestError, TooLargeError: no phone's name, no push token, more than 2 kB.
    """
    of = _proven(request, pass_type, number)
    if not DEVICE.fullmatch(device):
        raise BadRequestError(where="device")
    if request.method == "DELETE":
        unregister(device=device, number=number)
        return HttpResponse(status=200)
    body = _body(request, REGISTRATION_BYTES)
    push_token = read_json(body, _REGISTRATION, "pushToken").pushToken
    if not PUSH_TOKEN.fullmatch(push_token):
        raise BadRequestError(where="pushToken")
    is_new = register(
        device=device,
        number=number,
        of=of,
        ticket=_ticket(of),
        push_token=push_token.lower(),
        now=timezone.now(),
    )
    return HttpResponse(status=201 if is_new else 200)


@for_phones
@require_GET
def changed_view(request: HttpRequest, device: str, pass_type: str) -> HttpResponse:
    """Which of a phone's passes changed since the tag it was given last (204: none)."""
    certificate = apple_certificate()
    if certificate is None or pass_type != certificate.pass_type or not DEVICE.fullmatch(device):
        return HttpResponse(status=204)
    listed = changed_passes(device=device, since=request.GET.get("passesUpdatedSince", ""))
    if listed is None:
        return HttpResponse(status=204)
    return JsonResponse({"serialNumbers": list(listed.numbers), "lastUpdated": listed.tag})


@for_phones
@require_GET
def latest_pass_view(request: HttpRequest, pass_type: str, number: str) -> HttpResponse:
    """The pass as it is now; 304 if it has not changed since `If-Modified-Since`. Void for who no longer holds the ticket.

    Raises:
        PassNotYoursError: not with this pass's secret.
    """
    of = _proven(request, pass_type, number)
    ticket = _ticket(of)
    # Before anything of the pass is read: what is sent may be newer than it says, never older.
    change = last_change(of.event_id, ticket.date_ordinal, of.serial)
    holds = is_held(of, ticket, ticket_changes(of.event_id, [of.serial]))
    modified_at = int((change.changed_at if change else ticket.issued_at).timestamp())
    asked = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    # A ticket that just ended may not be in the log's changes yet: its pass is always sent.
    # A time ahead of our clock says nothing (RFC 9110, 13.1.3), but for our own: changes count whole seconds (`AppleChange`).
    is_known = asked is not None and modified_at <= asked <= max(modified_at, timezone.now().timestamp())
    if holds and admits(ticket) and is_known:
        return HttpResponseNotModified(headers={"Last-Modified": http_date(modified_at)})
    order = _order(ticket)
    (line,) = (line for line in order.lines if line.ticket.serial == of.serial)
    content = renewed_pass(order, line, of, is_held=holds, poster_svg=poster_of(order.event))
    return HttpResponse(
        content, content_type=PKPASS_MEDIA_TYPE, headers={"Last-Modified": http_date(modified_at)}
    )


@for_phones
@require_POST
def log_view(request: HttpRequest) -> HttpResponse:
    """What phones complain about goes to our log: twenty lines of 300 characters, without secrets.

    Raises:
        BadRequestError, TooLargeError: no `{"logs": […]}`, more than 20 kB.
    """
    LOGS.count(client_network(request))
    lines = read_json(_body(request, LOG_BYTES), _LOG, "logs").logs
    for line in lines[:MOST_LOG_LINES]:
        shown = "".join(char if char.isprintable() else " " for char in line[: 2 * LONGEST_LOG_LINE])
        log.warning("apple.phone_says", said=_SECRETS.sub("[hidden]", shown)[:LONGEST_LOG_LINE])
    return HttpResponse(status=200)


def _proven(request: HttpRequest, pass_type: str, number: str) -> PassNumber:
    """What a serial number stands for, when its secret was shown."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    certificate = apple_certificate()
    of = read_pass_number(settings.SECRET_KEY, number)
    is_secret = is_update_secret(settings.SECRET_KEY, number, secret.strip()[:100])
    if (
        of is None
        or not is_secret
        or scheme != "ApplePass"
        or certificate is None
        or pass_type != certificate.pass_type
    ):
        raise PassNotYoursError
    return of


def _ticket(of: PassNumber) -> Ticket:
    ticket = Ticket.objects.filter(event_id=of.event_id, serial=of.serial).first()
    if ticket is None:  # its event was removed
        raise PassNotYoursError
    return ticket


def _order(ticket: Ticket) -> OrderSummary:
    return summarize_order(Order.objects.get(event_id=ticket.event_id, id=ticket.order_id))


def _body(request: HttpRequest, limit: int) -> bytes:
    """The body, not read at all when it says that it is too long."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if not length.isdigit() or int(length) > limit:
        raise TooLargeError(limit_kb=limit // 1000)
    return request.body
