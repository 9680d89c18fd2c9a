"""Requests and answers of the hot shell: plain ASGI, no framework."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import parse_qs

import msgspec

from tmam.kernel.errors import TmamError
from tmam.platform.error_words import words_for
from tmam.platform.errors import (
    BadRequestError,
    BusyError,
    CrossSiteError,
    TooLargeError,
    TooManyRequestsError,
)

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LARGEST_BODY_KB = 64
LANGUAGES = ("en", "es")
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


class ClientGoneError(Exception):
    """Nobody is left to answer."""


@dataclass(frozen=True)
class Request:
    """One request with its body read. Header names are lower-case."""

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


@dataclass(frozen=True)
class Answer:
    """One response."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: list[tuple[str, str]] = field(default_factory=list)


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


async def read_request(scope: Scope, receive: Receive) -> Request:
    """Read a request with its whole, bounded body.

    Raises:
        TooLargeError: the body is larger than any request of ours.
        ClientGoneError: the client hung up before all of it was here; half a request is none.
    """
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY_KB * 1024:
            raise TooLargeError(limit_kb=LARGEST_BODY_KB)
        if not message.get("more_body"):
            break
    return Request(
        scope["method"],
        scope["path"],
        {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]},
        bytes(body),
        scope.get("query_string", b"").decode("latin-1"),
        (scope.get("client") or ("",))[0],
    )


async def send_answer(send: Send, answer: Answer, request_id: str) -> None:
    """Send a response whole."""
    headers = [
        (b"content-type", answer.content_type.encode()),
        (b"content-length", str(len(answer.body)).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"x-request-id", request_id.encode("latin-1")),
        *((name.encode(), value.encode("latin-1")) for name, value in answer.headers),
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
