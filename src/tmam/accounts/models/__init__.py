"""Rows about people.

Who they are (`people`), how they prove it (`factors`, `passkeys`, `phones`), where they signed in (`devices`), what
happened to their accounts (`security`), which are locked by their owners (`freezes`), how they stood
at an alert (`snapshots`), who guesses
(`lockouts`), what people agreed to and what must be forgotten (`privacy`), and getting back in with staff (`recovery`).
"""

from tmam.accounts.models.devices import Device
from tmam.accounts.models.factors import GuessCount, RecoveryCode, RecoveryCodeSet, TotpUse
from tmam.accounts.models.freezes import Freeze
from tmam.accounts.models.lockouts import AttemptCount, FailureMinute, SolvedChallenge
from tmam.accounts.models.passkeys import Passkey, UsedChallenge
from tmam.accounts.models.people import User, UserManager
from tmam.accounts.models.phones import Phone, Sms, SmsCode, SmsCount
from tmam.accounts.models.privacy import Consent, Erasure, StaffAction
from tmam.accounts.models.recovery import OPEN_STATES, RecoveryKind, RecoveryRequest, RecoveryState
from tmam.accounts.models.security import SecurityEntry
from tmam.accounts.models.snapshots import AlertSnapshot

__all__ = [
    "OPEN_STATES",
    "AlertSnapshot",
    "AttemptCount",
    "Consent",
    "Device",
    "Erasure",
    "FailureMinute",
    "Freeze",
    "GuessCount",
    "Passkey",
    "Phone",
    "RecoveryCode",
    "RecoveryCodeSet",
    "RecoveryKind",
    "RecoveryRequest",
    "RecoveryState",
    "SecurityEntry",
    "Sms",
    "SmsCode",
    "SmsCount",
    "SolvedChallenge",
    "StaffAction",
    "TotpUse",
    "UsedChallenge",
    "User",
    "UserManager",
]
