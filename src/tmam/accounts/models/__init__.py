"""Rows about people: who they are (`people`) and what happened to their accounts (`security`)."""

from tmam.accounts.models.people import User, UserManager
from tmam.accounts.models.security import SecurityEntry

__all__ = ["SecurityEntry", "User", "UserManager"]
