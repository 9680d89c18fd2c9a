"""Addresses of the ticket design, below an organizer and below an event. The front knows them: they take pictures."""

from __future__ import annotations

from django.urls import URLPattern, path

from tmam.web.studio.design import pages


def design_urls(prefix: str) -> list[URLPattern]:
    """The same pages for one kind of owner: `organizer-`, `event-`."""
    return [
        path("", pages.design, name=f"{prefix}design"),
        path("preview.png", pages.preview_png, name=f"{prefix}design-png"),
        path("preview.pdf", pages.preview_pdf, name=f"{prefix}design-pdf"),
        path("undo/", pages.take_back, name=f"{prefix}design-undo"),
    ]
