"""Rows about people (`people`) and what happens to accounts (`security`, `devices`, `freezes`, `lockouts`)."""

from tmam.accounts.models.devices import Device
from tmam.accounts.models.freezes import Freeze
from tmam.accounts.models.lockouts import AttemptCount, FailureMinute, SolvedChallenge
from tmam.accounts.models.people import User, UserManager
from tmam.accounts.models.security import SecurityEntry

__all__ = [
    "AttemptCount",
    "Device",
    "FailureMinute",
    "Freeze",
    "SecurityEntry",
    "SolvedChallenge",
    "User",
    "UserManager",
]
