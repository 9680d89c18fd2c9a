"""Rows about people: who they are (`people`), what happened to their accounts (`security`), what they agreed to and
what must be forgotten (`privacy`), and getting back in with the help of staff (`recovery`).
"""

from tmam.accounts.models.people import User, UserManager
from tmam.accounts.models.privacy import Consent, Erasure, StaffAction
from tmam.accounts.models.recovery import OPEN_STATES, RecoveryKind, RecoveryRequest, RecoveryState
from tmam.accounts.models.security import SecurityEntry

__all__ = [
    "OPEN_STATES",
    "Consent",
    "Erasure",
    "RecoveryKind",
    "RecoveryRequest",
    "RecoveryState",
    "SecurityEntry",
    "StaffAction",
    "User",
    "UserManager",
]
