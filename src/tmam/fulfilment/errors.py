"""Errors on the way from an order to its files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tmam.kernel.errors import TmamError


@dataclass(frozen=True)
class FormNotKnownError(TmamError):
    """There is no such form of a ticket, or it holds one ticket and several were asked for."""

    code: ClassVar[str] = "fulfilment.form_not_known"
    status: ClassVar[int] = 404
    form: str = ""


@dataclass(frozen=True)
class LinkStoppedError(TmamError):
    """A genuine link, but the buyer has stopped all links to the order that there were."""

    code: ClassVar[str] = "fulfilment.link_stopped"
    status: ClassVar[int] = 410
