"""Addresses for machines that look after us."""

from django.urls import path

from tmam.web.operations import pages

urlpatterns = [
    path("healthz", pages.healthz),
    path("readyz", pages.readyz),
    path("metrics", pages.metrics),
]
