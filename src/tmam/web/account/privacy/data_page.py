"""`/me/account/data/`: your data. What you agreed to, the download, and the way to erasing it all."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tmam.accounts.consent_texts import CURRENT_VERSION, MARKETING_TEXTS
from tmam.accounts.consents import answer_consent, newest_consent
from tmam.accounts.erasure import addresses_of
from tmam.accounts.happenings import Happening
from tmam.accounts.models import Consent, User
from tmam.accounts.personal_data import Person, parts
from tmam.accounts.security_log import record, visit_of
from tmam.web.account.privacy.archive import write_archive
from tmam.web.account.step_up import Purpose, fresh_proof_required
from tmam.web.sent_from import sent_from

MOST_ANSWERS_SHOWN = 20


@require_safe
@never_cache
@login_required
def data_page(request: HttpRequest) -> HttpResponse:
    """Mails about events, the download, the end."""
    newest = newest_consent(_person(request).pk)
    answers = Consent.objects.filter(user_id=_person(request).pk).order_by("-at", "-id")
    context = {
        "consent": newest,
        "consent_text": MARKETING_TEXTS[CURRENT_VERSION],
        "answers": [
            (answer, MARKETING_TEXTS.get(answer.text_version, "")) for answer in answers[:MOST_ANSWERS_SHOWN]
        ],
        "parts": parts(),
    }
    return render(request, "privacy/data.html", context)


@sent_from("me_data")
@login_required
def consent_answer(request: HttpRequest) -> HttpResponse:
    """POST `agree` ("yes" or "no"): one press either way."""
    is_given = request.POST.get("agree") == "yes"
    has_changed = answer_consent(
        _person(request).pk,
        is_given=is_given,
        language=get_language() or "en",
        place="account",
        now=timezone.now(),
        visit=visit_of(request),
    )
    if has_changed:
        words = _("You agreed to mails about events.") if is_given else _("You get no mails about events.")
        messages.success(request, words)
    return redirect("me_data")


@sent_from("me_data")
@never_cache
@login_required
@fresh_proof_required(purpose=Purpose.TAKE_DATA)
def data_download(request: HttpRequest) -> HttpResponseBase:
    """All of it in one file, made now and kept nowhere."""
    user, now = _person(request), timezone.now()
    record(user.pk, Happening.DATA_DOWNLOADED, now=now, visit=visit_of(request))
    file = write_archive(Person(user.pk, addresses_of(user.pk)), now)
    response = FileResponse(
        file, as_attachment=True, filename=f"tmam-{now:%Y-%m-%d}.zip", content_type="application/zip"
    )
    patch_cache_control(response, private=True, no_store=True)
    return response


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)
