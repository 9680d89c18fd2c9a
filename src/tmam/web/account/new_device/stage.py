"""The step of a sign-in that asks a browser we do not know for a mailed code.

It comes after the second factor: whoever gave one in this sign-in, or typed a mailed code in it already, has
shown more than a password, so nothing is asked. Who came from a sign-in service is: we do not know what it asked.
"""

from __future__ import annotations

# mypy: disallow-subclassing-any=False
# (allauth ships no type information)
from typing import Any

from allauth.account.stages import LoginStage
from django.conf import settings
from django.shortcuts import redirect
from django.utils import timezone

from tmam.accounts.device_cookie import is_trusted_browser
from tmam.web.account import proofs

ENOUGH = (
    proofs.BY_SECOND_FACTOR,
    proofs.BY_MAILED_CODE,
    proofs.BY_PASSWORD_RESET,
    proofs.BY_PROVEN_ADDRESS,
    proofs.BY_NEW_DEVICE_CODE,
)
PAGE = "account_new_device"


class NewDeviceStage(LoginStage):
    """Asks for the code that went to the account's main address."""

    key = "new_device"
    urlname = PAGE

    def handle(self) -> tuple[Any, bool]:
        """The way to the page, or nothing to do."""
        from tmam.web.account.new_device.code import NewDeviceCode

        if not self._is_needed():
            return None, True
        NewDeviceCode.initiate(self)
        return redirect(PAGE), True

    def _is_needed(self) -> bool:
        user = self.login.user
        if user is None or self.login.signup or not can_codes_be_read():
            return False
        if is_trusted_browser(self.request, user.pk, now=timezone.now()):
            return False
        return not proofs.was_proven(self.request, user, ENOUGH)


def can_codes_be_read() -> bool:
    """Not in a demonstration that serves a network: its mail is shown to signed-in teams only, so none could begin."""
    tmam = settings.TMAM
    return not (tmam.mode == "demo" and tmam.mail_url.startswith("folder:") and not tmam.is_loopback)
