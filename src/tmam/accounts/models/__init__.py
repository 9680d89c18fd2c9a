"""Rows about people: who they are (`people`), what happened (`security`), how they prove who they are (the rest)."""

from tmam.accounts.models.factors import GuessCount, RecoveryCode, RecoveryCodeSet, TotpUse
from tmam.accounts.models.passkeys import Passkey, UsedChallenge
from tmam.accounts.models.people import User, UserManager
from tmam.accounts.models.phones import Phone, Sms, SmsCode, SmsCount
from tmam.accounts.models.security import SecurityEntry

__all__ = [
    "GuessCount",
    "Passkey",
    "Phone",
    "RecoveryCode",
    "RecoveryCodeSet",
    "SecurityEntry",
    "Sms",
    "SmsCode",
    "SmsCount",
    "TotpUse",
    "UsedChallenge",
    "User",
    "UserManager",
]
