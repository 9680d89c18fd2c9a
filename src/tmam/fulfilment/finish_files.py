"""Wait for a file: what people press a button for has a queue (`web.me.downloads`), mails and commands just wait."""

from __future__ import annotations

from tmam.delivery.store import stored
from tmam.fulfilment.files import PlannedFile, TicketFile


def finished(file: TicketFile | PlannedFile) -> TicketFile:
    """The file with its content, from the store or drawn now.

    Raises:
        RenderBusyError, RenderFailedError: see `delivery.errors`.
    """
    if isinstance(file, TicketFile):
        return file
    return TicketFile(file.name, stored(file.drawing), file.media_type)
