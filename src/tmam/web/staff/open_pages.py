"""Opening what keeps a person out, by hand and with a reason: an account its owner locked, a pause after guessing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from tmam.accounts.freezing import thaw
from tmam.accounts.lockout import unlock_by_staff
from tmam.accounts.models import User
from tmam.accounts.security_log import visit_of
from tmam.accounts.staff_log import staff_actor
from tmam.platform.errors import ForbiddenError
from tmam.web.account.step_up import fresh_proof_required
from tmam.web.staff.access import staff_of, staff_page
from tmam.web.staff.forms import ReasonForm
from tmam.web.staff.people_pages import person_or_404, person_page


@staff_page("POST")
@fresh_proof_required
def open_frozen(request: HttpRequest, user_id: int) -> HttpResponse:
    """POST `reason`: open an account that its owner locked.

    Raises:
        NotFoundError: there is no such account.
        ForbiddenError: it is their own.
    """
    person = _somebody_else(request, user_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return person_page(request, person, form, status=422)
    is_done = thaw(
        person.pk,
        by=staff_actor(staff_of(request).pk),
        reason=form.cleaned_data["reason"],
        now=timezone.now(),
        visit=visit_of(request),
    )
    if is_done:
        messages.success(request, _("The account is open again, and its owner can read why."))
    else:
        messages.warning(request, _("It was open already. Nothing was changed."))
    return redirect("staff:person", user_id=person.pk)


@staff_page("POST")
@fresh_proof_required
def end_pause(request: HttpRequest, user_id: int) -> HttpResponse:
    """POST `reason`: let a person try again whose account is paused after many wrong passwords.

    Raises:
        NotFoundError: there is no such account.
        ForbiddenError: it is their own.
    """
    person = _somebody_else(request, user_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return person_page(request, person, form, status=422)
    was_paused = unlock_by_staff(
        person.pk,
        staff_of(request).pk,
        form.cleaned_data["reason"],
        timezone.now(),
        visit_of(request),
    )
    if was_paused:
        messages.success(request, _("The pause is over, and the owner can read why."))
    else:
        messages.warning(request, _("There was no pause. Nothing was changed."))
    return redirect("staff:person", user_id=person.pk)


def _somebody_else(request: HttpRequest, user_id: int) -> User:
    person = person_or_404(user_id)
    if person.pk == staff_of(request).pk:
        raise ForbiddenError
    return person
