"""The words people agree to, by version. A version is never changed once it was shown: new words, new version."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MARKETING: Final = "marketing"
TMAM: Final = "tmam"
CURRENT_VERSION: Final = "2026-11"

MARKETING_TEXTS: Final[dict[str, Promise]] = {
    "2026-11": _(
        "tmam may write to me about events that could interest me. I can stop that at any time in my account."
    ),
}
