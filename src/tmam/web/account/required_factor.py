"""Who must have a second factor, and what happens to those who have none yet: they are led to set one up.

    @second_factor_required
    def studio_page(request: HttpRequest) -> HttpResponse: …

Reasons are functions, so that whoever has one (platform staff here; a team that asks it of its members) adds it with
`add_reason` when the app is ready, and this module needs to know none of them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from tmam.accounts.factors import has_second_factor

if TYPE_CHECKING:
    from tmam.accounts.models import User

Reason = Callable[["User"], bool]
View = Callable[..., HttpResponseBase]
WAITING = "factor_required_for"


def _is_platform_staff(user: User) -> bool:
    return user.is_staff or user.is_superuser


_reasons: list[Reason] = [_is_platform_staff]


def add_reason(reason: Reason) -> Reason:
    """One more reason for which somebody must have a second factor; once per process. Usable as a decorator."""
    if reason not in _reasons:
        _reasons.append(reason)
    return reason


def must_have_factor(user: User) -> bool:
    """Whether this person may not be without a second factor."""
    return any(reason(user) for reason in _reasons)


def lacks_required_factor(user: User) -> bool:
    """Whether this person must have a second factor and has none."""
    return must_have_factor(user) and not has_second_factor(user.pk)


def second_factor_required(view: View) -> View:
    """Only for people who are signed in; those who must have a second factor set one up first, then come back."""

    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if lacks_required_factor(request.user):
            return lead_to_set_up(request)
        return view(request, *args, **kwargs)

    return wrapper


def lead_to_set_up(request: HttpRequest) -> HttpResponse:
    """To the security page, which says why; the page one came for waits."""
    wait_for_factor(request)
    return redirect("me_security")


def wait_for_factor(request: HttpRequest) -> None:
    """Remember the page one came for until a second factor is set up."""
    if request.method in {"GET", "HEAD"}:
        request.session[WAITING] = request.get_full_path()


def pop_waiting_path(request: HttpRequest) -> str | None:
    """The page that waited for a second factor, once."""
    path: str | None = request.session.pop(WAITING, None)
    return path
