"""What follows when a factor comes or goes, alike for all kinds: the log (and from it the mail), recovery codes, the next page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tmam.accounts.factors import remove_factor
from tmam.accounts.happenings import Happening
from tmam.accounts.recovery_codes import codes_left
from tmam.accounts.security_log import record, visit_of
from tmam.web.account.factors.method import Asking, Proof
from tmam.web.account.factors.prove import note_proof
from tmam.web.account.factors.shown_codes import make_codes_to_show
from tmam.web.account.required_factor import must_have_factor, pop_waiting_path

if TYPE_CHECKING:
    from tmam.accounts.models import User


def factor_added(request: HttpRequest, proof: Proof, *, now: datetime) -> HttpResponse:
    """The signed-in person has one more factor and has just shown it. Answers with where to go.

    The first factor brings recovery codes, which are shown next.
    """
    user = cast("User", request.user)
    record(user.pk, Happening.FACTOR_ADDED, now=now, visit=visit_of(request), details={"kind": proof.kind})
    return go_on_with_factor(request, proof, now=now)


def go_on_with_factor(
    request: HttpRequest, proof: Proof, *, now: datetime, usual: str = "me_security"
) -> HttpResponse:
    """`factor_added` for kinds whose verb writes its own log. `usual`: the page that follows when nothing else does."""
    user = cast("User", request.user)
    note_proof(Asking(request, user, now, is_step_up=False), proof)
    if codes_left(user.pk) is None:
        make_codes_to_show(request, user.pk, now=now, is_first=True)
        return redirect("account_codes")
    return redirect(pop_waiting_path(request) or usual)


def take_factor_away(request: HttpRequest, kind: str, delete: Callable[[], object], *, now: datetime) -> None:
    """Remove a factor of the signed-in person: `delete` removes its row.

    Raises:
        FactorRequiredError: it is the last one, and this person must have one.
    """
    user = cast("User", request.user)
    remove_factor(user.pk, delete, must_keep_one=must_have_factor(user))
    record(user.pk, Happening.FACTOR_REMOVED, now=now, visit=visit_of(request), details={"kind": kind})
