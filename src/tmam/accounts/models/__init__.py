"""Rows about people: who they are (`people`), what happened (`security`), how they prove who they are (`factors`)."""

from tmam.accounts.models.factors import GuessCount, RecoveryCode, RecoveryCodeSet, TotpUse
from tmam.accounts.models.people import User, UserManager
from tmam.accounts.models.security import SecurityEntry

__all__ = [
    "GuessCount",
    "RecoveryCode",
    "RecoveryCodeSet",
    "SecurityEntry",
    "TotpUse",
    "User",
    "UserManager",
]
