"""The owner's way in while somebody guesses: the link from the mail, opened and then confirmed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tmam.accounts.errors import UnlockLinkError
from tmam.accounts.lockout import unlock_by_owner
from tmam.accounts.security_log import visit_of
from tmam.accounts.trusted_browsers import trust_for_now
from tmam.accounts.unlock_links import read_unlock_link


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def unlock_page(request: HttpRequest) -> HttpResponse:
    """GET asks (mail programs open links by themselves), POST ends the pause, once.

    Raises:
        UnlockLinkError: not signed by us, cut off, or too old.
    """
    secret = (request.POST if request.method == "POST" else request.GET).get("t", "")
    link = read_unlock_link(secret)
    if link is None:
        raise UnlockLinkError
    if request.method != "POST":
        # Not `no-referrer`: browsers would send the form with `Origin: null`, which is refused.
        return render(request, "account/unlock.html", {"secret": secret})
    now = timezone.now()
    if unlock_by_owner(link.user_id, link.key, link.lock_number, now=now, visit=visit_of(request)):
        trust_for_now(request, link.user_id, f"{link.key}#{link.lock_number}", now)
        messages.success(request, _("The pause is over. Sign in now."))
    else:
        messages.info(request, _("This pause was over already, or its link was used. Simply sign in."))
    return redirect("account_login")
