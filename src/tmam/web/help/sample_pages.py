"""`/<language>/help/sample-ticket/`: a sample in every form, to try on the device in hand before the event.

The same for everybody, so each form is made once in a process: at most one file a form and language is kept
(about a dozen, 500 kB each).
"""

from __future__ import annotations

import functools
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tmam.delivery.apple.site_certificate import is_apple_offered
from tmam.delivery.sample_files import SAMPLE_FORMS, sample_file
from tmam.fulfilment.errors import FormNotKnownError
from tmam.web.me.form_words import FORM_WORDS, GROUPS
from tmam.web.me.offered_forms import remark_of
from tmam.web.public import FIVE_MINUTES, public_page

# Not for people: a bare code, and what would be told to Google. Only on the command line.
_NOT_SHOWN: Final = frozenset({"token", "google"})


@public_page
def sample_page(request: HttpRequest, language: str) -> HttpResponse:
    """Every form of the sample with its words."""
    del language  # the middleware has activated it
    names = [name for name in FORM_WORDS if _is_shown(name)]
    groups = [
        {
            "name": group,
            "title": title,
            "forms": [
                {"name": name, "words": FORM_WORDS[name], "remark": remark_of(name)}
                for name in names
                if FORM_WORDS[name].group == group
            ],
        }
        for group, title in GROUPS.items()
    ]
    return render(request, "help/sample.html", {"groups": [group for group in groups if group["forms"]]})


@public_page
def sample_download(request: HttpRequest, language: str, form: str) -> HttpResponse:
    """The sample in one form.

    Raises:
        FormNotKnownError: no such form.
        RenderBusyError, RenderFailedError: see `delivery.typesetting.typeset`.
    """
    del request  # the same for everybody
    if not _is_shown(form):
        raise FormNotKnownError(form=form[:20])
    found = SAMPLE_FORMS[form]
    response = HttpResponse(_made(form, language), content_type=found.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="tmam-sample-{form}.{found.extension}"'
    response.headers["Cache-Control"] = FIVE_MINUTES
    return response


def _is_shown(form: str) -> bool:
    """Whether there is such a form, for people, on this site."""
    return form in SAMPLE_FORMS and form not in _NOT_SHOWN and (form != "pkpass" or is_apple_offered())


@functools.lru_cache(maxsize=64)
def _made(form: str, language: str) -> bytes:
    return sample_file(SAMPLE_FORMS[form], language=language)
