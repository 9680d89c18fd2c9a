"""One person, as far as staff need to see them to help: state, counts, what happened. No tickets, no secrets."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tmam.accounts.freezing import is_frozen
from tmam.accounts.happenings import Happening
from tmam.accounts.lockout import paused_until
from tmam.accounts.models import OPEN_STATES, Device, RecoveryRequest, SecurityEntry, User
from tmam.accounts.security_log import record
from tmam.accounts.staff_log import SEARCHED, staff_actor
from tmam.platform.errors import NotFoundError
from tmam.web.account.activity_page import page_of, shown_entries
from tmam.web.staff.access import note_search, staff_of, staff_page
from tmam.web.staff.forms import FindForm, ReasonForm


@staff_page("GET", "POST")
def start(request: HttpRequest) -> HttpResponse:
    """Find a person; the requests that wait for a decision."""
    form = FindForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        found = _find(form.cleaned_data["person"]) if form.is_valid() else None
        if found is not None:
            return redirect("staff:person", user_id=found)
        if form.is_valid():
            note_search(request, SEARCHED)
            form.add_error("person", _("Nobody has exactly this address or number."))
        status = 422
    waiting = RecoveryRequest.objects.filter(state__in=OPEN_STATES).order_by("requested_at")
    return render(request, "staff/start.html", {"form": form, "waiting": waiting[:200]}, status=status)


@staff_page("GET")
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """One person. That it was looked at is told to them.

    Raises:
        NotFoundError: there is no such account.
    """
    found = person_or_404(user_id)
    record(
        found.pk,
        Happening.STAFF_LOOKED,
        now=timezone.now(),
        actor=staff_actor(staff_of(request).pk),
    )
    return person_page(request, found, ReasonForm())


def person_page(
    request: HttpRequest, found: User, form: ReasonForm, *, status: int = 200, action: str = ""
) -> HttpResponse:
    """The page of one person, with a form that came back if there is one."""
    rows, pages = page_of(request, SecurityEntry.objects.filter(user_id=found.pk).order_by("-at", "-id"))
    context = {
        "person": found,
        "addresses": EmailAddress.objects.filter(user_id=found.pk).order_by("-primary", "id"),
        "factors": Authenticator.objects.filter(user_id=found.pk).order_by("id"),
        "paused_until": paused_until(found.pk, timezone.now()),
        "is_frozen": is_frozen(found.pk),
        "devices": Device.objects.filter(user_id=found.pk, forgotten_at=None).count(),
        "sessions": UserSession.objects.filter(user_id=found.pk).count(),
        "recoveries": RecoveryRequest.objects.filter(user_id=found.pk)
        .exclude(state="unproven")
        .order_by("-id"),
        "entries": shown_entries(rows),
        "pages": pages,
        "form": form,
        "action": action,
        "is_self": found.pk == staff_of(request).pk,
    }
    return render(request, "staff/person.html", context, status=status)


def person_or_404(user_id: int) -> User:
    """An account by its number.

    Raises:
        NotFoundError: there is none.
    """
    found = User.objects.filter(pk=user_id).first()
    if found is None:
        raise NotFoundError
    return found


def _find(typed: str) -> int | None:
    """The number of whoever has exactly this address (proven or main) or this number."""
    text = typed.strip()
    if text.isascii() and text.isdigit():
        return User.objects.filter(pk=int(text[:15])).values_list("pk", flat=True).first()
    main = User.objects.filter(email__iexact=text).values_list("pk", flat=True).first()
    if main is not None:
        return main
    proven = EmailAddress.objects.filter(email__iexact=text, verified=True)
    number: int | None = proven.values_list("user_id", flat=True).first()
    return number
