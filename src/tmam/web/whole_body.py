"""A request's body is read to its end before the answer goes out, whoever answers and whatever the answer is.

Granian closes a connection whose request was not read. To the front that connection looks free until it notices, and
the next visitor's form that it sends there is lost (forms are not sent twice): "we are starting", because of a stranger.
So the outermost of our applications (`tmam.web.wsgi`) reads what nobody wanted, and throws it away piece by piece.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from tmam.platform.front import BODY_BUFFER_MB

if TYPE_CHECKING:
    from _typeshed.wsgi import InputStream, StartResponse, WSGIApplication, WSGIEnvironment

# The front has gathered the body before, so reading never waits for the visitor; longer ones do not come by the front.
MOST_BYTES: Final = BODY_BUFFER_MB * 1_000_000
PIECE_BYTES: Final = 64 * 1024


class WholeBody:
    """A WSGI application around the product's own, in front of everything else."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("CONTENT_LENGTH", "0") in {"", "0"} and "HTTP_TRANSFER_ENCODING" not in environ:
            return self._application(environ, start_response)
        try:
            return self._application(environ, start_response)
        finally:
            _read_on(environ["wsgi.input"])


def _read_on(body: InputStream) -> None:
    """Read what is left, of at most `MOST_BYTES`."""
    left = MOST_BYTES
    while left > 0:
        piece = body.read(PIECE_BYTES)
        if not piece:
            return
        left -= len(piece)
