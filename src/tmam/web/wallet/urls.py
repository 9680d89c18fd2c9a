"""Addresses below `/wallet/`."""

from __future__ import annotations

from django.urls import path

from tmam.web.wallet.api import challenge, leave, renew, sync, take
from tmam.web.wallet.pages import app_page, manifest, worker

app_name = "wallet"
urlpatterns = [
    path("", app_page, name="app"),
    path("sw.js", worker, name="worker"),
    path("manifest.webmanifest", manifest, name="manifest"),
    path("api/challenge/", challenge, name="challenge"),
    path("api/take/", take, name="take"),
    path("api/sync/", sync, name="sync"),
    path("api/renew/", renew, name="renew"),
    path("api/leave/", leave, name="leave"),
]
