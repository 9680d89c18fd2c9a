"""Addresses below `/me/`."""

from __future__ import annotations

from allauth.socialaccount.views import connections
from django.urls import path

from tmam.web.account.activity_page import activity_page, not_me_page
from tmam.web.account.devices_page import devices_page, sign_out_device, sign_out_others
from tmam.web.account.factors.security_page import security_page
from tmam.web.account.name_page import name_page
from tmam.web.account.overview_page import account_page
from tmam.web.account.privacy.data_page import consent_answer, data_download, data_page
from tmam.web.account.privacy.erase_page import erase_page, erased_page
from tmam.web.account.start_account import start_account
from tmam.web.account.step_up import Purpose, fresh_proof_required
from tmam.web.me.download_page import download_page, take_form
from tmam.web.me.downloads import order_file, ticket_file
from tmam.web.me.google_page import google_page
from tmam.web.me.invitation_pages import decline_invitation, invitation_page, open_invitation
from tmam.web.me.leave_team_page import leave_team_page
from tmam.web.me.links_page import links_page, phone_page, stop_links_page
from tmam.web.me.lost_page import lost_page, lost_sent_page
from tmam.web.me.open_link import open_link, opening_page
from tmam.web.me.order_page import order_page
from tmam.web.me.protect_page import protect_page
from tmam.web.me.tickets_page import tickets_page
from tmam.web.wallet.not_me_page import phone_not_me_page
from tmam.web.wallet.order_pages import code_page, take_out_page, wallet_page

_services = fresh_proof_required(purpose=Purpose.CHANGE_FACTORS, reading_is_free=True)

urlpatterns = [
    path("tickets/", tickets_page, name="me_tickets"),
    path("tickets/open/", open_link, name="me_open_link"),
    path("tickets/opening/", opening_page, name="me_opening"),
    path("tickets/not-me/", phone_not_me_page, name="me_phone_not_me"),
    path("tickets/lost/", lost_page, name="me_lost"),
    path("tickets/lost/sent/", lost_sent_page, name="me_lost_sent"),
    path("account/", account_page, name="me_account"),
    path("account/name/", name_page, name="me_user_name"),
    path("account/activity/", activity_page, name="me_activity"),
    path("account/activity/not-me/", not_me_page, name="me_not_me"),
    path("account/data/", data_page, name="me_data"),
    path("account/data/consent/", consent_answer, name="me_consent"),
    path("account/data/download/", data_download, name="me_data_download"),
    path("account/erase/", erase_page, name="me_erase"),
    path("account/erased/", erased_page, name="me_erased"),
    path("account/security/", security_page, name="me_security"),
    path("account/sign-in-services/", _services(connections), name="socialaccount_connections"),
    path("account/devices/", devices_page, name="me_devices"),
    path("account/devices/sign-out/", sign_out_device, name="me_sign_out_device"),
    path("account/devices/sign-out-others/", sign_out_others, name="me_sign_out_others"),
    path("account/start/", start_account, name="me_start_account"),
    path("invitations/", invitation_page, name="me_invitation"),
    path("invitations/open/", open_invitation, name="me_open_invitation"),
    path("invitations/later/", decline_invitation, name="me_invitation_later"),
    path("teams/<slug:slug>/leave/", leave_team_page, name="me_leave_team"),
    path("orders/<str:reference>/", order_page, name="me_order"),
    path("orders/<str:reference>/links/", links_page, name="me_links"),
    path("orders/<str:reference>/links/stop/", stop_links_page, name="me_links_stop"),
    path("orders/<str:reference>/tickets/<int:serial>/phone/<slug:form>/", phone_page, name="me_phone"),
    path("orders/<str:reference>/protect/", protect_page, name="me_protect"),
    path("orders/<str:reference>/google/", google_page, name="me_google"),
    path("orders/<str:reference>/download/", download_page, name="me_order_download"),
    path("orders/<str:reference>/download/<slug:form>/", take_form, name="me_order_take"),
    path("orders/<str:reference>/wallet/", wallet_page, name="me_wallet"),
    path("orders/<str:reference>/wallet/out/", take_out_page, name="me_wallet_out"),
    path("orders/<str:reference>/wallet/code/<slug:what>/", code_page, name="me_wallet_code"),
    path("orders/<str:reference>/files/<slug:form>/", order_file, name="me_order_file"),
    path(
        "orders/<str:reference>/tickets/<int:serial>/files/<slug:form>/", ticket_file, name="me_ticket_file"
    ),
]
