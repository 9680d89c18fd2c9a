"""`/me/account/erase/`: the end of an account, said exactly before it is done."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tmam.accounts.erasure import addresses_of, erase_account
from tmam.accounts.models import User
from tmam.accounts.security_log import visit_of
from tmam.notifications.queue_mail import queue_mail
from tmam.orders.order_summary import OrderSummary, load_orders, summarize_orders
from tmam.orders.person_orders import orders_of
from tmam.organizers.duties import teams_left_without_owner
from tmam.organizers.models import Organizer
from tmam.web.account.step_up import Purpose, fresh_proof_required

INVALID = 422


class EraseForm(forms.Form):
    """The main address, typed: nobody does that by mistake."""

    email = forms.CharField(
        label=gettext_lazy("Type your main e-mail address to confirm"),
        max_length=254,
        widget=forms.EmailInput(
            attrs={"autocomplete": "off", "inputmode": "email", "autocapitalize": "none"}
        ),
    )

    def __init__(self, user: User, *args: Any) -> None:
        super().__init__(*args)
        self.user = user

    def clean_email(self) -> str:
        """Whatever its case."""
        typed = str(self.cleaned_data["email"]).strip()
        if typed.lower() != self.user.email.lower():
            raise forms.ValidationError(_("That is not the main e-mail address of this account."))
        return typed


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@fresh_proof_required(purpose=Purpose.CLOSE_ACCOUNT)
def erase_page(request: HttpRequest) -> HttpResponse:
    """Say what goes, what stays and why; with the address typed, do it."""
    user = cast("User", request.user)
    if request.method != "POST":
        with transaction.atomic():
            teams = teams_left_without_owner(user.pk)
        return _page(request, EraseForm(user), teams)
    form = EraseForm(user, request.POST)
    if not form.is_valid():
        return _page(request, form, [], status=INVALID)
    teams = _erase(request, user)
    if teams:
        return _page(request, form, teams, status=INVALID)
    request.session.flush()  # no sign-out to write down: there is nobody left who could read it
    request.user = AnonymousUser()
    return redirect("me_erased")


@require_safe
@never_cache
def erased_page(request: HttpRequest) -> HttpResponse:
    """It is done."""
    return render(request, "privacy/erased.html", {"years": settings.TMAM.kept_record_years})


def _erase(request: HttpRequest, user: User) -> list[Organizer]:
    """Erase, and say goodbye where there are tickets to use; or the teams that would be left without an owner."""
    now = timezone.now()
    with transaction.atomic():
        teams = teams_left_without_owner(user.pk)
        if teams:
            return teams
        addresses = sorted({user.email.lower(), *addresses_of(user.pk)})
        erasure = erase_account(user, now=now, visit=visit_of(request))
        for number, address in enumerate(addresses):
            queue_mail(
                cause=f"erased:{erasure.pk}:{number}",
                template="account_erased",
                to=address,
                language=get_language() or "en",
                now=now,
            )
    return []


def _page(
    request: HttpRequest, form: EraseForm, teams: list[Organizer], *, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "teams": teams,
        "upcoming": _upcoming(form.user),
        "years": settings.TMAM.kept_record_years,
    }
    return render(request, "privacy/erase.html", context, status=status)


def _upcoming(user: User) -> list[OrderSummary]:
    rows = orders_of(addresses_of(user.pk))
    now = timezone.now()
    orders = summarize_orders(load_orders((row.event_id, row.order_id) for row in rows))
    return [order for order in orders if order.is_upcoming(now)]
