"""The mails' part of "download my data": that we wrote, when and about what; the words are in the person's mailbox."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tmam.accounts.personal_data import Part, Person, exports
from tmam.notifications.models import Mail


def _mails(person: Person) -> Iterator[dict[str, Any]]:
    theirs = Mail.objects.alias(address=Lower("to")).filter(address__in=person.addresses)
    for mail in theirs.order_by("queued_at", "id").iterator(500):
        yield {
            "to": mail.to,
            "kind": mail.template,
            "language": mail.language,
            "state": mail.state,
            "queued_at": mail.queued_at,
            "sent_at": mail.sent_at,
        }


exports(
    Part(
        "mails",
        _("Mails from us"),
        {
            "to": _("The address we wrote to."),
            "kind": _("What the mail was about."),
            "language": _("The language, as a code."),
            "state": _("Whether it was sent."),
            "queued_at": _("When it was written."),
            "sent_at": _("When it was sent."),
        },
        _mails,
    )
)
