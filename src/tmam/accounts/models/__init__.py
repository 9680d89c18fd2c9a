"""Rows about people: who they are and what became of them.

`people` (who), `security` (what happened), `factors` (how they prove who they are), `privacy` (what they agreed to, what
must be forgotten), `recovery` (getting back in with the help of staff).
"""

from tmam.accounts.models.factors import GuessCount, RecoveryCode, RecoveryCodeSet, TotpUse
from tmam.accounts.models.people import User, UserManager
from tmam.accounts.models.privacy import Consent, Erasure, StaffAction
from tmam.accounts.models.recovery import OPEN_STATES, RecoveryKind, RecoveryRequest, RecoveryState
from tmam.accounts.models.security import SecurityEntry

__all__ = [
    "OPEN_STATES",
    "Consent",
    "Erasure",
    "GuessCount",
    "RecoveryCode",
    "RecoveryCodeSet",
    "RecoveryKind",
    "RecoveryRequest",
    "RecoveryState",
    "SecurityEntry",
    "StaffAction",
    "TotpUse",
    "User",
    "UserManager",
]
