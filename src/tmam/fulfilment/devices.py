"""Which device is in the hand, from what its browser says of itself; and which form of a ticket suits it.

User-Agent texts are reduced on purpose by their makers: Chrome on Android says "Android 10; K" whatever it is, Safari
since 26 keeps "iPhone OS 18_6", an iPad calls itself a Macintosh. So only what still holds is read: the system, and
whether the page is inside another app, where downloads and passes do not work. The page's script may know
better about iPads (they have several touch points, no Macintosh has any).
Sources: https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/User-Agent, W3C "User-Agent Client Hints",
https://www.chromium.org/updates/ua-reduction/.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

System: TypeAlias = Literal["iphone", "ipad", "android", "mac", "windows", "chromeos", "linux", "unknown"]

# Longer texts are no browser's; only this much is looked at.
MOST_CHARACTERS: Final = 1_000

# Marks of browsers inside other apps, and what people call the app. The first that fits counts.
_APPS: Final[tuple[tuple[str, str], ...]] = (
    ("Instagram", "Instagram"),
    ("Barcelona", "Threads"),
    ("FBAN/Messenger", "Messenger"),
    ("MessengerLiteForiOS", "Messenger"),
    ("FB_IAB/Orca", "Messenger"),
    ("FBAN", "Facebook"),
    ("FBAV", "Facebook"),
    ("FB_IAB", "Facebook"),
    ("musical_ly", "TikTok"),
    ("BytedanceWebview", "TikTok"),
    ("trill_", "TikTok"),
    ("Snapchat", "Snapchat"),
    ("LinkedInApp", "LinkedIn"),
    ("Pinterest", "Pinterest"),
    ("MicroMessenger", "WeChat"),
    (" Line/", "LINE"),
    ("KAKAOTALK", "KakaoTalk"),
    ("Twitter for", "X"),
    ("TwitterAndroid", "X"),
    ("WhatsApp", "WhatsApp"),
    ("Telegram", "Telegram"),
    ("Gmail", "Gmail"),
    ("GSA/", "Google"),
)
_WEB_VIEW: Final = re.compile(r"Android.*; wv\)|Android.*Version/4\.0 Chrome/")
_PLATFORMS: Final[Mapping[str, System]] = {
    "Android": "android",
    "iOS": "iphone",
    "macOS": "mac",
    "Windows": "windows",
    "Chrome OS": "chromeos",
    "Chromium OS": "chromeos",
    "Linux": "linux",
}
_IN_TEXT: Final[tuple[tuple[str, System], ...]] = (
    # Old Windows phones claim to be everything else as well.
    ("Windows", "windows"),
    ("iPad", "ipad"),
    ("iPhone", "iphone"),
    ("iPod", "iphone"),
    ("Android", "android"),
    ("CrOS", "chromeos"),
    ("Macintosh", "mac"),
    ("Linux", "linux"),
)
# What suits a system, best first; the first that is to be had is proposed.
_SUITING: Final[Mapping[System, tuple[str, ...]]] = {
    "iphone": ("pkpass", "pdf", "wallet"),
    "ipad": ("pkpass", "pdf", "wallet"),
    "android": ("google", "pdf", "wallet"),
}
_SUITING_OTHERS: Final = ("pdf", "wallet", "google")
# (below this version of iOS, what suits): the first that fits counts. Our passes need iOS 12 (`me.form_words`), and
# what is older than 10 shows a PDF badly.
_SUITING_OLD_IOS: Final[tuple[tuple[int, tuple[str, ...]], ...]] = (
    (10, ("png", "html", "pdf", "wallet")),
    (12, ("pdf", "png", "wallet")),
)
_IOS: Final = re.compile(r"(?:iPhone|CPU) OS (\d{1,3})[_ ]|Version/(\d{1,3})\.")


@dataclass(frozen=True)
class Device:
    """`ios` is an iPhone's or iPad's version, the highest that its text says; None: it does not say, or is none.

    `inside_app` names the app whose own browser this is ("Instagram"), "?" if it has no name we know, else "".
    """

    system: System
    inside_app: str = ""
    is_safari: bool = False
    ios: int | None = None

    @property
    def is_apple_handheld(self) -> bool:
        """An iPhone or an iPad that says so."""
        return self.system in {"iphone", "ipad"}

    @property
    def is_handheld(self) -> bool:
        """A phone or a tablet that says so."""
        return self.is_apple_handheld or self.system == "android"

    @property
    def better_browser(self) -> str:
        """The browser to go on in, when this one is inside another app."""
        return "Safari" if self.is_apple_handheld else "Chrome"


def device_of(user_agent: str, platform_hint: str = "") -> Device:
    """The device of a request's `User-Agent` and `Sec-CH-UA-Platform` (quoted, as sent); both may be anything."""
    text = user_agent[:MOST_CHARACTERS]
    hinted = _PLATFORMS.get(platform_hint[:40].strip().strip('"'))
    said: System = next((system for mark, system in _IN_TEXT if mark in text), "unknown")
    # A hint is sent by Chromium only and not reduced; but an Android that asks for the desktop page hints Linux.
    system: System = hinted if hinted is not None and said in {"unknown", "mac", "linux"} else said
    is_safari = "Version/" in text and "Safari/" in text and "Android" not in text
    versions = [int(number) for pair in _IOS.findall(text) for number in pair if number]
    ios = max(versions, default=None) if system in {"iphone", "ipad"} else None
    return Device(system, _app_around(text, system), is_safari, ios)


def suiting_form(device: Device, available: Collection[str], remembered: str = "") -> str:
    """The form to propose out of those that are to be had: the one chosen here before, else what suits; may be "".

    Inside another app nothing is proposed: what is pressed there comes to nothing, or into no hands.
    """
    if device.inside_app:
        return ""
    if remembered in available:
        return remembered
    return _first(_suiting(device), available)


def _suiting(device: Device) -> Sequence[str]:
    if device.ios is not None:
        for below, forms in _SUITING_OLD_IOS:
            if device.ios < below:
                return forms
    return _SUITING.get(device.system, _SUITING_OTHERS)


def _first(wanted: Sequence[str], available: Collection[str]) -> str:
    return next((form for form in wanted if form in available), "")


def _app_around(text: str, system: System) -> str:
    for mark, app in _APPS:
        if mark in text:
            return app
    if system == "android" and _WEB_VIEW.search(text):
        return "?"
    # Every real browser on an iPhone says Safari; a page that an app shows itself does not.
    if system in {"iphone", "ipad"} and "AppleWebKit" in text and "Safari/" not in text:
        return "?"
    return ""
