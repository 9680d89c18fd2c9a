"""`/wallet/`, its service worker and its manifest: the same bytes for everybody, no cookie looked at or set."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from tmam.web.wallet.shell import ICONS, shell_page, worker_script


@require_safe
def app_page(request: HttpRequest) -> HttpResponse:
    """The wallet. Everything personal is in the phone; this page never sees it."""
    del request
    response = HttpResponse(shell_page(get_language() or "en"))
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Cookie, Accept-Language"
    return response


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """`/wallet/sw.js`: it may serve `/wallet/` and nothing else of this site."""
    del request
    response = HttpResponse(worker_script(), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """`/wallet/manifest.webmanifest`: what a phone shows of the installed wallet."""
    del request
    language = get_language() or "en"
    response = JsonResponse(
        {
            "id": "/wallet/",
            "name": gettext("tmam wallet"),
            "short_name": gettext("Tickets"),
            "description": gettext("Your tickets, also without a connection."),
            "lang": language,
            "start_url": "/wallet/",
            "scope": "/wallet/",
            "display": "standalone",
            "background_color": "#fcfaf7",
            "theme_color": "#2b45c9",
            "icons": [
                {"src": static(path), "sizes": sizes, "type": "image/png", "purpose": purpose}
                for path, sizes, purpose in ICONS
            ],
        },
        content_type="application/manifest+json",
    )
    response.headers["Cache-Control"] = "no-cache"
    return response
