"""The mails that the product's worker sent on a journey, as soon as they are there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.conf import settings

from tests.waiting import wait_until
from tmam.notifications.mail_folder import KeptMail, newest_mails
from tmam.notifications.transports import mail_folder, open_mail_folder

F = TypeVar("F")


def found_in_mails(find: Callable[[KeptMail], F | None], what: str, *, at_least: int = 1) -> list[F]:
    """What `find` makes of the mails in which it finds something, newest first.

    All mails are read again only when one more has come: reading costs the processes that are waited for.

    Raises:
        AssertionError: there are fewer than `at_least` after half a minute; it says `what` did not come.
    """
    folder = mail_folder(settings.TMAM.state)
    known: set[str] = set()
    found: list[F] = []

    def are_there() -> bool:
        there = set(open_mail_folder(folder).iterkeys())
        if not there <= known:
            known.update(there)
            found[:] = [each for mail in newest_mails(folder) if (each := find(mail)) is not None]
        return len(found) >= at_least

    assert wait_until(are_there), f"{what} did not come"
    return found
