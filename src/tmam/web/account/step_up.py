"""A fresh proof before what matters: changing how one signs in, money, and handing tickets on.

    @fresh_proof_required(purpose=Purpose.HAND_ON_TICKETS)
    def transfer(request: HttpRequest) -> HttpResponse: …

Whoever has not proven who they are within the last minutes (`TMAM_STEP_UP_MINUTES`, in this session) is asked at
`/accounts/reauthenticate/`: by a second factor if they have one, else by password, else by an e-mailed code. The page
says what it is for, and then sends them on. A form that was being sent is kept, encrypted and for ten minutes at
most, and sent again after the proof, so nothing typed is lost; one with a password in it is not kept: it is shown
empty again.

Where a decorator does not fit, ask `has_fresh_proof(request)`; the rule itself is `tmam.accounts.fresh_proof`.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, overload

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.core.exceptions import ReauthenticationRequired
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from tmam.accounts.factors import has_second_factor
from tmam.accounts.freezing import require_not_frozen
from tmam.accounts.fresh_proof import is_fresh
from tmam.platform.keys import decrypt, encrypt

View = Callable[..., HttpResponseBase]
SUSPENDED = "step_up_suspended"
KEPT_FOR = timedelta(minutes=10)
# Fields that are never kept, not even encrypted: a form that has one comes back empty.
SECRET_FIELD_PARTS = ("password", "secret", "code", "credential")
LARGEST_KEPT = 16 * 1024


class Purpose(StrEnum):
    """What a fresh proof is for; `PURPOSE_WORDS` says it to the person."""

    GO_ON = "go_on"
    CHANGE_PASSWORD = "change_password"  # noqa: S105  # the name of an action
    CHANGE_ADDRESSES = "change_addresses"
    CHANGE_FACTORS = "change_factors"
    HAND_ON_TICKETS = "hand_on_tickets"
    KEEP_IN_PHONE = "keep_in_phone"
    SELL_TICKETS = "sell_tickets"
    CHANGE_PAYOUTS = "change_payouts"
    CHANGE_TEAM = "change_team"
    TAKE_DATA = "take_data"
    CLOSE_ACCOUNT = "close_account"


# What hands something of value on. An account that its owner locked does none of it, whoever proves whatever.
HANDS_ON = frozenset(
    {Purpose.HAND_ON_TICKETS, Purpose.KEEP_IN_PHONE, Purpose.SELL_TICKETS, Purpose.CHANGE_PAYOUTS}
)
PURPOSE_WORDS = {
    Purpose.GO_ON: _("Before you go on, show us once more that it is you."),
    Purpose.CHANGE_PASSWORD: _("To change your password, show us once more that it is you."),
    Purpose.CHANGE_ADDRESSES: _("To change your e-mail addresses, show us once more that it is you."),
    Purpose.CHANGE_FACTORS: _("To change how you sign in, show us once more that it is you."),
    Purpose.HAND_ON_TICKETS: _("To hand a ticket on, show us once more that it is you."),
    Purpose.KEEP_IN_PHONE: _(
        "To move your tickets into a phone or out of one, show us once more that it is you."
    ),
    Purpose.SELL_TICKETS: _("To sell a ticket, show us once more that it is you."),
    Purpose.CHANGE_PAYOUTS: _("To change where money goes, show us once more that it is you."),
    Purpose.CHANGE_TEAM: _("To change your team, show us once more that it is you."),
    Purpose.TAKE_DATA: _("To download what we know about you, show us once more that it is you."),
    Purpose.CLOSE_ACCOUNT: _("To close your account, show us once more that it is you."),
}


@overload
def fresh_proof_required(view: View, /) -> View: ...
@overload
def fresh_proof_required(
    *, purpose: Purpose = ..., reading_is_free: bool = ...
) -> Callable[[View], View]: ...
def fresh_proof_required(
    view: View | None = None, /, *, purpose: Purpose = Purpose.GO_ON, reading_is_free: bool = False
) -> View | Callable[[View], View]:
    """Let only people in who proved moments ago who they are; everybody else is asked, then sent on to where they were.

    Args:
        view: the page, where the decorator is used without arguments.
        purpose: what for, as the question says it.
        reading_is_free: only changes (POST) need the proof, looking does not.

    The guarded view raises:
        AccountFrozenError: the purpose hands something on, and the owner locked the account.
    """

    def guard(guarded: View) -> View:
        @functools.wraps(guarded)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            is_reading = request.method in {"GET", "HEAD"}
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not (is_reading and reading_is_free) and not has_fresh_proof(request):
                return ask_for_proof(request)
            if purpose in HANDS_ON:
                require_not_frozen(request.user.pk)
            return guarded(request, *args, **kwargs)

        wrapper.step_up_purpose = purpose  # type: ignore[attr-defined]  # read by `purpose_of`
        return wrapper

    return guard if view is None else guard(view)


def has_fresh_proof(request: HttpRequest, *, now: datetime | None = None) -> bool:
    """Whether whoever is signed in proved in this session, moments ago, who they are."""
    if not request.user.is_authenticated:
        return False
    return is_fresh(
        get_authentication_records(request, request.user),
        has_factor=has_second_factor(request.user.pk),
        now=now or timezone.now(),
        valid_for=timedelta(minutes=settings.TMAM.step_up_minutes),
    )


def ask_for_proof(request: HttpRequest) -> HttpResponse:
    """Go to the question; what was being sent waits in the session.

    Nothing else may wait there for the same proof: allauth keeps what it would do after one of its own questions.
    """
    request.session.pop(STATE_SESSION_KEY, None)
    _suspend(request, timezone.now())
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': request.get_full_path()})}")


def purpose_of(path: str) -> Purpose:
    """What a proof is for, told by the page it leads to: nobody can put other words into a link."""
    try:
        view = resolve(path.partition("?")[0]).func
    except Resolver404:
        return Purpose.GO_ON
    return getattr(view, "step_up_purpose", Purpose.GO_ON)


def resume(request: HttpRequest, path: str) -> HttpResponseBase:
    """After the proof: send the waiting form for `path` again, or else show that page."""
    kept = request.session.pop(SUSPENDED, None)
    found = _read_kept(kept, path, timezone.now())
    if found is None:
        return redirect(path)
    bare, _mark, query = path.partition("?")
    match = resolve(bare)
    request.method = "POST"
    request.path = request.path_info = bare
    request.META["QUERY_STRING"] = query
    request.GET = QueryDict(query)
    request.POST = found  # type: ignore[assignment]  # a form that was sent once is as good as one that comes now
    request.resolver_match = match
    answer: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    return answer


def _suspend(request: HttpRequest, now: datetime) -> None:
    request.session.pop(SUSPENDED, None)
    if request.method != "POST" or request.FILES:
        return
    if any(part in name.lower() for name in request.POST for part in SECRET_FIELD_PARTS):
        return
    form = request.POST.copy()
    form.pop("csrfmiddlewaretoken", None)
    kept = json.dumps({"path": request.get_full_path(), "form": form.urlencode(), "at": now.timestamp()})
    if len(kept) <= LARGEST_KEPT:
        request.session[SUSPENDED] = encrypt(kept.encode()).decode()


def _read_kept(kept: str | None, path: str, now: datetime) -> QueryDict | None:
    if kept is None:
        return None
    try:
        found = json.loads(decrypt(kept.encode()))
    except InvalidToken:
        return None
    is_young = now - datetime.fromtimestamp(found["at"], tz=UTC) <= KEPT_FOR
    return QueryDict(found["form"]) if is_young and found["path"] == path else None


class StepUpMiddleware:
    """Answers allauth's own demand for a fresh proof with our question."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Ask who is signed in; anything else goes on."""
        if isinstance(exception, ReauthenticationRequired) and request.user.is_authenticated:
            return ask_for_proof(request)
        return None
