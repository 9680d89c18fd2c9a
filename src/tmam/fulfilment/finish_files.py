"""Wait for a file: what people press a button for has a queue (`web.me.downloads`), mails and commands just wait."""

from __future__ import annotations

from tmam.delivery.errors import StoreAwayError
from tmam.delivery.renderers import Renderers, renderers
from tmam.fulfilment.files import PlannedFile, TicketFile


def finished(file: TicketFile | PlannedFile, using: Renderers | None = None) -> TicketFile:
    """The file with its content, from the store or drawn now by this process's renderers.

    Raises:
        RenderBusyError, RenderFailedError, StoreAwayError: see `delivery.errors`.
    """
    if isinstance(file, TicketFile):
        return file
    using = using or renderers()
    using.draw(file.drawing)
    content = using.store.get(file.drawing.name)
    if content is None:  # deleted this very moment
        raise StoreAwayError
    return TicketFile(file.name, content, file.media_type)
