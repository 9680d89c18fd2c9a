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

    DATA_DOWNLOADED = "account.data_downloaded"
    ERASED = "account.erased"
    CONSENT_GIVEN = "account.consent_given"
    CONSENT_WITHDRAWN = "account.consent_withdrawn"
    RECOVERY_ASKED = "account.recovery_asked"
    RECOVERY_APPROVED = "account.recovery_approved"
    RECOVERY_REFUSED = "account.recovery_refused"
    RECOVERY_SOON = "account.recovery_soon"
    RECOVERY_READY = "account.recovery_ready"
    RECOVERY_CANCELLED = "account.recovery_cancelled"
    RECOVERY_LAPSED = "account.recovery_lapsed"
    RECOVERED = "account.recovered"
    STAFF_APPOINTED = "account.staff_appointed"
    STAFF_DISMISSED = "account.staff_dismissed"
    STAFF_LOOKED = "account.staff_looked"
    PASSKEY_ADDED = "account.passkey_added"
    PASSKEY_RENAMED = "account.passkey_renamed"
    PASSKEY_REMOVED = "account.passkey_removed"
    PASSKEY_CLONED = "account.passkey_cloned"
    PHONE_ADDED = "account.phone_added"
    PHONE_REMOVED = "account.phone_removed"
    PHONE_CODE_SENT = "account.phone_code_sent"
    FACTOR_ADDED = "account.factor_added"  # details: kind
    FACTOR_REMOVED = "account.factor_removed"  # details: kind
    RECOVERY_CODES_MADE = "account.recovery_codes_made"  # details: is_first
    RECOVERY_CODE_USED = "account.recovery_code_used"  # details: left
    CODES_PAUSED = "account.codes_paused"  # details: until, scope
    PROVEN_AGAIN = "account.proven_again"  # details: kind; a step-up
    DEVICE_ADDED = "account.device_added"  # details: at_sign_up
    DEVICE_FORGOTTEN = "account.device_forgotten"  # details: browser
    OTHERS_SIGNED_OUT = "account.others_signed_out"
    DEVICE_CODE_REFUSED = "account.device_code_refused"  # the last of three wrong codes
    FROZEN = "account.frozen"  # details: alert_entry_id, since (the instant it went back to, or null)
    CASE_RAISED = "account.case_raised"  # details: alert_entry_id; for the support desk
    THAWED = "account.thawed"
    SERVICE_CONNECTED = "account.service_connected"
    SERVICE_DISCONNECTED = "account.service_disconnected"
