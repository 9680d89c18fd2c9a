"""Addresses of the shop."""

from __future__ import annotations

from django.urls import path

import tmam.web.converters  # noqa: F401 - registers `<language:language>`
from tmam.web.shop.event_page import event_page
from tmam.web.shop.search_page import search_page
from tmam.web.shop.sitemap import robots, sitemap

urlpatterns = [
    path("<language:language>/", search_page),
    path("<language:language>/e/<int:event_id>/", event_page),
    path("<language:language>/e/<int:event_id>-/", event_page),
    path("<language:language>/e/<int:event_id>-<str:slug>/", event_page),
    path("sitemap.xml", sitemap),
    path("robots.txt", robots),
]
