"""Addresses below `/demo/mail/`."""

from __future__ import annotations

from django.urls import path

from tmam.web.demo_mail import pages

urlpatterns = [
    path("", pages.mail_list, name="demo_mail_list"),
    path("<str:key>/", pages.mail_page, name="demo_mail"),
    path("<str:key>/html/", pages.mail_html, name="demo_mail_html"),
    path("<str:key>/files/<int:number>/", pages.mail_attachment, name="demo_mail_attachment"),
]
