"""Which device it is and what suits it, by the words of real browsers."""

from __future__ import annotations

import pytest

from tmam.fulfilment.devices import Device, device_of, suiting_form

SAFARI = "Version/{} Mobile/15E148 Safari/604.1"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS {} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)"
ALL = {"pkpass", "google", "pdf", "png", "html", "ics"}

BROWSERS = [
    # (User-Agent, Sec-CH-UA-Platform, system, inside app, proposed)
    (f"{IPHONE.format('17_5_1')} {SAFARI.format('17.5')}", "", "iphone", "", "pkpass"),
    (f"{IPHONE.format('18_6')} {SAFARI.format('26.0')}", "", "iphone", "", "pkpass"),
    (f"{IPHONE.format('17_5')} CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1", "", "iphone", "", "pkpass"),
    (f"{IPHONE.format('17_5')} FxiOS/127.0 Mobile/15E148 Safari/605.1.15", "", "iphone", "", "pkpass"),
    (
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 9_3_5 like Mac OS X) AppleWebKit/601.1.46 (KHTML, like Gecko) "
            "Version/9.0 Mobile/13G36 Safari/601.1"
        ),
        "",
        "iphone",
        "",
        "png",
    ),
    (
        (
            "Mozilla/5.0 (iPad; CPU OS 12_5_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/12.1.2 Mobile/15E148 Safari/604.1"
        ),
        "",
        "ipad",
        "",
        "pkpass",
    ),
    # An iPad since iPadOS 13: a Macintosh in words.
    (
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
            "Safari/605.1.15"
        ),
        "",
        "mac",
        "",
        "pdf",
    ),
    (
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 "
            "Safari/537.36"
        ),
        '"macOS"',
        "mac",
        "",
        "pdf",
    ),
    (f"{ANDROID} Chrome/130.0.0.0 Mobile Safari/537.36", '"Android"', "android", "", "google"),
    (
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 "
            "Chrome/121.0.0.0 Mobile Safari/537.36"
        ),
        '"Android"',
        "android",
        "",
        "google",
    ),
    ("Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0", "", "android", "", "google"),
    (
        (
            "Mozilla/5.0 (Linux; Android 4.4.2; GT-I9505) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/39.0.2171.93 "
            "Mobile Safari/537.36"
        ),
        "",
        "android",
        "",
        "google",
    ),
    (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
        '"Linux"',
        "linux",
        "",
        "pdf",
    ),
    (
        "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
        '"Chrome OS"',
        "chromeos",
        "",
        "pdf",
    ),
    (
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 "
            "Safari/537.36 Edg/130.0.0.0"
        ),
        '"Windows"',
        "windows",
        "",
        "pdf",
    ),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:131.0) Gecko/20100101 Firefox/131.0",
        "",
        "windows",
        "",
        "pdf",
    ),
    (
        (
            "Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/52.0.2743.116 Mobile Safari/537.36 Edge/15.15063"
        ),
        "",
        "windows",
        "",
        "pdf",
    ),
    # Inside other apps.
    (
        f"{IPHONE.format('17_5')} Mobile/15E148 Instagram 335.0.0.29.93 (iPhone15,2; iOS 17_5; en_US; en; scale=3.00)",
        "",
        "iphone",
        "Instagram",
        "",
    ),
    (
        (
            "Mozilla/5.0 (Linux; Android 14; SM-S911B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 Instagram 335.0.0.39.93 Android"
        ),
        '"Android"',
        "android",
        "Instagram",
        "",
    ),
    (
        f"{IPHONE.format('17_5')} Mobile/15E148 [FBAN/FBIOS;FBAV/467.0.0.38.108;FBBV/603543011]",
        "",
        "iphone",
        "Facebook",
        "",
    ),
    (
        (
            "Mozilla/5.0 (Linux; Android 13; Pixel 6 Build/TQ3A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
            "Chrome/125.0.6422.165 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/467.1.0.52.83;]"
        ),
        "",
        "android",
        "Facebook",
        "",
    ),
    (
        f"{IPHONE.format('17_5')} GSA/320.0.6 Mobile/15E148 Safari/604.1",
        "",
        "iphone",
        "Google",
        "",
    ),
    (
        f"{IPHONE.format('16_2')} Mobile/15E148 musical_ly_27.6.0 BytedanceWebview/d8a21c6",
        "",
        "iphone",
        "TikTok",
        "",
    ),
    (f"{IPHONE.format('16_2')} Mobile/15E148 Safari Line/12.21.1", "", "iphone", "LINE", ""),
    # A mail program that shows pages itself, without a name.
    (f"{IPHONE.format('17_5')} Mobile/15E148", "", "iphone", "?", ""),
    (
        (
            "Mozilla/5.0 (Linux; Android 12; moto g Build/S0; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
            "Chrome/120.0.0.0 Mobile Safari/537.36"
        ),
        "",
        "android",
        "?",
        "",
    ),
    # Nothing that could be read.
    ("", "", "unknown", "", "pdf"),
    ("curl/8.5.0", "", "unknown", "", "pdf"),
    ("\x00\u202e" * 90_000, '"' * 90_000, "unknown", "", "pdf"),
]


