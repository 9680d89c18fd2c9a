"""`/me/account/security/`: how one signs in: what is on, since when, last used, and what we recommend."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tmam.accounts.factors import has_second_factor
from tmam.accounts.happenings import Happening
from tmam.accounts.models import SecurityEntry
from tmam.web.account.factors.method import OverviewRow
from tmam.web.account.factors.registry import OVERVIEW_ROWS
from tmam.web.account.required_factor import must_have_factor

if TYPE_CHECKING:
    from tmam.accounts.models import User

PASSWORD_NEWS = (Happening.PASSWORD_CHANGED, Happening.PASSWORD_SET, Happening.PASSWORD_RESET)


@require_safe
@never_cache
@login_required
def security_page(request: HttpRequest) -> HttpResponse:
    """One line for each way to prove who one is."""
    user = cast("User", request.user)
    rows = [row for each in OVERVIEW_ROWS if (row := each(user)) is not None]
    has_factor = has_second_factor(user.pk)
    context = {
        "rows": [*rows, _password_row(user)],
        "has_factor": has_factor,
        "must_have_factor": must_have_factor(user),
    }
    return render(request, "me/security.html", context)


def _password_row(user: User) -> OverviewRow:
    if not user.has_usable_password():
        return OverviewRow(
            _("Password"),
            "lock",
            is_on=False,
            words=_("You sign in without one."),
            links=((reverse("account_set_password"), _("Choose one")),),
        )
    changed = (
        SecurityEntry.objects.filter(user_id=user.pk, name__in=PASSWORD_NEWS)
        .order_by("-at")
        .values_list("at", flat=True)
        .first()
    )
    return OverviewRow(
        _("Password"),
        "lock",
        is_on=True,
        since=changed or user.joined_at,
        links=((reverse("account_change_password"), _("Change")),),
    )
