"""The names of everything that can happen to an account: in the security log, in the event log, in mails."""

from __future__ import annotations

from enum import StrEnum


class Happening(StrEnum):
    """One name each; the words people read for them are in `tmam.web.account.activity_words`."""

    JOINED = "account.joined"
    SIGNED_IN = "account.signed_in"
    SIGNED_OUT = "account.signed_out"
    PASSWORD_CHANGED = "account.password_changed"
    PASSWORD_SET = "account.password_set"
    PASSWORD_RESET = "account.password_reset"
    ADDRESS_ADDED = "account.address_added"
    ADDRESS_CONFIRMED = "account.address_confirmed"
    ADDRESS_REMOVED = "account.address_removed"
    ADDRESS_MADE_MAIN = "account.address_made_main"
    LOCKED = "account.locked"
    UNLOCKED = "account.unlocked"
    USERNAME_CHANGED = "account.username_changed"
