"""What every page template may use."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info


def page_context(request: HttpRequest) -> dict[str, object]:
    """Site-wide values: the same for everyone, so public pages stay cacheable."""
    language = get_language() or "en"
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    rest = request.path.split("/", 2)[2] if request.path.startswith(f"/{language}/") else None
    return {
        "site_name": "tmam",
        "origin": settings.SITE_ORIGIN,
        "language": language,
        # What a link from a public page to a personal one carries, so that the language comes along.
        "bring_language": "" if rest is None else f"?language={language}",
        "is_right_to_left": get_language_info(language)["bidi"],
        "is_demo": settings.TMAM.mode == "demo",
        "support_email": settings.TMAM.support_email,
        # The other languages to switch to: (code, own name, this page with its query in that language or None)
        "other_languages": [
            (
                code,
                capfirst(get_language_info(code)["name_local"]),
                None if rest is None else f"/{code}/{rest}{query}",
            )
            for code, _ in settings.LANGUAGES
            if code != language
        ],
        # (code, own name, this page in that language or None when the address carries no language)
        "languages": [
            (code, get_language_info(code)["name_local"], None if rest is None else f"/{code}/{rest}")
            for code, _ in settings.LANGUAGES
        ],
    }
