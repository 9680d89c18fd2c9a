"""Addresses below `/me/`."""

from __future__ import annotations

from allauth.socialaccount.views import connections
from django.urls import path

from tmam.web.account.devices_page import devices_page, sign_out_device, sign_out_others
from tmam.web.account.factors.security_page import security_page
from tmam.web.account.overview_page import account_page
from tmam.web.account.start_account import start_account
from tmam.web.account.step_up import Purpose, fresh_proof_required
from tmam.web.me.downloads import calendar_download, order_pdf, ticket_pdf, ticket_png
from tmam.web.me.links import lost_page, lost_sent_page, open_link
from tmam.web.me.order_page import order_page
from tmam.web.me.tickets_page import tickets_page

_services = fresh_proof_required(purpose=Purpose.CHANGE_FACTORS, reading_is_free=True)

urlpatterns = [
    path("tickets/", tickets_page, name="me_tickets"),
    path("tickets/open/", open_link, name="me_open_link"),
    path("tickets/lost/", lost_page, name="me_lost"),
    path("tickets/lost/sent/", lost_sent_page, name="me_lost_sent"),
    path("account/", account_page, name="me_account"),
    path("account/security/", security_page, name="me_security"),
    path("account/sign-in-services/", _services(connections), name="socialaccount_connections"),
    path("account/devices/", devices_page, name="me_devices"),
    path("account/devices/sign-out/", sign_out_device, name="me_sign_out_device"),
    path("account/devices/sign-out-others/", sign_out_others, name="me_sign_out_others"),
    path("account/start/", start_account, name="me_start_account"),
    path("orders/<str:reference>/", order_page, name="me_order"),
    path("orders/<str:reference>/tickets.pdf", order_pdf, name="me_order_pdf"),
    path("orders/<str:reference>/event.ics", calendar_download, name="me_order_calendar"),
    path("orders/<str:reference>/tickets/<int:serial>.pdf", ticket_pdf, name="me_ticket_pdf"),
    path("orders/<str:reference>/tickets/<int:serial>.png", ticket_png, name="me_ticket_png"),
]
