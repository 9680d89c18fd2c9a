"""`/accounts/not-me/`: from the alert's link to a locked account, in two steps: read what happens, then do it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tmam.accounts.browser_names import browser_name
from tmam.accounts.errors import AlertLinkNotValidError
from tmam.accounts.freezing import freeze, goes_further, open_freeze, was_answered
from tmam.accounts.models import SecurityEntry
from tmam.accounts.not_me_links import NotMeLink, read_not_me_link
from tmam.accounts.security_log import visit_of
from tmam.web.account.frozen import lock_words, tell


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def not_me_page(request: HttpRequest) -> HttpResponse:
    """Show what the alert was about; POST locks the account. Mail scanners that open links change nothing.

    Raises:
        AlertLinkNotValidError: we did not sign it, or the account is erased.
        AlertLinkEndedError: it is a week old.
    """
    now = timezone.now()
    secret = request.POST.get("t", "") or request.GET.get("t", "")
    link = read_not_me_link(secret, now=now)
    entry = SecurityEntry.objects.filter(id=link.entry_id, user_id=link.user_id).first()
    if entry is None:
        raise AlertLinkNotValidError
    response: HttpResponse
    if request.method == "POST":
        freeze(link.user_id, alert_entry_id=link.entry_id, now=now, visit=visit_of(request))
        tell(request, open_freeze(link.user_id))
        response = redirect("account_frozen")
    else:
        context = {"secret": secret, "entry": entry, "browser": browser_name(entry.browser)}
        response = render(request, "account/not_me.html", context | _answered(link))
    # The secret goes nowhere. (`no-referrer` would hide where the form comes from, too, and have it refused.)
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


def _answered(link: NotMeLink) -> dict[str, Any]:
    """Whether there is still something to do, and what was done."""
    lock = open_freeze(link.user_id)
    if lock is not None and goes_further(lock, link.entry_id):
        return {"is_frozen": False, "was_answered": False}
    return {"is_frozen": lock is not None, "was_answered": was_answered(link.entry_id)} | lock_words(lock)
