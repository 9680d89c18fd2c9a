"""Addresses below `/studio/events/{id}/dates/`."""

from __future__ import annotations

from django.urls import path

from tmam.web.studio.dates import pages

urlpatterns = [
    path("", pages.dates, name="dates"),
    path("<int:ordinal>/", pages.change, name="date"),
    path("<int:ordinal>/undo/", pages.take_back, name="date-undo"),
]
