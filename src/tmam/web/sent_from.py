"""Addresses that only take what a page sends, and where who gets there by reading is led: to that page."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from tmam.platform.errors import MethodNotAllowedError

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def sent_from(page: str) -> Callable[[View[P]], View[P]]:
    """Take POST only. A GET goes to the page (its name in the URL map) whose button leads here.

    It comes from people who had to sign in, or to prove who they are, between pressing the button and arriving, when
    what they sent could not be kept. They find the button again instead of an error.

    Raises:
        MethodNotAllowedError: neither.
    """

    def decorate(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method in {"GET", "HEAD"}:
                return redirect(page)
            if request.method != "POST":
                raise MethodNotAllowedError
            return view(request, *args, **kwargs)

        return cast("View[P]", wrapped)

    return decorate
