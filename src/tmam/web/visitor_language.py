"""A visitor's language, for what answers before Django does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import parse_cookie
from django.utils.translation.trans_real import parse_accept_lang_header


def language_of(environ: Mapping[str, Any]) -> str:
    """The visitor's choice, else the browser's, as `LanguageMiddleware` would find it."""
    codes = [code for code, _ in settings.LANGUAGES]
    chosen = parse_cookie(str(environ.get("HTTP_COOKIE", ""))).get(settings.LANGUAGE_COOKIE_NAME, "")
    asked = [tag for tag, _ in parse_accept_lang_header(str(environ.get("HTTP_ACCEPT_LANGUAGE", "")))]
    wanted = [chosen, *(tag.partition("-")[0] for tag in asked)]
    return next((code for code in wanted if code in codes), settings.LANGUAGE_CODE)
