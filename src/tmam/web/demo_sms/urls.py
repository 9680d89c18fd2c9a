"""Addresses below `/demo/sms/`."""

from __future__ import annotations

from django.urls import path

from tmam.web.demo_sms import pages

urlpatterns = [path("", pages.sms_list, name="demo_sms_list")]
