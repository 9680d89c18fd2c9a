"""At the end of every sign-in: the browser is known from now on, and its session belongs to that device."""

from __future__ import annotations

from allauth.account.signals import password_changed, password_reset, password_set
from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from tmam.accounts.device_cookie import device_key, keep_device_key
from tmam.accounts.devices import add_device, distrust_other_devices, known_device, see_device
from tmam.accounts.models import User
from tmam.accounts.security_log import visit_of
from tmam.accounts.sessions import device_of_session, end_session_row, link_session


def remember_browser(
    request: HttpRequest, response: HttpResponseBase, user: User, *, at_sign_up: bool
) -> None:
    """Note a known browser's visit, or make this one known, and let it keep its key."""
    now, visit, key = timezone.now(), visit_of(request), device_key(request)
    device = known_device(user.pk, key, now=now)
    if device is not None:
        see_device(device.pk, visit=visit, now=now)
    else:
        known = add_device(user.pk, key=key, visit=visit, now=now, at_sign_up=at_sign_up)
        device, key = known.device, known.key
    link_session(request, device.pk)
    keep_device_key(response, key)


def connect() -> None:
    """Keep sessions and devices together whatever happens to a session's key; called once, when the app is ready."""
    for signal in (password_changed, password_set):
        signal.connect(_link_again, dispatch_uid="tmam.link_session")
    for signal in (password_changed, password_reset):
        signal.connect(_distrust_others, dispatch_uid="tmam.distrust_other_browsers")
    user_logged_out.connect(_forget_session, dispatch_uid="tmam.forget_session")


def _link_again(*, request: HttpRequest, **details: object) -> None:
    """A changed password gives the session it was changed in a new key."""
    del details
    link_session(request, device_of_session(request))


def _distrust_others(*, request: HttpRequest, user: User, **details: object) -> None:
    """A thief's browser that was known before the new password is asked for a code again."""
    del details
    now = timezone.now()
    here = known_device(user.pk, device_key(request), now=now)
    distrust_other_devices(user.pk, this_device_id=here.pk if here else None, now=now)


def _forget_session(*, request: HttpRequest, **details: object) -> None:
    del details
    end_session_row(request.session.session_key)
