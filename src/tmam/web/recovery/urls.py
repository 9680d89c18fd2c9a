"""Addresses below `/accounts/recover/`."""

from __future__ import annotations

from django.urls import path

from tmam.web.recovery import ask_pages, guide_pages, request_pages

urlpatterns = [
    path("", guide_pages.start, name="recover"),
    path("password/", guide_pages.password, name="recover_password"),
    path("phone/", guide_pages.phone, name="recover_phone"),
    path("email/", guide_pages.email, name="recover_email"),
    path("phone/ask/", ask_pages.ask_for_factors, name="recover_phone_ask"),
    path("email/ask/", ask_pages.ask_for_mailbox, name="recover_email_ask"),
    path("sent/", ask_pages.sent, name="recover_sent"),
    path("open/", request_pages.open_link, name="recover_open"),
    path("request/", request_pages.request_page, name="recover_request"),
    path("stop/", request_pages.stop_own, name="recover_stop_own"),
]
