"""Rows about people: who they are (`people`) and what happened to their accounts (`security`, `devices`, `freezes`)."""

from tmam.accounts.models.devices import Device
from tmam.accounts.models.freezes import Freeze
from tmam.accounts.models.people import User, UserManager
from tmam.accounts.models.security import SecurityEntry

__all__ = ["Device", "Freeze", "SecurityEntry", "User", "UserManager"]
