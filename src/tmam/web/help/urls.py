"""Addresses of help, legal pages, pictures and colours."""

from __future__ import annotations

from django.urls import path

from tmam.web import converters  # noqa: F401 - registers <language:…>
from tmam.web.brand import brand_view, logo_view
from tmam.web.help import views
from tmam.web.help.components_page import components_page
from tmam.web.help.organizer_page import organizer_page
from tmam.web.help.sample_pages import sample_download, sample_page
from tmam.web.posters import poster_view

urlpatterns = [
    path("", views.start),
    path("language/", views.choose_language),
    path("design/", components_page),
    path("posters/<int:event_id>.svg", poster_view),
    path("brand/<int:organizer_id>.css", brand_view),
    path("brand/<int:organizer_id>/logo-<str:sha256>.png", logo_view, name="brand_logo"),
    path("<language:language>/help/", views.text, {"name": "help"}),
    path("<language:language>/help/errors/", views.error_index),
    path("<language:language>/help/errors/<str:code>/", views.error_page),
    path("<language:language>/help/sample-ticket/", sample_page),
    path("<language:language>/help/sample-ticket/<slug:form>/", sample_download),
    path("<language:language>/terms/", views.text, {"name": "terms"}),
    path("<language:language>/privacy/", views.text, {"name": "privacy"}),
    path("<language:language>/security/", views.text, {"name": "security"}),
    path("<language:language>/imprint/", views.text, {"name": "imprint"}),
    path("<language:language>/o/<slug:slug>/", organizer_page),
]
