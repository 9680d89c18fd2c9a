"""`/me/account/devices/`: every browser that knows the account, and the way to send it away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tmam.accounts.browser_names import browser_name
from tmam.accounts.devices import devices_of, forget_device, forget_other_devices
from tmam.accounts.models import Device
from tmam.accounts.places import place_of
from tmam.accounts.security_log import visit_of
from tmam.accounts.sessions import device_of_session, sessions_of
from tmam.web.sent_from import sent_from


@dataclass(frozen=True)
class ShownDevice:
    """One line of the list."""

    device: Device
    name: str
    place: str
    is_this: bool
    # When it was signed in, for each time that it still is; empty for one that is only remembered.
    signed_in_at: tuple[datetime, ...]


@require_safe
@never_cache
@login_required
def devices_page(request: HttpRequest) -> HttpResponse:
    """This device first, then the others, the one used last first."""
    user_id = _user_id(request)
    sessions = sessions_of(user_id)
    this_id = device_of_session(request)
    shown = [
        _shown(device, sessions.pop(device.pk, []), is_this=device.pk == this_id)
        for device in devices_of(user_id)
    ]
    shown.sort(key=lambda each: not each.is_this)
    unknown = [each for rest in sessions.values() for each in rest if not each.is_current()]
    context = {"devices": shown, "other_sessions": unknown, "has_others": len(shown) > 1 or unknown}
    return render(request, "me/devices.html", context)


@sent_from("me_devices")
@login_required
def sign_out_device(request: HttpRequest) -> HttpResponse:
    """POST `device`: end its sessions at once, trust it no longer. This device itself is signed out the usual way."""
    device_id = request.POST.get("device", "")
    device = (
        forget_device(_user_id(request), int(device_id), visit=visit_of(request), now=timezone.now())
        if device_id.isdecimal() and len(device_id) < 19 and int(device_id) != device_of_session(request)
        else None
    )
    if device is not None:
        told = _("%(device)s is signed out. The next time it needs a code from your mail.")
        messages.success(request, told % {"device": browser_name(device.browser)})
    return redirect("me_devices")


@sent_from("me_devices")
@login_required
def sign_out_others(request: HttpRequest) -> HttpResponse:
    """End every session but this one."""
    forget_other_devices(
        _user_id(request),
        this_device_id=device_of_session(request),
        this_session_key=request.session.session_key or "",
        visit=visit_of(request),
        now=timezone.now(),
    )
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("me_devices")


def _shown(device: Device, sessions: list[UserSession], *, is_this: bool) -> ShownDevice:
    language = get_language() or "en"
    return ShownDevice(
        device,
        browser_name(device.browser),
        place_of(device.network, file=settings.TMAM.geoip_file, language=language) or device.place,
        is_this,
        tuple(session.created_at for session in sessions),
    )


def _user_id(request: HttpRequest) -> int:
    return int(request.user.pk or 0)
