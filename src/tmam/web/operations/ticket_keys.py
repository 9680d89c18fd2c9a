"""What checks tickets without us: `/.well-known/tmam/` (the formats: `docs/token.md`)."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import resources
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tmam.catalog.queries import public_event
from tmam.platform.errors import NotFoundError
from tmam.platform.statements import run_verb
from tmam.tickets.key_sets.delegations import delegated, is_own_root
from tmam.tickets.key_sets.publish import key_set, key_set_text, revocations
from tmam.web.operations.kept_files import KeptFiles
from tmam.web.public import FIVE_MINUTES, public_page
from tmam.web.shop.answers import with_etag

JSON: Final = "application/json"
# How long what was made is handed out before it is made anew: a stolen key or a cancelled ticket is known outside
# after this, what the making takes, and what caches in between add.
FRESH_S: Final = 10
# The last one, while the next is being made.
KEPT_S: Final = 60
CACHED: Final = "public, max-age=10"

_files = KeptFiles(FRESH_S, KEPT_S)


@public_page
def keys(request: HttpRequest, event_id: int) -> HttpResponse:
    """The signed key set of an event.

    Raises:
        NotFoundError: no such event, or it is not announced yet.
        KeySetUnsignedError: production, and the root has not delegated to us.
    """
    return _kept(request, f"key-set:{event_id}", JSON, lambda: _key_set(event_id))


@public_page
def revoked(request: HttpRequest, event_id: int) -> HttpResponse:
    """The signed revocation list of an event.

    Raises:
        NotFoundError: no such event, or it is not announced yet.
        KeySetUnsignedError: production, and the root has not delegated to us.
    """
    return _kept(request, f"revoked:{event_id}", "application/octet-stream", lambda: _revoked(event_id))


@public_page
def root(request: HttpRequest) -> HttpResponse:
    """The root's public key, to compare with the one that was handed over by people.

    Raises:
        KeySetUnsignedError: production, and the root has not delegated to us.
    """

    def made() -> bytes:
        found = delegated(timezone.now()).root_public_key
        said = {"format": "tmam-root-1", "public_key": found.hex(), "development": is_own_root(found)}
        return json.dumps(said).encode()

    return _kept(request, "ticket-root", JSON, made)


@public_page
def vectors(request: HttpRequest) -> HttpResponse:
    """Worked examples for whoever writes a reader: every format, right and wrong."""
    content = resources.files("tmam.kernel").joinpath("vectors", "tmam.json").read_bytes()
    return _answer(request, content, JSON, FIVE_MINUTES)


def _key_set(event_id: int) -> bytes:
    _check_announced(event_id)
    now = timezone.now()
    signer = delegated(now)
    published = run_verb(key_set(event_id, now))
    return key_set_text(published, signer.private_key, signer.delegation).encode()


def _revoked(event_id: int) -> bytes:
    _check_announced(event_id)
    now = timezone.now()
    signer = delegated(now)
    return run_verb(revocations(event_id, now)).signed(signer.private_key, now)


def _check_announced(event_id: int) -> None:
    if public_event(event_id) is None:
        raise NotFoundError


def _kept(request: HttpRequest, name: str, content_type: str, make: Callable[[], bytes]) -> HttpResponse:
    return _answer(request, _files.get(name, make), content_type, CACHED)


def _answer(request: HttpRequest, content: bytes, content_type: str, cached: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response.headers["Cache-Control"] = cached
    response.headers["Access-Control-Allow-Origin"] = "*"
    return with_etag(request, response)