@pytest.mark.parametrize(("agent", "hint", "system", "app", "form"), BROWSERS)
def test_the_words_of_real_browsers(agent: str, hint: str, system: str, app: str, form: str) -> None:
    device = device_of(agent, hint)
    assert (device.system, device.inside_app) == (system, app)
    assert suiting_form(device, ALL) == form


def test_a_hint_is_believed_where_the_text_says_less() -> None:
    desktop_page = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
    assert device_of(desktop_page, '"Android"').system == "android"
    assert device_of("", '"iOS"').system == "iphone"
    assert device_of(f"{ANDROID} Chrome/130.0.0.0 Mobile Safari/537.36", '"Linux"').system == "android"


def test_without_certificates_a_phone_gets_the_pdf() -> None:
    assert suiting_form(Device("iphone"), {"pdf", "png"}) == "pdf"
    assert suiting_form(Device("android"), {"pdf", "pkpass"}) == "pdf"
    assert suiting_form(Device("linux"), set()) == ""


@pytest.mark.parametrize(
    ("ios", "form"), [(9, "png"), (10, "pdf"), (11, "pdf"), (12, "pkpass"), (26, "pkpass")]
)
def test_an_old_iphone_is_proposed_what_it_can_open(ios: int, form: str) -> None:
    assert suiting_form(Device("iphone", ios=ios), ALL) == form
    assert suiting_form(Device("ipad", ios=ios), ALL) == form
    assert suiting_form(Device("iphone", ios=ios), {"wallet", "ics"}) == "wallet"


def test_what_was_chosen_here_before_comes_first_unless_it_is_gone_or_cannot_work() -> None:
    assert suiting_form(Device("iphone"), ALL, "png") == "png"
    assert suiting_form(Device("iphone"), ALL, "hologram") == "pkpass"
    assert suiting_form(Device("iphone", "Instagram"), ALL, "png") == ""


def test_where_to_go_on() -> None:
    assert Device("ipad", "Instagram").better_browser == "Safari"
    assert Device("android", "Instagram").better_browser == "Chrome"


def test_the_version_of_an_iphone_is_the_highest_it_says() -> None:
    assert device_of(f"{IPHONE.format('18_6')} {SAFARI.format('26.0')}").ios == 26
    assert device_of(f"{IPHONE.format('12_5_7')} {SAFARI.format('12.1.2')}").ios == 12
    assert device_of(f"{IPHONE.format('17_5')} CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1").ios == 17
    assert device_of(f"{ANDROID} Chrome/130.0.0.0 Mobile Safari/537.36").ios is None
    assert Device("iphone").ios is None
