"""From the confirmation page to an account: the bought-with address goes along in the session, never in an address."""

from __future__ import annotations

from allauth.account.views import SignupView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from tmam.web.me.access import visible_order

SIGNUP_EMAIL = "signup_email"


@require_POST
def start_account(request: HttpRequest) -> HttpResponse:
    """POST `reference`: remember the order's address and go on to sign-up.

    Raises:
        TicketsNotShownError: the order is not this visitor's.
    """
    order = visible_order(request, request.POST.get("reference", ""))
    request.session[SIGNUP_EMAIL] = order.email
    return redirect("account_signup")


class PrefilledSignupView(SignupView):  # type: ignore[misc]
    """Sign-up that knows the address of the order one comes from, and takes none from the link."""

    def get_initial(self) -> dict[str, str]:
        """The address from the session, if there is one."""
        email = self.request.session.get(SIGNUP_EMAIL, "")
        return {"email": email} if email else {}
