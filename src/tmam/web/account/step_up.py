"""A fresh proof before what matters: changing how one signs in, money, and handing tickets on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.http.response import HttpResponseBase

View = Callable[..., HttpResponseBase]


def fresh_proof_required(view: View) -> View:
    """Let only people in who proved moments ago who they are; everybody else is asked, then sent on to where they were.

    A form that was being sent is kept and sent again after the proof, so nothing typed is lost.
    """
    checked: Any = reauthentication_required(view)
    return checked  # type: ignore[no-any-return]  # allauth ships no type information
