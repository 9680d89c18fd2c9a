"""Speaking to the Google Wallet API: classes and objects made, or brought up to date.

Everything is an upsert that may be repeated: a change is sent as PATCH, what is not there yet is inserted, and who
loses the race to insert (409) patches.
"""

from __future__ import annotations

import math
import time
from http import HTTPStatus
from typing import Any, Final, Self

import requests
import structlog
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import AuthorizedSession, Request

from tmam.delivery.google.passes import Json, PassKind
from tmam.fulfilment.errors import GoogleNotReachedError, GoogleRefusedError
from tmam.fulfilment.google.account import GoogleAccount

TIMEOUT_S: Final = 8.0
_TRY_LATER: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_log = structlog.get_logger()


class GoogleWallet:
    """One connection to the API; use it as a context manager.

    Each request may take `timeout_s`, all of them together `whole_s` from the beginning (None: as long as they take).
    """

    def __init__(
        self, account: GoogleAccount, timeout_s: float = TIMEOUT_S, whole_s: float | None = None
    ) -> None:
        self._account = account
        self._timeout_s = timeout_s
        self._ends_at = math.inf if whole_s is None else time.monotonic() + whole_s
        # Its own would try four times to connect, each as long as the timeout.
        self._token_session = requests.Session()
        # The library signs in by itself, keeps the access token and renews it once when it was refused.
        self._session = AuthorizedSession(account.credentials, auth_request=Request(self._token_session))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()
        self._token_session.close()

    def put_class(self, kind: PassKind, body: Json) -> None:
        """Make a class or bring it up to date.

        Raises:
            GoogleNotReachedError: no answer, or one that says to come back.
            GoogleRefusedError: Google does not accept it, or us.
        """
        self._upsert(f"{kind}Class", body)

    def put_object(self, kind: PassKind, body: Json) -> None:
        """Make an object or bring it up to date; its class exists. Raises as `put_class` does."""
        self._upsert(f"{kind}Object", body)

    def patch_object(self, kind: PassKind, body: Json) -> bool:
        """Change an object that is there; False when Google knows none of that id. Raises as `put_class` does."""
        return self._patch(f"{kind}Object", body)

    def tell(self, kind: PassKind, class_id: str, message: Json) -> None:
        """Tell everybody who saved a pass of a class; Google shows a message of the same id once."""
        self._send("POST", f"{kind}Class/{class_id}/addMessage", {"message": message})

    def _upsert(self, resource: str, body: Json) -> None:
        if self._patch(resource, body):
            return
        answer = self._send("POST", resource, body, accepted=(HTTPStatus.CONFLICT,))
        if answer.status_code == HTTPStatus.CONFLICT:
            self._patch(resource, body)

    def _patch(self, resource: str, body: Json) -> bool:
        answer = self._send("PATCH", f"{resource}/{body['id']}", body, accepted=(HTTPStatus.NOT_FOUND,))
        return answer.status_code != HTTPStatus.NOT_FOUND

    def _send(
        self, method: str, path: str, body: Any, accepted: tuple[HTTPStatus, ...] = ()
    ) -> requests.Response:
        left_s = self._ends_at - time.monotonic()
        if left_s <= 0:
            _log.warning("google.not_reached", resource=path.partition("/")[0], reason="took too long")
            raise GoogleNotReachedError
        patience_s = min(self._timeout_s, left_s)
        try:
            # `timeout` is for silence, of the token's server, too; `max_allowed_time` is for all that a request needs.
            answer: requests.Response = self._session.request(
                method,
                f"{self._account.api}/{path}",
                json=body,
                timeout=patience_s,
                max_allowed_time=None if math.isinf(left_s) else left_s,
            )
        except (requests.RequestException, GoogleAuthError) as error:
            _log.warning("google.not_reached", resource=path.partition("/")[0], reason=type(error).__name__)
            raise GoogleNotReachedError from error
        if answer.ok or answer.status_code in accepted:
            return answer
        # The answer's text may repeat what we sent: only its number is kept.
        _log.warning("google.answered", resource=path.partition("/")[0], status=answer.status_code)
        if answer.status_code in _TRY_LATER:
            raise GoogleNotReachedError
        raise GoogleRefusedError(answer.status_code)
