"""`/gate/scan/`: the scanner. What it knows of this browser's key it finds in the browser itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def scan(request: HttpRequest) -> HttpResponse:
    """The page and every word its script may say."""
    return render(request, "gate/scan.html", {"words": scanner_words()})


def scanner_words() -> dict[str, str]:
    """The words of the scanner's script, in the reader's language; `{…}` is filled in there."""
    return {
        "admit": gettext("Admit"),
        "remark_wallet_tampered": gettext(
            "Look twice: the guest's phone reported that somebody had changed this ticket on it."
        ),
        "admitAgain": gettext("This answer was already given. The guest may enter."),
        "liveCode": gettext("Live code"),
        "checking": gettext("Checking…"),
        "waitTitle": gettext("No answer yet"),
        "waitText": gettext(
            "The connection is down. This page goes on asking by itself; nobody is let in twice."
        ),
        "problemTitle": gettext("That did not work"),
        "progress": gettext("{admitted} of {total} in"),
        "online": gettext("Connected"),
        "offline": gettext("No connection"),
        "soundOn": gettext("Sound on"),
        "soundOff": gettext("Sound off"),
        "cameraStarting": gettext("Starting the camera…"),
        "cameraDenied": gettext(
            "This page may not use the camera. Allow it in the browser's settings for this page (the sign beside the address), then try again. Typing codes works meanwhile."
        ),
        "cameraMissing": gettext(
            "There is no camera here. Type the codes, or plug in a hand scanner and scan: it types for you."
        ),
        "cameraBusy": gettext("Another program is using the camera. Close it, then try again."),
        "cameraInsecure": gettext(
            "The browser gives the camera only to secure pages. Open this page with https, or on this machine."
        ),
        "cameraFailed": gettext("The camera did not start. Try again, or type the codes."),
        "decoderFailed": gettext(
            "The code reader could not be loaded. Check the connection and reload the page. Typing codes works meanwhile."
        ),
        "retryCamera": gettext("Try the camera again"),
        "used": gettext("Used at {gate}, {at}"),
        "admitButton": pgettext("button", "Admit"),
        "admitName": gettext("Admit {name}"),
        "cancelled": pgettext("one ticket", "Cancelled"),
        "revoked": gettext("Withdrawn"),
        "noName": gettext("No name"),
        "bookingFound": gettext("Booking {reference}"),
    }
