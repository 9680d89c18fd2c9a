"""Addresses below `/wallets/apple/v1/`, as Apple chose them: without a slash at the end."""

from __future__ import annotations

from django.urls import path

from tmam.web.wallets.apple.service import changed_view, latest_pass_view, log_view, registration_view

urlpatterns = [
    path(
        "v1/devices/<str:device>/registrations/<str:pass_type>/<str:number>",
        registration_view,
        name="apple_registration",
    ),
    path("v1/devices/<str:device>/registrations/<str:pass_type>", changed_view, name="apple_changed"),
    path("v1/passes/<str:pass_type>/<str:number>", latest_pass_view, name="apple_latest_pass"),
    path("v1/log", log_view, name="apple_log"),
]
