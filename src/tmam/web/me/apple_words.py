"""What an Apple pass needs, as this installation can say it: with a self-made certificate no iPhone takes it."""

from __future__ import annotations

from typing import cast

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext

from tmam.delivery.apple.site_certificate import apple_certificate


def _needs() -> str:
    certificate = apple_certificate()
    if certificate is not None and certificate.is_development:
        return gettext("Development certificate: iPhones will refuse this pass. Take another form.")
    return gettext(
        "An iPhone with iOS 12 or newer. From Safari on a Mac it goes to the iPhone with the same Apple account."
    )


apple_needs = cast("Promise", lazy(_needs, str)())
