"""Addresses of the trips."""

from __future__ import annotations

from django.urls import path

import tmam.web.converters  # noqa: F401 - registers `<language:language>`
from tmam.web.trips.journey_page import journey_page
from tmam.web.trips.search_page import trips_page

urlpatterns = [
    path("<language:language>/trips/", trips_page),
    path("<language:language>/trips/journey/", journey_page),
]
