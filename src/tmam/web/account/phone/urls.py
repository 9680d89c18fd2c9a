"""Addresses below `/accounts/phone/`."""

from __future__ import annotations

from django.urls import path

from tmam.web.account.phone import pages

urlpatterns = [
    path("", pages.phone_page, name="account_phone"),
    path("code/", pages.code_page, name="account_phone_code"),
    path("remove/", pages.remove_page, name="account_phone_remove"),
]
