"""The letters about an account: codes to type, and news of changes made to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from tmam.notifications.letter import Block, Letter, button, code, facts, small, text
from tmam.notifications.letters.account_news_letters import NEWS_LETTERS
from tmam.notifications.letters.lockout_letters import account_locked, account_unlocked
from tmam.notifications.letters.passkey_letters import PASSKEY_LETTERS
from tmam.notifications.letters.privacy_letters import PRIVACY_LETTERS
from tmam.notifications.when_words import moment_words

Facts = Mapping[str, Any]


def confirm_address(found: Facts) -> Letter:
    """The code that proves an address, at sign-up or when it is added."""
    return Letter(
        subject=_("%(code)s is your code for tmam") % {"code": found["code"]},
        preview=_("Type it in the page that is open."),
        title=_("Confirm your e-mail address"),
        blocks=[
            text(_("Type this code in the page that is open:")),
            code(found["code"]),
            text(
                _(
                    "It works for 15 minutes. After that, tickets bought with this address show up in your account."
                )
            ),
            _nobody_asks(),
            small(_("You did not ask for this? Then do nothing: without the code nothing happens.")),
        ],
    )


def reset_password(found: Facts) -> Letter:
    """The code that allows a new password."""
    return Letter(
        subject=_("%(code)s is your code for a new password") % {"code": found["code"]},
        preview=_("Type it in the page that is open."),
        title=_("Choose a new password"),
        blocks=[
            text(_("Type this code in the page that is open:")),
            code(found["code"]),
            text(_("It works for 15 minutes.")),
            _nobody_asks(),
            small(_("You did not ask for this? Then do nothing: your password stays as it is.")),
        ],
    )


def unknown_account(found: Facts) -> Letter:
    """Somebody wanted a code for an address without an account."""
    del found
    return Letter(
        subject=_("There is no account with this address"),
        preview=_("Perhaps you used another e-mail address."),
        title=_("There is no account with this address"),
        blocks=[
            text(
                _(
                    "Somebody, perhaps you, wanted to sign in or to choose a new password with this e-mail address. No account has it."
                )
            ),
            text(_("Perhaps you used another address. You need no account to use tickets that you bought:")),
            button(_("Send me my tickets"), f"{settings.SITE_ORIGIN}/me/tickets/lost/"),
            small(_("It was not you? Then do nothing.")),
        ],
    )


def account_exists(found: Facts) -> Letter:
    """Somebody wanted a second account for an address that has one."""
    del found
    return Letter(
        subject=_("You have an account already"),
        preview=_("Sign in, or choose a new password."),
        title=_("You have an account already"),
        blocks=[
            text(
                _(
                    "Somebody, perhaps you, tried to create an account with this e-mail address. It has one already."
                )
            ),
            button(_("Sign in"), f"{settings.SITE_ORIGIN}/accounts/login/"),
            text(_("You forgot the password? Choose a new one on the sign-in page.")),
            small(_("It was not you? Then do nothing: your account is as it was.")),
        ],
    )


def password_changed(found: Facts) -> Letter:
    """News: the password is another one now."""
    title = _("Your password was changed")
    return Letter(
        title,
        _("If it was not you, act now."),
        title,
        _news(_("The password of your account is new."), found),
    )


def address_changed(found: Facts) -> Letter:
    """News: another address leads to the account."""
    title = _("Your e-mail address was changed")
    words = _("Your account uses %(to)s now, no longer %(from)s.") % {
        "to": found.get("to_email", ""),
        "from": found.get("from_email", ""),
    }
    return Letter(title, _("If it was not you, act now."), title, _news(words, found))


def address_confirmed(found: Facts) -> Letter:
    """News: an address was proven."""
    title = _("Your e-mail address is confirmed")
    return Letter(title, _("Tickets bought with it are in your account."), title, _news(title + ".", found))


def address_removed(found: Facts) -> Letter:
    """News: an address no longer leads to the account."""
    title = _("An e-mail address was removed")
    words = _("%(email)s no longer belongs to your account.") % {"email": found.get("deleted_email", "")}
    return Letter(title, _("If it was not you, act now."), title, _news(words, found))


def sign_in_code(found: Facts) -> Letter:
    """The code that signs in without a password."""
    return Letter(
        subject=_("%(code)s is your code to sign in") % {"code": found["code"]},
        preview=_("Type it in the page that is open."),
        title=_("Sign in to tmam"),
        blocks=[
            text(_("Type this code in the page that is open:")),
            code(found["code"]),
            text(_("It works for 15 minutes.")),
            _nobody_asks(),
            small(_("You did not ask for this? Then do nothing: without the code nobody gets in.")),
        ],
    )


def service_connected(found: Facts) -> Letter:
    """News: a sign-in service opens the account now."""
    title = _("A sign-in service was connected")
    words = _("%(service)s can sign you in to your account now.") % {"service": found.get("service", "")}
    return Letter(title, _("If it was not you, act now."), title, _news(words, found))


def service_disconnected(found: Facts) -> Letter:
    """News: a sign-in service no longer opens the account."""
    title = _("A sign-in service was removed")
    words = _("%(service)s can no longer sign you in to your account.") % {
        "service": found.get("service", "")
    }
    return Letter(title, _("If it was not you, act now."), title, _news(words, found))


# By the names of allauth's mail templates (`account/email/<name>`), and by those of our own letters.
ACCOUNT_LETTERS: Mapping[str, Callable[[Facts], Letter]] = {
    "email_confirmation": confirm_address,
    "email_confirmation_signup": confirm_address,
    "password_reset_code": reset_password,
    "login_code": sign_in_code,
    "locked": account_locked,
    "unlocked": account_unlocked,
    "unknown_account": unknown_account,
    "account_already_exists": account_exists,
    "password_changed": password_changed,
    "password_set": password_changed,
    "password_reset": password_changed,
    "email_changed": address_changed,
    "email_confirm": address_confirmed,
    "email_deleted": address_removed,
    **PRIVACY_LETTERS,
    **NEWS_LETTERS,
    **PASSKEY_LETTERS,
    "account_connected": service_connected,
    "account_disconnected": service_disconnected,
}


def _nobody_asks() -> Block:
    return text(_("Nobody from tmam will ever ask you for this code."))


def _news(words: str, found: Facts) -> list[Block]:
    at = found.get("timestamp")
    return [
        text(words),
        facts(
            [
                (_("When"), moment_words(datetime.fromisoformat(at), "UTC") if at else ""),
                (_("From the network address"), str(found.get("ip", ""))),
                (_("Browser"), str(found.get("user_agent", ""))),
            ]
        ),
        text(_("It was not you? Then choose a new password at once and write to us.")),
        button(_("Choose a new password"), f"{settings.SITE_ORIGIN}/accounts/password/reset/"),
    ]
