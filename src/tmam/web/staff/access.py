"""Who gets into the staff area: staff with a second factor. For everybody else it does not exist."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from tmam.accounts.factors import has_second_factor
from tmam.accounts.models import User
from tmam.accounts.security_log import visit_of
from tmam.accounts.staff_log import note, staff_actor
from tmam.platform.errors import MethodNotAllowedError, NotFoundError
from tmam.web.account.required_factor import lead_to_set_up

P = ParamSpec("P")
StaffView = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def staff_page(*methods: str) -> Callable[[StaffView[P]], StaffView[P]]:
    """Mark a view as one of the staff area: never stored, these methods only (GET allows HEAD).

    Staff without a second factor are led to where they add one.

    Raises:
        NotFoundError: not staff, or not signed in: nobody can tell that there is something here.
        MethodNotAllowedError: staff, with another method.
    """
    allowed = {*methods, "HEAD"} if "GET" in methods else set(methods)

    def decorate(view: StaffView[P]) -> StaffView[P]:
        @functools.wraps(view)
        def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            user = request.user
            if not (user.is_authenticated and user.is_active and user.is_staff):
                raise NotFoundError
            if request.method not in allowed:
                raise MethodNotAllowedError
            if not has_second_factor(user.pk):
                return lead_to_set_up(request)
            response = view(request, *args, **kwargs)
            response.headers["Cache-Control"] = "private, no-store"
            return response

        return cast("StaffView[P]", wrapped)

    return decorate


def staff_of(request: HttpRequest) -> User:
    """The member of staff (the pages ask for that first)."""
    return cast("User", request.user)


def note_search(request: HttpRequest, name: str, reason: str = "") -> None:
    """Note what is about no single account."""
    note(
        staff_actor(staff_of(request).pk),
        name,
        now=timezone.now(),
        reason=reason,
        network=visit_of(request).network,
    )
