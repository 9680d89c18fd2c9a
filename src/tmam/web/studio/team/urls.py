"""Addresses below `/studio/team/`."""

from __future__ import annotations

from django.urls import path

from tmam.web.studio.team import invitation_pages, member_pages, pages

urlpatterns = [
    path("", pages.teams, name="teams"),
    path("<slug:slug>/", pages.team, name="team"),
    path("<slug:slug>/second-factor/", pages.second_factor, name="team-second-factor"),
    path("<slug:slug>/undo/", member_pages.take_back, name="team-undo"),
    path("<slug:slug>/invite/", invitation_pages.invite_somebody, name="team-invite"),
    path(
        "<slug:slug>/invitations/<int:invitation_id>/again/",
        invitation_pages.mail_again,
        name="team-invite-again",
    ),
    path("<slug:slug>/invitations/<int:invitation_id>/revoke/", invitation_pages.revoke, name="team-revoke"),
    path("<slug:slug>/members/<int:membership_id>/", member_pages.change, name="team-member"),
    path("<slug:slug>/members/<int:membership_id>/remove/", member_pages.remove, name="team-remove"),
]
