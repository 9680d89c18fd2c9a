"""The page between a form of ours and a provider.

Our policy says `form-action 'self'`, and browsers hold the redirects that follow a form to it, too: a POST that is
answered by a redirect to another site goes nowhere. So the answer is a page of ours with the link, which opens itself.
Loosening the policy instead would let any form that somebody manages to put into a page send what is typed elsewhere.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from tmam.accounts.errors import SignInServiceError

LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")


def leave(request: HttpRequest, answer: HttpResponseBase, service: str) -> HttpResponseBase:
    """An answer that leads to the provider as a page; any other as it is.

    The address is the one that was made from the provider's own description and nothing of the request's, so the page
    cannot be used to send people elsewhere.

    Raises:
        SignInServiceError: the provider wants people to be sent over an open line, or to no web page at all.
    """
    if not isinstance(answer, HttpResponseRedirect):
        return answer
    address = answer.headers["Location"]
    if url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}):
        return answer
    there = urlsplit(address)
    if there.scheme != "https" and not (there.scheme == "http" and there.hostname in LOOPBACK):
        raise SignInServiceError(service=service)
    page = render(request, "socialaccount/leaving.html", {"service": service, "address": address})
    # The provider is told where people come from and no more. (`no-referrer` would have the language form refused.)
    page.headers["Referrer-Policy"] = "strict-origin"
    return page
