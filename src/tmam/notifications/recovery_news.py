"""Who hears of a recovery: every address of the account, the lost one and the new one too."""

from __future__ import annotations

from typing import Final

from allauth.account.models import EmailAddress

from tmam.accounts.happenings import Happening
from tmam.accounts.models import RecoveryKind, RecoveryRequest
from tmam.notifications.queue_mail import queue_mail
from tmam.platform.event_log import Entry

RECOVERY_NEWS: Final[dict[str, str]] = {
    Happening.RECOVERY_ASKED: "recovery_asked",
    Happening.RECOVERY_APPROVED: "recovery_approved",
    Happening.RECOVERY_SOON: "recovery_soon",
    Happening.RECOVERY_READY: "recovery_ready",
    Happening.RECOVERY_CANCELLED: "recovery_cancelled",
    Happening.RECOVERY_REFUSED: "recovery_refused",
    Happening.RECOVERED: "recovered",
}


def owe_recovery_mails(entry: Entry) -> None:
    """Owe the letters of one piece of news about a recovery.

    The link that ends it goes only where the mailbox was proven; everybody else got the link that stops it before.
    """
    letter = RECOVERY_NEWS[entry.name]
    found = RecoveryRequest.objects.filter(pk=entry.data["request_id"]).first()
    if found is None:
        return  # the account was erased meanwhile
    only = _claimed(found) if letter == "recovery_ready" else None
    for number, address in enumerate(sorted(_addresses(found) if only is None else {only})):
        queue_mail(
            cause=f"{letter}:{entry.id}:{number}",
            template=f"account.{letter}",
            to=address,
            language=found.language,
            now=entry.at,
            context={
                "request_id": found.pk,
                "kind": found.kind,
                "ready_at": found.ready_at.isoformat() if found.ready_at else "",
            },
        )


def _claimed(found: RecoveryRequest) -> str:
    """The mailbox that whoever asked has proven."""
    return found.new_email if found.kind == RecoveryKind.EMAIL else found.old_email


def _addresses(found: RecoveryRequest) -> set[str]:
    known = EmailAddress.objects.filter(user_id=found.user_id, verified=True)
    return {
        each.lower()
        for each in (found.old_email, found.new_email, *known.values_list("email", flat=True))
        if each
    }
