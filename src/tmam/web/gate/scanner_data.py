"""What a scanner asks besides "may this guest enter": bookings by reference, progress, signing out.

These answers are for the device that proves itself by its key, as at `POST /hot/scans`; no session is needed.
"""

from __future__ import annotations

from django.core.cache import caches
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from tmam.catalog.when import is_span, short_day_words
from tmam.gates.errors import NotPaidError, ReferenceUnknownError
from tmam.gates.known_device import KnownDevice, find_device, key_in_header
from tmam.gates.queries import ListedTicket, dates_of_today, entry_progress, tickets_of_order
from tmam.gates.register_device import revoke_device
from tmam.gates.scan_answer import local_moment
from tmam.kernel.ids import parse_booking_reference
from tmam.kernel.texts import in_language
from tmam.orders.models import Order
from tmam.platform.errors import BadRequestError
from tmam.platform.statements import run_verb

LONGEST_TYPED = 40
PROGRESS_KEPT_S = 2


@never_cache
@require_safe
def lookup(request: HttpRequest) -> JsonResponse:
    """`/gate/lookup/?typed=3G-7K2QXD`: the tickets of a booking of this device's event.

    Raises:
        DeviceUnknownError, ReferenceUnknownError, NotPaidError: as their names say.
    """
    device = _device(request)
    typed = request.GET.get("typed", "").strip()[:LONGEST_TYPED]
    parsed = parse_booking_reference(typed)
    if parsed is None or parsed[0] != device.event_id:
        raise ReferenceUnknownError(typed=typed)
    reference = parsed[1]
    order = Order.objects.filter(event_id=device.event_id, booking_reference=reference).first()
    if order is None:
        raise ReferenceUnknownError(typed=typed)
    tickets = run_verb(tickets_of_order(device.event_id, order.id))
    if not tickets and order.state == "awaiting_payment":
        raise NotPaidError(booking_reference=reference)
    if not tickets:
        raise ReferenceUnknownError(typed=typed)
    return JsonResponse(
        {
            "booking_reference": reference,
            "name": order.name,
            "tickets": [_ticket_json(each) for each in tickets],
        }
    )


@never_cache
@require_safe
def progress(request: HttpRequest) -> JsonResponse:
    """`/gate/progress/?date=3`: how many are in, of how many; without a date, of all that are on today."""
    device = _device(request)
    asked = request.GET.get("date", "")
    if asked and not (asked.isascii() and asked.isdigit() and len(asked) <= 5):
        raise BadRequestError(where="date")
    kept_as = f"gate-progress:{device.event_id}:{asked or 'today'}"
    counts = caches["process"].get(kept_as)
    if counts is None:
        dates = [int(asked)] if asked else dates_of_today(device.event_id, timezone.now())
        counts = run_verb(entry_progress(device.event_id, dates))
        caches["process"].set(kept_as, counts, PROGRESS_KEPT_S)
    return JsonResponse({"admitted": counts[0], "total": counts[1], "gate": device.gate})


@csrf_exempt  # no cookie is looked at: the key in the header is the proof
@require_POST
def leave(request: HttpRequest) -> JsonResponse:
    """`/gate/leave/`: the scanner signs itself out. Doing it twice is fine."""
    key = key_in_header(request.headers.get("Authorization", ""))
    return JsonResponse({"signed_out": revoke_device(key=key, now=timezone.now())})


def _device(request: HttpRequest) -> KnownDevice:
    return run_verb(find_device(key_in_header(request.headers.get("Authorization", ""))))


def _ticket_json(ticket: ListedTicket) -> dict[str, object]:
    language, now = (get_language() or "en").partition("-")[0], timezone.now()
    used_at = ticket.used_at and local_moment(ticket.used_at, language, ticket.time_zone, now)
    return {
        "serial": ticket.serial,
        "state": ticket.state,
        "date": ticket.date_ordinal,
        "holder_name": ticket.holder_name,
        "ticket_type": in_language(ticket.ticket_type, language),
        "place": ticket.place_label,
        "starts": short_day_words(ticket)
        if is_span(ticket)
        else local_moment(ticket.starts_at, language, ticket.time_zone, now),
        "used_at": used_at,
        "used_gate": ticket.used_gate,
    }
