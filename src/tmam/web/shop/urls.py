"""Addresses of the shop."""

from __future__ import annotations

from django.urls import path

import tmam.web.converters  # noqa: F401 - registers `<language:language>`
from tmam.web.shop.event_page import event_page
from tmam.web.shop.plan_shelf import plan_view
from tmam.web.shop.search_page import search_page
from tmam.web.shop.seats_page import seats_page
from tmam.web.shop.sitemap import robots, sitemap

urlpatterns = [
    path("<language:language>/", search_page),
    path("<language:language>/e/<int:event_id>/", event_page),
    path("<language:language>/e/<int:event_id>-/", event_page),
    path("<language:language>/e/<int:event_id>-<str:slug>/", event_page),
    path("<language:language>/e/<int:event_id>-<str:slug>/seats/", seats_page),
    path("plans/<int:plan_id>-<str:version>.json", plan_view),
    path("sitemap.xml", sitemap),
    path("robots.txt", robots),
]
