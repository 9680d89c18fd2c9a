"""A visitor's language, for what answers before Django does."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.http import parse_cookie
from django.utils.translation.trans_real import parse_accept_lang_header

# What browsers send is short, and the same from many.
COMMON_CHARS: Final = 100


def language_of(environ: Mapping[str, Any], cookies: Mapping[str, str] | None = None) -> str:
    """The visitor's choice, else the browser's, as `LanguageMiddleware` would find it. `cookies`: theirs, if read already."""
    if cookies is None:
        cookies = parse_cookie(str(environ.get("HTTP_COOKIE", "")))
    chosen = cookies.get(settings.LANGUAGE_COOKIE_NAME, "")
    accepted = str(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
    if len(chosen) + len(accepted) > COMMON_CHARS:
        return _first_of_ours.__wrapped__(chosen, accepted)
    return _first_of_ours(chosen, accepted)


@functools.lru_cache(maxsize=1_000)
def _first_of_ours(chosen: str, accepted: str) -> str:
    codes = [code for code, _ in settings.LANGUAGES]
    wanted = [chosen, *(tag.partition("-")[0] for tag, _ in parse_accept_lang_header(accepted))]
    return next((code for code in wanted if code in codes), settings.LANGUAGE_CODE)
