"""What people read for each thing that can happen to an account. A new `Happening` gets its words here."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tmam.accounts.happenings import Happening

WORDS: Final[dict[str, Promise]] = {
    Happening.JOINED: gettext_lazy("You made this account"),
    Happening.SIGNED_IN: pgettext_lazy("what happened", "Signed in"),
    Happening.SIGNED_OUT: gettext_lazy("Signed out"),
    Happening.PASSWORD_CHANGED: gettext_lazy("The password was changed"),
    Happening.PASSWORD_SET: gettext_lazy("A password was chosen"),
    Happening.PASSWORD_RESET: gettext_lazy("The password was replaced by way of a mailed code"),
    Happening.ADDRESS_ADDED: gettext_lazy("An e-mail address was added"),
    Happening.ADDRESS_CONFIRMED: gettext_lazy("An e-mail address was confirmed"),
    Happening.ADDRESS_REMOVED: gettext_lazy("An e-mail address was removed"),
    Happening.ADDRESS_MADE_MAIN: gettext_lazy("Another e-mail address became the main one"),
    Happening.FACTOR_ADDED: gettext_lazy("A second factor was added"),
    Happening.FACTOR_REMOVED: gettext_lazy("A second factor was removed"),
    Happening.RECOVERY_CODES_MADE: gettext_lazy("New recovery codes were made"),
    Happening.RECOVERY_CODE_USED: gettext_lazy("A recovery code was used to sign in"),
    Happening.CODES_PAUSED: gettext_lazy("Many wrong codes were typed, so codes were paused for a while"),
    Happening.PROVEN_AGAIN: gettext_lazy("You showed once more that it is you"),
    Happening.LOCKED: gettext_lazy("Signing in was paused after many wrong passwords"),
    Happening.UNLOCKED: gettext_lazy("The pause of signing in was ended"),
    Happening.USERNAME_CHANGED: gettext_lazy("The user name was changed"),
    Happening.PASSKEY_ADDED: gettext_lazy("A passkey or security key was added"),
    Happening.PASSKEY_RENAMED: gettext_lazy("A passkey or security key got another name"),
    Happening.PASSKEY_REMOVED: gettext_lazy("A passkey or security key was removed"),
    Happening.PASSKEY_CLONED: gettext_lazy("A security key looked like a copy and was refused"),
    Happening.PHONE_ADDED: gettext_lazy("A phone number for codes was added"),
    Happening.PHONE_REMOVED: gettext_lazy("A phone number for codes was removed"),
    Happening.PHONE_CODE_SENT: gettext_lazy("A code was sent to your phone"),
    Happening.DEVICE_ADDED: gettext_lazy("A new browser signed in"),
    Happening.DEVICE_FORGOTTEN: gettext_lazy("A browser was signed out and forgotten"),
    Happening.OTHERS_SIGNED_OUT: gettext_lazy("All other browsers were signed out"),
    Happening.DEVICE_CODE_REFUSED: gettext_lazy("Wrong codes for a new browser were refused"),
    Happening.FROZEN: gettext_lazy("You said that it was not you, and the account was locked"),
    Happening.CASE_RAISED: gettext_lazy("Our staff was told about it"),
    Happening.THAWED: gettext_lazy("The locked account was opened again"),
    Happening.SERVICE_CONNECTED: gettext_lazy("A sign-in service was connected"),
    Happening.SERVICE_DISCONNECTED: gettext_lazy("A sign-in service was disconnected"),
    Happening.DATA_DOWNLOADED: gettext_lazy("Your data was downloaded"),
    Happening.ERASED: gettext_lazy("The account was erased"),
    Happening.CONSENT_GIVEN: gettext_lazy("You agreed to mails about events"),
    Happening.CONSENT_WITHDRAWN: gettext_lazy("You stopped mails about events"),
    Happening.RECOVERY_ASKED: gettext_lazy("Somebody with your password asked for help with signing in"),
    Happening.RECOVERY_APPROVED: gettext_lazy("Help with signing in was approved; the waiting time began"),
    Happening.RECOVERY_REFUSED: gettext_lazy("Help with signing in was refused"),
    Happening.RECOVERY_SOON: gettext_lazy("We reminded you: help with signing in takes effect within a day"),
    Happening.RECOVERY_READY: gettext_lazy("The waiting time of the help with signing in is over"),
    Happening.RECOVERY_CANCELLED: gettext_lazy("Help with signing in was stopped"),
    Happening.RECOVERY_LAPSED: gettext_lazy("Help with signing in ended, because nobody went on with it"),
    Happening.RECOVERED: gettext_lazy("The lost part of your sign-in was replaced; everybody was signed out"),
    Happening.STAFF_LOOKED: gettext_lazy("Our staff looked at your account"),
}
# What staff did that is about no single account.
STAFF_WORDS: Final[dict[str, Promise]] = {
    "staff.searched": gettext_lazy("Searched for a person that does not exist"),
    "staff.kept_record_opened": gettext_lazy("Opened a record that the law makes us keep"),
    "staff.trail_read": gettext_lazy("Downloaded the audit trail"),
}


def happening_words(name: str) -> str:
    """One sentence without a full stop; for what is no longer known, that something happened."""
    found = WORDS.get(name) or STAFF_WORDS.get(name)
    return str(found) if found is not None else _("Something changed in your account")


def actor_words(actor: str) -> str:
    """Who did it, in the eyes of the account's owner."""
    if actor.startswith("staff:"):
        return _("tmam staff")
    return _("tmam, by itself") if actor == "system" else _("you, or somebody who signed in as you")
