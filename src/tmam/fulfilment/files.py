"""A file on its way to a person: finished, or planned and still to be drawn."""

from __future__ import annotations

from dataclasses import dataclass

from tmam.delivery.drawings import Drawing


@dataclass(frozen=True)
class TicketFile:
    """A file with the name it is saved under; `media_type` without parameters."""

    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True)
class PlannedFile:
    """A file with the name it is saved under, and what the renderers need to draw it.

    Planning is cheap and draws nothing; `finish_files.finished` waits for the content.
    """

    name: str
    drawing: Drawing

    @property
    def media_type(self) -> str:
        """The file's media type, without parameters."""
        return self.drawing.media_type
