"""The steward's way to a scanner: sign in, choose the event, choose date and gate."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tmam.catalog.models import Date
from tmam.catalog.when import is_span, short_day_words
from tmam.gates.models import Gate
from tmam.gates.queries import (
    dates_to_scan,
    devices_in_use,
    events_to_scan,
    gates_of,
    is_on_day,
    is_open,
)
from tmam.gates.register_device import event_to_scan, register_device, revoke_device_of
from tmam.gates.scan_answer import local_moment
from tmam.organizers.permissions import Action, powers_of
from tmam.web.gate.forms import ANY_DATE, GateForm
from tmam.web.templatetags.tmam import in_language

if TYPE_CHECKING:
    from tmam.accounts.models import User


@never_cache
@login_required
@require_safe
def choose_event(request: HttpRequest) -> HttpResponse:
    """`/gate/`: the events this person may scan for, today's first, and the scanners in use.

    Raises:
        SecondFactorRequiredError: they may, but for nobody before they have a second factor.
    """
    steward, now = cast("User", request.user), timezone.now()
    choices = events_to_scan(steward, now)
    powers = powers_of(steward)
    if not choices and powers.asleep:
        powers.require_any(Action.SCAN)
    devices = list(devices_in_use(steward, [choice.event.id for choice in choices]))
    titles = {choice.event.id: choice.event.title for choice in choices}
    gates = {(gate.event_id, gate.number): gate.name for gate in Gate.objects.filter(event_id__in=titles)}
    context = {
        "waiting": powers.organizers_asleep(),
        "today": [choice for choice in choices if choice.is_today],
        "later": [choice for choice in choices if not choice.is_today],
        "devices": [
            {
                "device": each,
                "title": titles[each.event_id],
                "gate": gates.get((each.event_id, each.gate_number), ""),
            }
            for each in devices
        ],
    }
    return render(request, "gate/events.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose_gate(request: HttpRequest, event_id: int) -> HttpResponse:
    """`/gate/events/<id>/`: date and gate; sending it makes this browser a scanner.

    Raises:
        NotYourEventError: this person may not scan for the event, or there is none.
        SecondFactorRequiredError: they may, once they have a second factor.
    """
    steward, now = cast("User", request.user), timezone.now()
    event = event_to_scan(steward, event_id)
    gates = gates_of(event_id)
    dates = list(dates_to_scan(event_id, now))
    date_choices = [(ANY_DATE, gettext("Any date that is open now")), *_date_choices(dates, now)]
    gate_choices = [(str(gate.number), gate.name) for gate in gates]
    form = GateForm(request.POST or None, dates=date_choices, gates=gate_choices)
    if request.method != "POST" or not form.is_valid():
        context = {
            "event": event,
            "form": form,
            "has_date_today": any(is_on_day(date, now) for date in dates),
        }
        return render(request, "gate/event.html", context)
    device, key = register_device(
        event_id=event_id,
        gate_number=int(form.cleaned_data["gate"]),
        steward=steward,
        name=steward.name or steward.email,
        now=now,
    )
    date = form.cleaned_data["date"]
    scanner = {
        "key": key,
        "event": in_language(event.title),
        "gate": dict(gate_choices)[str(device.gate_number)],
        "date": None if date == ANY_DATE else int(date),
        "dateWords": dict(date_choices)[date],
    }
    return render(request, "gate/ready.html", {"event": event, "scanner": scanner})


@login_required
@require_POST
def sign_out_device(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """Take back the key of a scanner, for example of a lost phone."""
    if revoke_device_of(device_id=device_id, person=cast("User", request.user), now=timezone.now()):
        messages.success(
            request, gettext("The scanner is signed out. Nothing can be scanned with it any more.")
        )
    return redirect("gate:events")


def _date_choices(dates: list[Date], now: datetime) -> list[tuple[str, str]]:
    language = (get_language() or "en").partition("-")[0]
    choices = []
    for date in dates:
        if is_span(date):
            words = short_day_words(date)
        else:
            words = local_moment(date.starts_at, language, date.time_zone, now)
            if is_on_day(date, now):
                words = gettext("Today, {time}").format(time=words)
        label = in_language(date.label)
        if label:
            words = f"{words} · {label}"
        if is_open(date, now):
            words = gettext("{date} · open now").format(date=words)
        choices.append((str(date.ordinal), words))
    return choices
