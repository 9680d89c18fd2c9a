"""Notes every few minutes that a signed-in browser is in use, and how long its session may last from there."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tmam.accounts.devices import see_device
from tmam.accounts.models import User
from tmam.accounts.security_log import visit_of
from tmam.accounts.sessions import device_of_session
from tmam.organizers.models import Membership
from tmam.web.account.sessions.limits import (
    SIGNED_IN_AT,
    Limits,
    facts_at_sign_in,
    facts_in_use,
    is_to_be_noted,
    limits_for,
)

GetResponse = Callable[[HttpRequest], HttpResponse]


class SessionInUseMiddleware:
    """Touches only sessions that the page looked at anyway: public pages stay the same bytes for everyone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.session.accessed and SIGNED_IN_AT in request.session:
            _note(request)
        return response


def connect() -> None:
    """Begin each signed-in session with its limits; called once, when the app is ready."""
    user_logged_in.connect(_begin, dispatch_uid="tmam.session_limits")


def _begin(*, request: HttpRequest, user: User, **details: object) -> None:
    del details
    request.session.update(facts_at_sign_in(_limits_of(user), timezone.now()))


def _note(request: HttpRequest) -> None:
    now = timezone.now()
    if not is_to_be_noted(request.session, now) or not request.user.is_authenticated:
        return
    # Asked again each time: who joined a team meanwhile has its stricter limits from now on.
    request.session.update(facts_in_use(_limits_of(request.user), now))
    device_id = device_of_session(request)
    if device_id is not None:
        see_device(device_id, visit=visit_of(request), now=now)


def _limits_of(user: User) -> Limits:
    is_strict = user.is_staff or Membership.objects.filter(user_id=user.pk).exists()
    return limits_for(settings.TMAM, is_strict=is_strict)
