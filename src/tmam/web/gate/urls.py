"""Addresses of the gate."""

from __future__ import annotations

from django.urls import path

from tmam.web.gate import choose_page, practice_page, scan_page, scanner_data

app_name = "gate"
urlpatterns = [
    path("", choose_page.choose_event, name="events"),
    path("events/<int:event_id>/", choose_page.choose_gate, name="event"),
    path("devices/<uuid:device_id>/leave/", choose_page.sign_out_device, name="sign-out-device"),
    path("scan/", scan_page.scan, name="scan"),
    path("practice/", practice_page.practice, name="practice"),
    path("lookup/", scanner_data.lookup, name="lookup"),
    path("progress/", scanner_data.progress, name="progress"),
    path("leave/", scanner_data.leave, name="leave"),
]
