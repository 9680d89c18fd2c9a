"""Addresses below `/studio/events/{id}/rules/`."""

from __future__ import annotations

from django.urls import path

from tmam.web.studio.rules import code_pages, pages

urlpatterns = [
    path("", pages.rules, name="rules"),
    path("undo/", pages.take_back, name="rules-undo"),
    path("order/", pages.order, name="rules-order"),
    path("door/", pages.door, name="rules-door"),
    path("limits/<slug:kind>/", pages.limit, name="rules-limit"),
    path("contingents/<int:pool>/<slug:channel>/", pages.contingent, name="rules-contingent"),
    path("codes/", code_pages.codes, name="codes"),
    path("codes/download/", code_pages.download, name="codes-download"),
    path("codes/add/", code_pages.choose_kind, name="codes-choose"),
    path("codes/add/<slug:does>/", code_pages.add, name="codes-add"),
    path("codes/<int:ordinal>/", code_pages.change, name="code"),
]
