"""Requests and answers of the hot shell, whatever server is around it."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs

import msgspec

from tmam.kernel.errors import TmamError
from tmam.platform.error_words import words_for
from tmam.platform.errors import BadRequestError, BusyError, CrossSiteError, TooManyRequestsError

LARGEST_BODY_KB = 64
LANGUAGES = ("en", "es")
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


class Request(msgspec.Struct, dict=True):
    """One request with its body read. Header names are lower-case; `peer` is the address that connected to us."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    query: str = ""
    peer: str = ""

    @property
    def client(self) -> str:
        """The client's address. The front replaces `X-Forwarded-For`, so its last entry can be believed."""
        return self.headers.get("x-forwarded-for", "").rpartition(",")[2].strip() or self.peer

    @property
    def content_type(self) -> str:
        """The media type of the body without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @functools.cached_property
    def request_id(self) -> str:
        """The front's request id, or a new one."""
        return self.headers.get("x-request-id") or secrets.token_hex(8)

    @property
    def language(self) -> str:
        """The best of our languages for the client, by `Accept-Language` in its order."""
        for part in self.headers.get("accept-language", "").split(","):
            code = part.partition(";")[0].strip().partition("-")[0].lower()
            if code in LANGUAGES:
                return code
        return LANGUAGES[0]

    def cookie(self, name: str) -> str | None:
        """A cookie's value; read as tolerantly as Django does, so that a stranger's odd cookie hides none of ours."""
        for part in self.headers.get("cookie", "").split(";"):
            found, equals, value = part.strip().partition("=")
            if equals and found == name:
                return value.strip('"')
        return None

    def form(self) -> dict[str, str]:
        """The fields of a form, the last value of each.

        Raises:
            BadRequestError: not UTF-8, or absurdly many fields.
        """
        try:
            fields = parse_qs(self.body.decode(), keep_blank_values=True, max_num_fields=200, errors="strict")
        except ValueError as error:
            raise BadRequestError(where="form") from error
        return {name: values[-1] for name, values in fields.items()}

    def require_same_site(self, origins: Sequence[str]) -> None:
        """Refuse what another site made a browser send; programs without these headers pass with JSON only.

        Raises:
            CrossSiteError: the browser says that the request came from elsewhere, or a form does not say.
        """
        said_origin, said_site = self.headers.get("origin"), self.headers.get("sec-fetch-site")
        if said_origin in origins or (said_origin is None and said_site == "same-origin"):
            return
        if said_origin is None and said_site is None and self.content_type == JSON:
            return  # a browser cannot send JSON across sites without asking first, and we never allow it
        raise CrossSiteError


class Answer(msgspec.Struct):
    """One response."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: list[tuple[str, str]] = []


def json_answer(value: object, status: int = 200, headers: list[tuple[str, str]] | None = None) -> Answer:
    """A JSON answer, not stored by anybody unless `headers` say otherwise."""
    extra = headers if headers is not None else [("cache-control", "no-store")]
    return Answer(status, msgspec.json.encode(value), JSON, extra)


def see_other(location: str, headers: list[tuple[str, str]] | None = None) -> Answer:
    """303 See Other: the answer to a form."""
    return Answer(
        303, b"", "text/plain", [("location", location), ("cache-control", "no-store"), *(headers or [])]
    )


def problem_answer(error: TmamError, language: str, origin: str) -> Answer:
    """The problem document (RFC 9457) of a domain error, in the reader's language."""
    words = words_for(error, language)
    body = {
        "type": f"{origin}/{language}/help/errors/{error.code}/",
        "title": words.title,
        "status": type(error).status,
        "detail": words.summary,
        "code": error.code,
        **error.facts(),
    }
    headers = [("cache-control", "no-store")]
    if isinstance(error, BusyError | TooManyRequestsError):
        headers.append(("retry-after", str(error.retry_after_s)))
    return Answer(type(error).status, msgspec.json.encode(body), "application/problem+json", headers)


def answer_headers(answer: Answer, request_id: str) -> list[tuple[str, str]]:
    """All headers of an answer but its length."""
    return [
        ("content-type", answer.content_type),
        ("x-content-type-options", "nosniff"),
        ("x-request-id", request_id),
        *answer.headers,
    ]
