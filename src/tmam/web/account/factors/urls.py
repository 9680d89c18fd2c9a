"""Addresses below `/accounts/` that stand before allauth's: the second step of signing in, factors, step-up.

allauth's own pages that change an account are here too, behind `fresh_proof_required`.
"""

from __future__ import annotations

from allauth.account import views as allauth_views
from django.urls import path

from tmam.web.account.factors import app_pages, codes_pages
from tmam.web.account.factors.sign_in_page import second_factor_page
from tmam.web.account.new_password import new_password_page, reset_factor_page
from tmam.web.account.step_up import Purpose, fresh_proof_required
from tmam.web.account.step_up_page import step_up_page

_password = fresh_proof_required(purpose=Purpose.CHANGE_PASSWORD)
_addresses = fresh_proof_required(purpose=Purpose.CHANGE_ADDRESSES, reading_is_free=True)

urlpatterns = [
    path("second-factor/", second_factor_page, name="account_second_factor"),
    path("reauthenticate/", step_up_page, name="account_reauthenticate"),
    path("app/", app_pages.set_up_app, name="account_app_set_up"),
    path("app/remove/", app_pages.remove_app, name="account_app_remove"),
    path("recovery-codes/", codes_pages.codes_page, name="account_codes"),
    path("recovery-codes/file/", codes_pages.codes_file, name="account_codes_file"),
    path("recovery-codes/new/", codes_pages.make_codes_page, name="account_codes_make"),
    path("email/", _addresses(allauth_views.email), name="account_email"),
    path("password/change/", _password(allauth_views.password_change), name="account_change_password"),
    path("password/reset/factor/", reset_factor_page, name="account_reset_factor"),
    path("password/reset/complete/", new_password_page, name="account_complete_password_reset"),
    path("password/set/", _password(allauth_views.password_set), name="account_set_password"),
]
