"""`tmam staff`: who may look after people's accounts at /staff/."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from tmam.cli.database import database, set_up_django
from tmam.cli.operator_error import OperatorError
from tmam.platform.settings import Settings

Verb = Literal["add", "remove", "list"]


def run_staff(settings: Settings, verb: Verb, email: str) -> None:
    """Add or remove a member of staff, or list them.

    Raises:
        OperatorError: no address was given, or no account has proven it.
    """
    if verb != "list" and not email:
        raise OperatorError("Say whom: tmam staff add EMAIL.")
    with database(settings):
        set_up_django()
        from tmam.accounts.appoint_staff import (
            NoSuchAccountError,
            appoint_staff,
            dismiss_staff,
            staff_addresses,
        )

        if verb == "list":
            print("\n".join(staff_addresses()) or "Nobody is staff yet.")
            return
        change = appoint_staff if verb == "add" else dismiss_staff
        try:
            changed = change(email, now=datetime.now(UTC))
        except NoSuchAccountError:
            raise OperatorError(
                f"No account has proven the address {email}; sign up with it first."
            ) from None
    words = {
        ("add", True): "is staff now",
        ("add", False): "was staff already",
        ("remove", True): "is no longer staff",
        ("remove", False): "was not staff",
    }
    print(f"{email} {words[verb, changed]}.")
    if verb == "add":
        print(f"The staff pages are at {settings.origin}/staff/ and ask for a second factor first.")
