"""The headers by which browsers protect our pages, in one place, for Django's answers and for what the front says.

Decided here, on purpose:
- Nothing inline, nothing from elsewhere; WebAssembly only where codes are scanned.
- HSTS for a year without `includeSubDomains`, which would also bind neighbours that are not ours to bind (cookies
  need no help: `__Host-` keeps neighbours out), and without `preload`, which cannot be taken back.
- Every powerful feature is off; the scanner has camera and wake lock, the wallet wake lock and passkeys,
  account pages passkeys.
- What we send is for our own pages only (`Cross-Origin-Resource-Policy`), and no other site may frame or hold them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]
SCANNER: Final = "/gate/"
WALLET: Final = "/wallet/"
# Where passkeys are made, used to sign in, used as a fresh proof, and lock the tickets in a phone.
PASSKEYS: Final = ("/accounts/", "/me/account/", WALLET)
STRICT_TRANSPORT: Final = "max-age=31536000"
_POLICY: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "media-src": "'self' blob:",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
_OFF: Final = (
    "accelerometer",
    "camera",
    "display-capture",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "otp-credentials",
    "payment",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)


def content_security_policy(path: str = "/") -> str:
    """The policy of the page at a path."""
    scripts = {"script-src": "'self' 'wasm-unsafe-eval'"} if path.startswith(SCANNER) else {}
    return "; ".join(f"{name} {sources}" for name, sources in (_POLICY | scripts).items())


def permissions_policy(path: str = "/") -> str:
    """Which powerful features the page at a path may use itself; frames in it never."""
    allowed: set[str] = set()
    if path.startswith(SCANNER):
        allowed |= {"camera", "screen-wake-lock"}
    if path.startswith(WALLET):
        allowed.add("screen-wake-lock")
    if path.startswith(PASSKEYS):
        allowed |= {"publickey-credentials-create", "publickey-credentials-get"}
    return ", ".join(f"{name}=({'self' if name in allowed else ''})" for name in _OFF)


def security_headers(path: str = "/", *, is_secure: bool) -> Mapping[str, str]:
    """All of them, for the page at a path."""
    headers = {
        "Content-Security-Policy": content_security_policy(path),
        "Permissions-Policy": permissions_policy(path),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return headers | {"Strict-Transport-Security": STRICT_TRANSPORT} if is_secure else headers


class SecurityHeadersMiddleware:
    """Strict headers on every answer. A view may set its own value first; it is left alone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in security_headers(request.path, is_secure=request.is_secure()).items():
            response.headers.setdefault(name, value)
        # What may be kept says so; a library's page that says nothing is somebody's own.
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response
