"""`/me/account/name/`: choose, change or remove the user name."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tmam.accounts import lockout
from tmam.accounts.errors import PausedError, TooManyRequestsError
from tmam.accounts.lockout import Purpose, login_subject
from tmam.accounts.models import User
from tmam.accounts.security_log import visit_of
from tmam.accounts.usernames import LONGEST, SHORTEST, change_username, is_well_formed
from tmam.web.account.step_up import fresh_proof_required


class UserNameForm(forms.Form):
    """The name, in plain characters."""

    username = forms.CharField(
        label=gettext_lazy("User name"),
        help_text=gettext_lazy(
            "3 to 30 letters and digits without accents; dots, hyphens and underscores between them. Others do not see it."
        ),
        max_length=LONGEST,
        min_length=SHORTEST,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def clean_username(self) -> str:
        """One shape, which no e-mail address has.

        Raises:
            ValidationError: with words for the person.
        """
        name = str(self.cleaned_data["username"])
        if not is_well_formed(name):
            raise forms.ValidationError(
                _(
                    "Use letters without accents and digits only. Dots, hyphens and underscores may stand between them, one at a time."
                )
            )
        return name


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@fresh_proof_required
def name_page(request: HttpRequest) -> HttpResponse:
    """GET shows the name; POST `username` sets it, POST `remove` takes it away."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - login_required; tells mypy
    if request.method != "POST":
        return _show(request, UserNameForm(initial={"username": user.username or ""}))
    if "remove" in request.POST:
        change_username(user, None, now=timezone.now(), visit=visit_of(request))
        messages.success(request, _("You have no user name any more. Sign in with your e-mail address."))
        return redirect("me_account")
    form = UserNameForm(request.POST)
    if form.is_valid() and not _take(request, user, form.cleaned_data["username"]):
        form.add_error("username", _("This user name cannot be had. Choose another."))
    if not form.is_valid():
        return _show(request, form, status=422)
    messages.success(request, _("Saved. You can sign in with your user name now."))
    return redirect("me_account")


def _take(request: HttpRequest, user: User, name: str) -> bool:
    """Set the name, counting what was refused: nobody lists others' names by trying.

    Raises:
        TooManyRequestsError: too many were refused.
    """
    now = timezone.now()
    try:
        attempt = lockout.begin_attempt([login_subject(Purpose.NAME, str(user.pk))], now)
    except PausedError as error:
        raise TooManyRequestsError(retry_after_s=60 * error.minutes) from None
    is_set = change_username(user, name, now=now, visit=visit_of(request))
    if is_set:
        lockout.succeeded(attempt, now)
    return is_set


def _show(request: HttpRequest, form: UserNameForm, status: int = 200) -> HttpResponse:
    return render(request, "me/user_name.html", {"form": form}, status=status)
