"""`/gate/practice/`: the practice scanner, for stewards and buyers alike. No sign-in, nothing sent, nothing kept."""

from __future__ import annotations

import re
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tmam.kernel.sample_key import SAMPLE_PRIVATE_KEY
from tmam.kernel.token import public_key_of
from tmam.platform.error_words import page_words
from tmam.web.gate.scan_page import scanner_words

# What the scanner says about codes that are no sample, in the words of the gate.
_REFUSALS: Final = {
    "forged": "tickets.token_forged",
    "malformed": "tickets.token_malformed",
    "foreign": "tickets.token_foreign",
    "revoked": "gates.revoked",
}
# How many characters were read and are needed: the script does not count.
_LENGTHS: Final = re.compile(r" \([^)]*\{length\}[^)]*\)")
# What the scanner's scripts say here too; the rest is about scanners that are set up.
_SAID_HERE: Final = frozenset({
    "admitAgain", "cameraBusy", "cameraDenied", "cameraFailed", "cameraInsecure", "cameraMissing", "cameraStarting",
    "checking", "decoderFailed", "liveCode", "problemTitle", "retryCamera", "waitText", "waitTitle",
})  # fmt: skip


@never_cache
@require_safe
def practice(request: HttpRequest) -> HttpResponse:
    """The page, the words its script may say, and the public half of the sample's key."""
    context = {"words": practice_words(), "sample_key": public_key_of(SAMPLE_PRIVATE_KEY).hex()}
    return render(request, "gate/practice.html", context)


def practice_words() -> dict[str, object]:
    """The scanner's words, and its answers by what the code turned out to be."""
    language = get_language() or "en"
    answers = {
        "sample": _answer(
            "admit",
            gettext("It works"),
            gettext("This is the sample: it was read well and is genuine. At a real door it admits nobody."),
        ),
        "real": _answer(
            "wait",
            gettext("Well readable"),
            gettext(
                "This looks like a real ticket. Whether it is valid only the gate can tell: practising uses nothing up."
            ),
        ),
        "used": _answer(
            "already_used",
            page_words("gates.already_used", language).title,
            gettext("So it looks when somebody came in with this ticket before."),
        ),
    }
    for name, code in _REFUSALS.items():
        words = page_words(code, language)
        answers[name] = _answer("refuse", words.title, _LENGTHS.sub("", words.summary))
    said = {name: words for name, words in scanner_words().items() if name in _SAID_HERE}
    return said | {
        "admit": gettext("It works"),
        "answers": answers,
        "noCode": gettext(
            "There is no code in this picture that could be read. Take a new one: straight, sharp, with the white edge around the code."
        ),
        "pictureTooLarge": gettext("This picture is larger than 20 MB. Take a screenshot instead."),
        "pictureUnreadable": gettext(
            "This file is no picture. For a PDF, open it, take a screenshot and choose that."
        ),
    }


def _answer(verdict: str, title: str, summary: str) -> dict[str, str]:
    return {"verdict": verdict, "title": title, "summary": summary}
