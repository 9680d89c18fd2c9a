"""How allauth meets the rest of the product: its mails are ours, and everybody lands where they work.

It stands in the web shell, not in `tmam.accounts`, because it looks upward: to teams (organizers) and to mail
(notifications).
"""

from __future__ import annotations

# mypy: disallow-subclassing-any=False
# (allauth ships no type information)
import json
import secrets
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tmam.accounts.addresses import is_spare
from tmam.accounts.lockout import Purpose
from tmam.notifications.compose import ACCOUNT_PREFIX
from tmam.notifications.queue_mail import queue_mail
from tmam.platform.clients import client_address
from tmam.web.account.backend import login_of
from tmam.web.account.frozen import stop_stale_reset
from tmam.web.account.guarding import count_mail, guarded
from tmam.web.account.remember_browser import remember_browser
from tmam.web.account.sso.team import join_team
from tmam.web.account.step_up import has_fresh_proof
from tmam.web.account.workplaces import front_door
from tmam.web.me.invitation_session import invitation_path

# Our own steps of a sign-in, around allauth's.
FIRST_STEP = "tmam.web.account.still_valid.BeginStage"
LAST_STEPS = (
    "tmam.web.account.new_device.stage.NewDeviceStage",
    "tmam.web.account.frozen.FrozenStage",
    "tmam.web.account.still_valid.StillValidStage",
)
# What a letter may need of allauth's context; the rest (request, user, site) stays out of the mail's row.
LETTER_FACTS = ("code", "timestamp", "ip", "user_agent", "from_email", "to_email", "deleted_email", "service")
NOT_RIGHT = _(
    "This e-mail address or user name and this password do not belong together. Check both and try again."
)


class AccountAdapter(DefaultAccountAdapter):
    """Our words, our mail queue, our front doors."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": NOT_RIGHT,
        "username_password_mismatch": NOT_RIGHT,
        "incorrect_code": _("That is not the code we sent. Check the newest mail and type it again."),
        "incorrect_password": _("That is not your password. Try again."),
        "rate_limited": _("That was tried too often. Wait a minute, then try again."),
        "duplicate_email": _("Your account has this e-mail address already."),
        "same_as_current": _("That is the address you have now. Type the new one."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue one of allauth's mails as a letter of ours; the page never waits for a mail server."""
        facts = {name: context[name] for name in LETTER_FACTS if name in context}
        name = template_prefix.rpartition("/")[2]
        queue_mail(
            cause=f"account:{name}:{secrets.token_hex(12)}",
            template=f"{ACCOUNT_PREFIX}{name}",
            to=email,
            language=get_language() or "en",
            context=json.loads(json.dumps(facts, cls=DjangoJSONEncoder)),
            now=timezone.now(),
        )

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Look at a password, here and wherever else one is asked for; wrong ones are counted and pause."""
        check = partial(super().authenticate, request, **credentials)
        return guarded(request, Purpose.SIGN_IN, login_of(credentials), check)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: allauth's own limit is replaced by `authenticate` above."""

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """Nothing: a user name is chosen by its owner, or there is none."""

    def clean_username(self, username: str | None, shallow: bool = False) -> Any:
        """Nothing for whoever has none (allauth asks about those who come through a sign-in service)."""
        return super().clean_username(username, shallow) if username else username

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        """Neither the main address nor the last proven one: without it nobody could prove whose account this is."""
        return is_spare(email_address)

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """Remember the language that the person signed up in."""
        user.language = get_language() or "en"
        return super().save_user(request, user, form, commit)

    def get_login_stages(self) -> list[str]:
        """What everybody goes through between the password and being signed in: allauth's steps and ours.

        Our second factor stands in the place of allauth's; what must come first and last stands around.
        """
        theirs, ours = (
            "allauth.mfa.stages.AuthenticateStage",
            "tmam.web.account.factors.stage.SecondFactorStage",
        )
        stages = [ours if stage == theirs else stage for stage in super().get_login_stages()]
        return [FIRST_STEP, *stages, *LAST_STEPS]

    def pre_login(self, request: HttpRequest, user: Any, **details: Any) -> Any:
        """A locked account is opened by no reset that was half done when it was locked."""
        return stop_stale_reset(request, user) or super().pre_login(request, user, **details)

    def post_login(self, request: HttpRequest, user: Any, *, signup: bool, **details: Any) -> Any:
        """The browser is known from now on, and a team's own service lets people into the team."""
        # Before allauth decides where to go: a new member starts in the studio.
        join_team(request, user, (details.get("signal_kwargs") or {}).get("sociallogin"))
        response = super().post_login(request, user, signup=signup, **details)
        remember_browser(request, response, user, at_sign_up=signup)
        return response

    def should_send_confirmation_mail(self, request: HttpRequest, email_address: Any, signup: bool) -> bool:
        """Always, but counted: whoever signs in to an unproven address again and again has mails sent to it.

        Raises:
            TooManyRequestsError: that was too often.
        """
        if not signup:  # a sign-up was counted by its form
            count_mail(request, email_address.email)
        return True

    def is_safe_url(self, url: str | None) -> bool:
        """Whether `next` stays with us: our own origins only, never the names that this machine alone answers to."""
        tmam = settings.TMAM
        return url_has_allowed_host_and_scheme(
            url,
            allowed_hosts={urlsplit(origin).netloc for origin in tmam.origins},
            require_https=not tmam.is_loopback,
        )

    def is_reauthentication_required(self, *, app: str, **details: Any) -> bool:
        """Ours counts: allauth looks at the last proof only, and for five minutes whatever the settings say."""
        return super().is_reauthentication_required(app=app, **details) and not has_fresh_proof(
            context.request
        )

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that the rest of the product believes, too."""
        return client_address(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """An invitation one came with, else the page where one works, else my tickets."""
        return (
            invitation_path(request)
            or front_door(request.user)
            or str(super().get_login_redirect_url(request))
        )

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """A new account starts at its tickets: guest orders of the proven address are there already."""
        return self.get_login_redirect_url(request)
