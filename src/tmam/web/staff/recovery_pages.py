"""A request for help with signing in, before staff: what speaks for it, yes or no, and why."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tmam.accounts.errors import RecoveryNotPossibleError
from tmam.accounts.happenings import Happening
from tmam.accounts.models import RecoveryRequest, RecoveryState
from tmam.accounts.recovery import approve, had_mailbox, refuse
from tmam.accounts.security_log import record, visit_of
from tmam.accounts.staff_log import staff_actor
from tmam.platform.errors import BadRequestError, NotFoundError
from tmam.web.account.step_up import fresh_proof_required
from tmam.web.staff.access import staff_of, staff_page
from tmam.web.staff.forms import ReasonForm

DECISIONS = ("approve", "refuse")
PROOF_WORDS = {
    "password": gettext_lazy("the password"),
    "young_password": gettext_lazy("a password that was set by a mailed code less than 30 days before"),
    "mailbox": gettext_lazy("the mailbox"),
    "new_mailbox": gettext_lazy("the new mailbox"),
}


@staff_page("GET")
def recovery(request: HttpRequest, request_id: int) -> HttpResponse:
    """One request.

    Raises:
        NotFoundError: there is none.
    """
    found = _found(request_id)
    record(found.user_id, Happening.STAFF_LOOKED, now=timezone.now(), actor=staff_actor(staff_of(request).pk))
    return _page(request, found, ReasonForm())


@staff_page("POST")
@fresh_proof_required
def decide(request: HttpRequest, request_id: int) -> HttpResponse:
    """POST `decision` and `reason`.

    Raises:
        NotFoundError: there is no such request.
        BadRequestError: neither yes nor no.
        RecoveryNotPossibleError: it was decided or stopped meanwhile, or it is the decider's own account.
    """
    found = _found(request_id)
    decision = request.POST.get("decision", "")
    if decision not in DECISIONS:
        raise BadRequestError(where="decision")
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    who, now, visit = staff_of(request).pk, timezone.now(), visit_of(request)
    reason = form.cleaned_data["reason"]
    if decision == "approve":
        wait = settings.TMAM.recovery_wait_hours
        is_done = approve(found.pk, staff_id=who, reason=reason, wait_hours=wait, now=now, visit=visit)
        words = _("Approved. The waiting time runs, and the owner is told.")
    else:
        is_done = refuse(found.pk, staff_id=who, reason=reason, now=now, visit=visit)
        words = _("Refused. The owner is told.")
    if not is_done:
        raise RecoveryNotPossibleError
    messages.success(request, words)
    return redirect("staff:recovery", request_id=found.pk)


def _found(request_id: int) -> RecoveryRequest:
    found = (
        RecoveryRequest.objects.select_related("user")
        .exclude(state=RecoveryState.UNPROVEN)
        .filter(pk=request_id)
        .first()
    )
    if found is None:
        raise NotFoundError
    return found


def _page(
    request: HttpRequest, found: RecoveryRequest, form: ReasonForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "found": found,
        "proofs": [str(PROOF_WORDS.get(proof, proof)) for proof in found.proofs],
        "had_mailbox": had_mailbox(found.user, found.old_email),
        "form": form,
        "hours": settings.TMAM.recovery_wait_hours,
        "is_own": found.user_id == staff_of(request).pk,
        "may_approve": found.state == RecoveryState.ASKED,
        "may_refuse": found.state in {RecoveryState.ASKED, RecoveryState.APPROVED},
    }
    return render(request, "staff/recovery.html", context, status=status)
