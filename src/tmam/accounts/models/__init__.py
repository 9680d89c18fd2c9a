"""Rows about people.

Who they are (`people`), how they prove it (`factors`), where they signed in (`devices`), what happened to their
accounts (`security`) and which are locked by their owners (`freezes`).
"""

from tmam.accounts.models.devices import Device
from tmam.accounts.models.factors import GuessCount, RecoveryCode, RecoveryCodeSet, TotpUse
from tmam.accounts.models.freezes import Freeze
from tmam.accounts.models.people import User, UserManager
from tmam.accounts.models.security import SecurityEntry

__all__ = [
    "Device",
    "Freeze",
    "GuessCount",
    "RecoveryCode",
    "RecoveryCodeSet",
    "SecurityEntry",
    "TotpUse",
    "User",
    "UserManager",
]
