"""Addresses of the studio."""

from __future__ import annotations

from django.urls import include, path

from tmam.web.studio import pages
from tmam.web.studio.design.urls import design_urls
from tmam.web.studio.files_page import files, files_progress

app_name = "studio"
urlpatterns = [
    path("", pages.overview, name="overview"),
    path("figures/", pages.overview_figures, name="overview-figures"),
    path("events/<int:event_id>/", pages.event, name="event"),
    path("events/<int:event_id>/figures/", pages.event_figures, name="event-figures"),
    path("events/<int:event_id>/files/", files, name="files"),
    path("events/<int:event_id>/files/progress/", files_progress, name="files-progress"),
    path("organizers/<slug:slug>/design/", include(design_urls("organizer-"))),
    path("events/<int:event_id>/design/", include(design_urls("event-"))),
    path("team/", include("tmam.web.studio.team.urls")),
    path("events/<int:event_id>/dates/", include("tmam.web.studio.dates.urls")),
    path("events/<int:event_id>/rules/", include("tmam.web.studio.rules.urls")),
]
