"""Rows about people: who they are (`people`), how they prove it (`passkeys`, `phones`) and what happened to their accounts (`security`)."""

from tmam.accounts.models.passkeys import Passkey, UsedChallenge
from tmam.accounts.models.people import User, UserManager
from tmam.accounts.models.phones import Phone, Sms, SmsCode, SmsCount
from tmam.accounts.models.security import SecurityEntry

__all__ = [
    "Passkey",
    "Phone",
    "SecurityEntry",
    "Sms",
    "SmsCode",
    "SmsCount",
    "UsedChallenge",
    "User",
    "UserManager",
]
