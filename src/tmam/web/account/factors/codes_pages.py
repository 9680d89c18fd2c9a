"""Recovery codes: shown once (until put away), as a page to print and as a file; and new ones instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tmam.accounts.factors import has_second_factor
from tmam.accounts.recovery_codes import codes_left
from tmam.platform.errors import NotFoundError
from tmam.web.account.factors.shown_codes import make_codes_to_show, put_away, shown_codes
from tmam.web.account.required_factor import pop_waiting_path
from tmam.web.account.step_up import Purpose, fresh_proof_required

if TYPE_CHECKING:
    from tmam.accounts.models import User


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@fresh_proof_required(purpose=Purpose.CHANGE_FACTORS)
def codes_page(request: HttpRequest) -> HttpResponse:
    """The codes that were just made; POST says that they are put away."""
    user, now = cast("User", request.user), timezone.now()
    codes = shown_codes(request, user.pk, now=now)
    if codes is None:
        return redirect("me_security")
    if request.method != "POST":
        return _show(request, codes)
    if request.POST.get("kept") != "yes":
        problems = [(_("Put the codes away first, then tick the box."), "#id_kept")]
        return _show(request, codes, problems=problems)
    put_away(request, user.pk, now=now)
    messages.success(request, _("Your recovery codes are put away. We cannot show them again."))
    return redirect(pop_waiting_path(request) or "me_security")


@require_safe
@never_cache
@fresh_proof_required(purpose=Purpose.CHANGE_FACTORS)
def codes_file(request: HttpRequest) -> HttpResponse:
    """The codes as a text file, as long as they are shown.

    Raises:
        NotFoundError: they are put away.
    """
    user, now = cast("User", request.user), timezone.now()
    codes = shown_codes(request, user.pk, now=now)
    if codes is None:
        raise NotFoundError
    words = render_to_string("account/factors/codes.txt", {"codes": codes, "email": user.email, "now": now})
    response = HttpResponse(words, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="tmam-recovery-codes.txt"'
    patch_cache_control(response, private=True, no_store=True)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@fresh_proof_required(purpose=Purpose.CHANGE_FACTORS)
def make_codes_page(request: HttpRequest) -> HttpResponse:
    """Ask once, then make new codes. Without a second factor there is nothing that they could replace."""
    user = cast("User", request.user)
    if not has_second_factor(user.pk):
        return redirect("me_security")
    if request.method != "POST":
        return render(request, "account/factors/codes_make.html", {"stand": codes_left(user.pk)})
    make_codes_to_show(request, user.pk, now=timezone.now())
    return redirect("account_codes")


def _show(
    request: HttpRequest, codes: list[str], *, problems: list[tuple[str, str]] | None = None
) -> HttpResponse:
    context = {"codes": codes, "problems": problems or [], "email": cast("User", request.user).email}
    return render(request, "account/factors/codes.html", context, status=422 if problems else 200)
