"""Addresses of signing in through a provider, below `/accounts/`. Names and callback path are allauth's."""

from __future__ import annotations

from allauth.socialaccount import views
from django.urls import path

from tmam.web.account.sso.pages import callback_page, connect, connect_page, start_page

urlpatterns = [
    path("oidc/<slug:provider_id>/login/", start_page, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", callback_page, name="openid_connect_callback"),
    path("sso/cancelled/", views.login_cancelled, name="socialaccount_login_cancelled"),
    path("sso/error/", views.login_error, name="socialaccount_login_error"),
    path("sso/signup/", views.signup, name="socialaccount_signup"),
    path("sso/connect/", connect_page, name="sso_connect"),
    path("sso/connect/now/", connect, name="sso_connect_now"),
]
