"""All addresses, by audience."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from tmam.web.account.code_pages import EmailCodePage, ResetCodePage, SignInCodePage
from tmam.web.account.frozen import frozen_page
from tmam.web.account.new_device.page import new_device_page
from tmam.web.account.not_me_page import not_me_page
from tmam.web.account.start_account import PrefilledSignupView
from tmam.web.account.unlock_page import unlock_page

handler400 = "tmam.web.problems.bad_request"
handler403 = "tmam.web.problems.permission_denied"
handler404 = "tmam.web.problems.not_found"
handler500 = "tmam.web.problems.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("checkout/", include("tmam.web.checkout.urls")),
    path("sandbox-bank/", include("tmam.payments.adapters.sandbox.pages")),
    path("me/", include("tmam.web.me.urls")),
    path("accounts/signup/", PrefilledSignupView.as_view(), name="account_signup"),
    path("accounts/unlock/", unlock_page, name="account_unlock"),
    path("accounts/recover/", include("tmam.web.recovery.urls")),
    path("accounts/", include("tmam.web.account.factors.urls")),
    path("accounts/passkeys/", include("tmam.web.account.passkeys.urls")),
    path("accounts/phone/", include("tmam.web.account.phone.urls")),
    path("accounts/new-device/", new_device_page, name="account_new_device"),
    path("accounts/not-me/", not_me_page, name="account_not_me"),
    path("accounts/frozen/", frozen_page, name="account_frozen"),
    path("accounts/confirm-email/", EmailCodePage.as_view(), name="account_email_verification_sent"),
    path(
        "accounts/password/reset/confirm/",
        ResetCodePage.as_view(),
        name="account_confirm_password_reset_code",
    ),
    path("accounts/login/code/confirm/", SignInCodePage.as_view(), name="account_confirm_login_code"),
    path("accounts/", include("tmam.web.account.sso.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("wallet/", include("tmam.web.wallet.urls")),
    path("gate/", include("tmam.web.gate.urls")),
    path("wallets/apple/", include("tmam.web.wallets.apple.urls")),
    path("staff/", include("tmam.web.staff.urls")),
    path("studio/", include("tmam.web.studio.urls")),
    path("demo/mail/", include("tmam.web.demo_mail.urls")),
    path("demo/sms/", include("tmam.web.demo_sms.urls")),
    path("", include("tmam.web.operations.urls")),
    path("", include("tmam.web.help.urls")),
    path("", include("tmam.web.trips.urls")),
    path("", include("tmam.web.shop.urls")),
]
