"""Addresses below `/accounts/passkeys/`."""

from __future__ import annotations

from django.urls import path

from tmam.web.account.passkeys import pages
from tmam.web.account.passkeys.offer import not_now
from tmam.web.account.passkeys.sign_in import sign_in, sign_in_options

urlpatterns = [
    path("", pages.keys_page, name="account_passkeys"),
    path("sign-in/", sign_in, name="account_passkey_sign_in"),
    path("sign-in/options/", sign_in_options, name="account_passkey_options"),
    path("not-now/", not_now, name="account_passkey_not_now"),
    path("add/", pages.add_passkey_page, name="account_passkey_add"),
    path("add/security-key/", pages.add_security_key_page, name="account_security_key_add"),
    path("<int:key_id>/", pages.key_page, name="account_passkey"),
]
