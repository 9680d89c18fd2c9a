"""Addresses for machines that look after us."""

from django.urls import path

from tmam.web.operations import pages, ticket_keys, well_known

urlpatterns = [
    path("healthz", pages.healthz),
    path("readyz", pages.readyz),
    path("metrics", pages.metrics),
    path(".well-known/security.txt", well_known.security_txt),
    path(".well-known/change-password", well_known.change_password),
    path(".well-known/tmam/keys/<int:event_id>.json", ticket_keys.keys),
    path(".well-known/tmam/revoked/<int:event_id>", ticket_keys.revoked),
    path(".well-known/tmam/root.json", ticket_keys.root),
    path(".well-known/tmam/vectors.json", ticket_keys.vectors),
]
