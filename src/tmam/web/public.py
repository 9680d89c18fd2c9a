"""Public pages: the same bytes for everyone, so any cache may hold them for a moment."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse

from tmam.platform.errors import MethodNotAllowedError

P = ParamSpec("P")
PublicView = Callable[Concatenate[HttpRequest, P], HttpResponse]
A_MOMENT = "public, max-age=1"
FIVE_MINUTES = "public, max-age=300"
FOREVER = "public, max-age=31536000, immutable"


def public_page(view: PublicView[P]) -> PublicView[P]:
    """Mark a view as public: reading only, cacheable for a second unless it says longer.

    Raises:
        MethodNotAllowedError: anything but GET and HEAD.
    """

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            raise MethodNotAllowedError
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", A_MOMENT)
        return response

    return cast("PublicView[P]", wrapped)  # `wraps` hides that the first parameter is positional
