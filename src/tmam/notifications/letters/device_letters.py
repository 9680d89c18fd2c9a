"""The letters about browsers that know an account: the code for a new one, the alert, and locking the account."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tmam.accounts.browser_names import browser_name
from tmam.accounts.models import SecurityEntry
from tmam.accounts.not_me_links import LINK_DAYS, sign_not_me_link
from tmam.accounts.places import place_of
from tmam.notifications.letter import Block, Letter, button, code, facts, small, steps, text
from tmam.notifications.letters.taken_back import taken_back_words
from tmam.notifications.when_words import moment_words

Facts = Mapping[str, Any]


def new_device_code(found: Facts, now: datetime) -> Letter:
    """The code that a new browser is asked for."""
    del now
    return Letter(
        subject=_("%(code)s is your code to sign in") % {"code": found["code"]},
        preview=_("Type it in the page that is open."),
        title=_("Signing in from a new browser"),
        blocks=[
            text(_("Somebody with your password signs in from a browser that your account does not know:")),
            from_where(found["browser"], found["network"], found["place"]),
            text(_("Is it you? Then type this code in the page that is open:")),
            code(found["code"]),
            text(_("It works for 15 minutes. Nobody from tmam will ever ask you for this code.")),
            text(_("It is not you? Then somebody knows your password. Choose a new one now:")),
            button(_("Choose a new password"), f"{settings.SITE_ORIGIN}/accounts/password/reset/"),
        ],
    )


def new_device(found: Facts, now: datetime) -> Letter:
    """The alert: a browser became known. The link is made here and kept nowhere.

    Raises:
        LookupError: the account was erased meanwhile.
    """
    entry = _entry(found)
    secret = sign_not_me_link(entry.user_id, entry.pk, now=now)
    title = _("Signed in from a new browser")
    return Letter(
        subject=title,
        preview=_("Was it you? Then you need do nothing."),
        title=title,
        blocks=[
            text(_("Somebody signed in to your account from a browser that it did not know before:")),
            from_where(entry.browser, entry.network, entry.place, at=entry.at),
            text(_("Was it you? Then you need do nothing.")),
            text(
                _(
                    "Was it not you? This button locks your account: everybody is signed out, and no ticket can be handed on until you have chosen a new password."
                )
            ),
            button(_("This was not me"), f"{settings.SITE_ORIGIN}/accounts/not-me/?t={secret}"),
            small(_("The button works for %(days)d days.") % {"days": LINK_DAYS}),
        ],
    )


def account_frozen(found: Facts, now: datetime) -> Letter:
    """The account was locked at its owner's word."""
    del now
    details = _entry(found).details
    undone = taken_back_words(details.get("taken_back", {}))
    title = _("Your account is locked")
    return Letter(
        subject=title,
        preview=_("How to open it again."),
        title=title,
        blocks=[
            text(_("You told us that somebody else got into your account. So we have:")),
            steps(
                [
                    _("signed out every browser,"),
                    _("made the password useless,"),
                    _("stopped tickets from being handed on or sold,"),
                    _("told our support desk."),
                ]
            ),
            *([text(_("We took back what was done since then:")), steps(undone)] if undone else []),
            *_how_to_open(needs_staff=bool(details.get("needs_staff"))),
            small(
                _("Do you use the same password for your mail, or anywhere else? Then change it there, too.")
            ),
        ],
    )


def _how_to_open(*, needs_staff: bool) -> list[Block]:
    if needs_staff:
        return [
            text(
                _(
                    "Your tickets are safe and stay valid. Something could not be put back as it was, so only our support desk can open the account. They know already; answer this mail to reach them."
                )
            )
        ]
    return [
        text(_("Your tickets are safe and stay valid. To open the account, choose a new password:")),
        button(_("Choose a new password"), f"{settings.SITE_ORIGIN}/accounts/password/reset/"),
    ]


def account_thawed(found: Facts, now: datetime) -> Letter:
    """The account is open again."""
    del found, now
    title = _("Your account is open again")
    return Letter(
        subject=title,
        preview=_("Look at your orders and addresses once."),
        title=title,
        blocks=[
            text(_("You can sign in, and hand tickets on, as before.")),
            text(
                _("Look once at your orders, e-mail addresses and browsers. Is something odd? Write to us.")
            ),
            button(_("Your account"), f"{settings.SITE_ORIGIN}/me/account/"),
            small(_("You did not open it? Answer this mail at once.")),
        ],
    )


def case_raised(found: Facts, now: datetime) -> Letter:
    """For the support desk: an owner says that somebody else got in. Numbers only; the rest is in the staff area."""
    del now
    number = found["user_id"]
    details = _entry(found).details
    undone = taken_back_words(details.get("taken_back", {}))
    return Letter(
        subject=_("Case: account %(number)s locked by its owner") % {"number": number},
        preview=_("Somebody else got in, the owner says."),
        title=_("An account was locked by its owner"),
        blocks=[
            text(
                _(
                    "The owner answered an alert with “this was not me”. The account is locked: signed out everywhere, no password, no tickets handed on."
                )
            ),
            facts([(_("Account"), str(number)), (_("Entry in its security log"), str(found["entry_id"]))]),
            *([text(_("Taken back, as the owner reads it:")), steps(undone)] if undone else []),
            *(
                [text(_("Something could not be put back: only staff can open this account."))]
                if details.get("needs_staff")
                else []
            ),
            steps(
                [
                    _("Read the account's security log: what was done from the strange browser?"),
                    _("Look for tickets handed on and addresses changed since then."),
                    _("Write to the owner at an address that was proven before."),
                ]
            ),
        ],
    )


DEVICE_LETTERS: Mapping[str, Callable[[Facts, datetime], Letter]] = {
    "new_device_code": new_device_code,
    "new_device": new_device,
    "account_frozen": account_frozen,
    "account_thawed": account_thawed,
    "case_raised": case_raised,
}


def from_where(browser: str, network: str, place: str, *, at: datetime | None = None) -> Block:
    """What is known of a browser, as facts; `at` in UTC, None for just now."""
    language = get_language() or "en"
    return facts(
        [
            (_("Browser"), browser_name(browser)),
            (_("Place"), place_of(network, file=settings.TMAM.geoip_file, language=language) or place),
            (_("When"), moment_words(at, "UTC") if at else ""),
            (_("From the network address"), network),
        ]
    )


def _entry(found: Facts) -> SecurityEntry:
    entry = SecurityEntry.objects.filter(id=found["entry_id"], user_id=found["user_id"]).first()
    if entry is None:
        raise LookupError(f"no security entry {found['entry_id']}")
    return entry
