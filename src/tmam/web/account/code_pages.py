"""allauth's three pages for a mailed code: nothing typed costs no try, and a code that is used up says so.

allauth would speak of "too many attempts" and lead to the sign-in page. Our words say what to do, and lead to the page
where a new code can be had.
"""

from __future__ import annotations

# mypy: disallow-subclassing-any=False
# (allauth ships no type information)
from typing import Any

from allauth.account import views
from allauth.account.internal.decorators import login_not_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _


class _CodePage:
    """Beside one of allauth's views, which brings the rest."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Count a wrong code; after the last one, lead on."""
        is_a_try = "code" in form.fields and not form.has_error("code", "required")
        if not is_a_try or self._process.record_invalid_attempt():  # type: ignore[attr-defined]  # allauth's view
            page: HttpResponse = self.render_to_response(self.get_context_data(form=form))  # type: ignore[attr-defined]
            return page
        words, where = self.used_up()
        messages.error(self.request, words)  # type: ignore[attr-defined]  # allauth's view
        return redirect(where)

    def used_up(self) -> tuple[str, str]:
        """What to say after the last wrong code, and where a new one can be had."""
        raise NotImplementedError


@method_decorator(login_not_required, name="dispatch")
class EmailCodePage(_CodePage, views.ConfirmEmailVerificationCodeView):
    """`/accounts/confirm-email/`: an address is proven."""

    def used_up(self) -> tuple[str, str]:
        """Who is signed in adds the address again; whoever is not gets a code by signing in."""
        if self.request.user.is_authenticated:
            return _("That code is used up. Ask for a new one."), "account_email"
        return _("That code is used up. Sign in, and we send a new one."), "account_login"


class ResetCodePage(_CodePage, views.ConfirmPasswordResetCodeView):
    """`/accounts/password/reset/confirm/`: a new password may be chosen."""

    def used_up(self) -> tuple[str, str]:
        """The page that sends another."""
        return _("That code is used up. Ask for a new one."), "account_reset_password"


class SignInCodePage(_CodePage, views.ConfirmLoginCodeView):
    """`/accounts/login/code/confirm/`: signed in without a password."""

    def used_up(self) -> tuple[str, str]:
        """The page that sends another."""
        return _("That code is used up. Ask for a new one."), "account_request_login_code"
