"""Rows about people: who they are (`people`), what happened to their accounts (`security`), who guesses (`lockouts`)."""

from tmam.accounts.models.lockouts import AttemptCount, FailureMinute, SolvedChallenge
from tmam.accounts.models.people import User, UserManager
from tmam.accounts.models.security import SecurityEntry

__all__ = ["AttemptCount", "FailureMinute", "SecurityEntry", "SolvedChallenge", "User", "UserManager"]
