"""The wallet's shell: the page and the files it needs without a connection, and the version of all of them together."""

from __future__ import annotations

import functools
import hashlib
import json
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation

from tmam.web.wallet.words import wallet_words

ICONS: Final = (
    ("tmam/icons/icon-192.png", "192x192", "any"),
    ("tmam/icons/icon-512.png", "512x512", "any"),
    ("tmam/icons/wallet-maskable-512.png", "512x512", "maskable"),
)
# Every module that the page loads; `tests/web/wallet/test_shell.py` compares with the folder.
MODULES: Final = (
    "add-view",
    "app",
    "bytes",
    "code-view",
    "device-key",
    "live-code",
    "lock",
    "lock-view",
    "parts",
    "phone-view",
    "qr",
    "server",
    "store",
    "tickets-view",
    "vault",
    "wallet",
)
# For browsers without Ed25519 of their own; the others never load it.
FALLBACK: Final = "vendor/noble-ed25519/index.js"
_FILES: Final = (
    *(f"tmam/js/wallet/{name}.js" for name in MODULES),
    "tmam/tmam.css",
    "tmam/pages/wallet.css",
    "vendor/inter/inter-latin.woff2",
    "vendor/inter/inter-latin-ext.woff2",
    "vendor/lucide/icons.svg",
    "tmam/icons/favicon.svg",
    *(path for path, _, _ in ICONS),
)
# Those that scripts put into the page.
SCRIPT_ICONS: Final = ("circle-check", "circle-x", "qr-code", "shield-check", "triangle-alert")
WORKER: Final = "tmam/js/wallet/worker/sw.js"
_VERSION_CHARACTERS: Final = 16


@functools.lru_cache(maxsize=8)
def shell_page(language: str) -> str:
    """The page in a language: the same for everybody, so a phone may keep it."""
    context = {
        "language": language,
        "words": wallet_words(language),
        "icons": SCRIPT_ICONS,
        "is_right_to_left": translation.get_language_info(language)["bidi"],
        "other_languages": [
            (code, translation.get_language_info(code)["name_local"])
            for code, _ in settings.LANGUAGES
            if code != language
        ],
    }
    with translation.override(language):
        return render_to_string("wallet/app.html", context)


@functools.lru_cache(maxsize=1)
def worker_script() -> str:
    """The service worker: its code after what it must know. One byte changed anywhere makes another version."""
    files = [static(path) for path in _FILES]
    digest = hashlib.sha256()
    for path in (*_FILES, FALLBACK, WORKER):
        digest.update(path.encode() + b"\0" + content_of(path))
    for code, _ in settings.LANGUAGES:
        digest.update(shell_page(code).encode())
    code = content_of(WORKER).decode()
    facts = {
        "VERSION": digest.hexdigest()[:_VERSION_CHARACTERS],
        "FILES": files,
        "FALLBACK": static(FALLBACK),
        "LANGUAGES": [language for language, _ in settings.LANGUAGES],
    }
    return "".join(f"const {name} = {json.dumps(value)};\n" for name, value in facts.items()) + code


def content_of(path: str) -> bytes:
    """A static file of ours, as it lies in the source.

    Raises:
        FileNotFoundError: there is none.
    """
    found = finders.find(path)
    if not isinstance(found, str):
        raise FileNotFoundError(path)
    return Path(found).read_bytes()
