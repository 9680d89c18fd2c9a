"""Help and legal pages, the error catalogue, and the choice of language."""

from __future__ import annotations

from itertools import groupby
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tmam.platform.error_words import Facts, known_codes, page_words
from tmam.platform.errors import BadRequestError, MethodNotAllowedError, NotFoundError
from tmam.web.help.pages import text_page
from tmam.web.middleware import remember_language
from tmam.web.public import public_page

# What people call the parts that messages come from.
_PARTS = {
    "accounts": _("Accounts and links"),
    "delivery": _("Downloading tickets"),
    "fulfilment": _("Forms of tickets"),
    "gates": _("At the door"),
    "inventory": _("Choosing and reserving"),
    "orders": _("Basket and purchase"),
    "payments": _("Paying"),
    "platform": _("This site"),
    "tickets": _("Codes on tickets"),
}


def start(request: HttpRequest) -> HttpResponse:
    """`/`: to the home page in the visitor's language."""
    del request  # the middleware has read the language from its headers
    response = HttpResponseRedirect(f"/{get_language()}/")
    response.headers["Vary"] = "Accept-Language, Cookie"
    response.headers["Cache-Control"] = "private, max-age=0"
    return response


def choose_language(request: HttpRequest) -> HttpResponse:
    """`POST /language/`: remember the language for personal pages, and go back to `next`.

    Raises:
        BadRequestError: not a language of ours.
    """
    if request.method != "POST":
        raise MethodNotAllowedError
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        raise BadRequestError(where="language")
    following = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(following, allowed_hosts=None):
        following = f"/{language}/"
    response = HttpResponseRedirect(_without_language(following))
    remember_language(response, language)
    return response


@public_page
def text(request: HttpRequest, language: str, name: str) -> HttpResponse:
    """A page of words: help, terms, privacy, security or imprint."""
    page = text_page(name, language, settings.TMAM.support_email)
    return render(request, f"pages/{'help' if name == 'help' else 'text'}.html", {"page": page, "name": name})


@public_page
def error_index(request: HttpRequest, language: str) -> HttpResponse:
    """Every message that the program can give, by the part that gives it."""
    words = [page_words(code, language) for code in known_codes()]
    groups = [
        (part, _PARTS.get(part, part), list(found))
        for part, found in groupby(words, key=lambda each: each.code.partition(".")[0])
    ]
    return render(request, "help/errors.html", {"groups": groups})


@public_page
def error_page(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """One code's help page.

    Raises:
        NotFoundError: no such code.
    """
    if code not in known_codes():
        raise NotFoundError
    words = page_words(code, language)
    shown = {
        "title": words.title,
        "summary": _without_facts(words.summary),
        "advice": _without_facts(words.advice),
    }
    return render(request, "help/error.html", {"words": shown, "code": code})


def _without_language(path: str) -> str:
    """An address without the language that a link brought along: the new choice wins over it."""
    parts = urlsplit(path)
    kept = [
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "language"
    ]
    return urlunsplit(parts._replace(query=urlencode(kept)))


def _without_facts(words: str) -> str:
    """A sentence of the catalogue without its facts: `{left}` reads as an ellipsis."""
    return words.format_map(Facts({}, "en"))
