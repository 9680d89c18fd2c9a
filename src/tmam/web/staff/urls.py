"""Addresses of the staff area."""

from __future__ import annotations

from django.urls import path

from tmam.web.staff import open_pages, people_pages, recovery_pages, trail_pages

app_name = "staff"
urlpatterns = [
    path("", people_pages.start, name="start"),
    path("people/<int:user_id>/", people_pages.person, name="person"),
    path("people/<int:user_id>/open/", open_pages.open_frozen, name="open-frozen"),
    path("people/<int:user_id>/end-pause/", open_pages.end_pause, name="end-pause"),
    path("recoveries/<int:request_id>/", recovery_pages.recovery, name="recovery"),
    path("recoveries/<int:request_id>/decide/", recovery_pages.decide, name="decide"),
    path("trail/", trail_pages.trail, name="trail"),
    path("trail.csv", trail_pages.trail_csv, name="trail-csv"),
    path("kept/", trail_pages.kept, name="kept"),
]
