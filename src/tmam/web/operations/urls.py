"""Addresses for machines that look after us."""

from django.urls import path

from tmam.web.operations import pages, well_known

urlpatterns = [
    path("healthz", pages.healthz),
    path("readyz", pages.readyz),
    path("metrics", pages.metrics),
    path(".well-known/security.txt", well_known.security_txt),
    path(".well-known/change-password", well_known.change_password),
]
