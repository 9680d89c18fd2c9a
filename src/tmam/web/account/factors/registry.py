"""All ways to prove who one is, strongest first, and the lines of the security page in its order.

A new way is a class like `app.AppMethod` in a module of its own, with its line here.
"""

from __future__ import annotations

from collections.abc import Callable

from tmam.accounts.models import User
from tmam.web.account.factors.app import AppMethod, app_row
from tmam.web.account.factors.mailed_code import MailedCodeMethod
from tmam.web.account.factors.method import OverviewRow, ProofMethod
from tmam.web.account.factors.passkey import PasskeyMethod, passkey_row
from tmam.web.account.factors.password import PasswordMethod
from tmam.web.account.factors.recovery import RecoveryMethod, recovery_row
from tmam.web.account.factors.sms import SmsMethod, sms_row

# Something one has.
SECOND_FACTORS: tuple[ProofMethod, ...] = (PasskeyMethod(), AppMethod(), SmsMethod())
# What stands in for one that is lost.
REPLACEMENTS: tuple[ProofMethod, ...] = (RecoveryMethod(),)
# For step-up only, and only for whoever has no second factor: the first of them that they have.
WITHOUT_FACTOR: tuple[ProofMethod, ...] = (PasswordMethod(), MailedCodeMethod())

OVERVIEW_ROWS: tuple[Callable[[User], OverviewRow | None], ...] = (
    passkey_row,
    app_row,
    sms_row,
    recovery_row,
)


def factors_of(user: User) -> list[ProofMethod]:
    """This person's second factors, strongest first, then what replaces them; empty without a factor."""
    had = [method for method in SECOND_FACTORS if method.is_had_by(user)]
    return had and had + [method for method in REPLACEMENTS if method.is_had_by(user)]


def ways_to_prove_again(user: User) -> list[ProofMethod]:
    """How this person can show once more that it is them: by a factor if they have one, else by what they have."""
    return factors_of(user) or [method for method in WITHOUT_FACTOR if method.is_had_by(user)][:1]
