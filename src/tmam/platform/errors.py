"""Errors of the plumbing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tmam.kernel.errors import TmamError


@dataclass(frozen=True)
class UnexpectedError(TmamError):
    """A bug or an outage of ours; the details are in the log under the request id."""

    code: ClassVar[str] = "platform.unexpected"
    status: ClassVar[int] = 500
    request_id: str = ""


@dataclass(frozen=True)
class BusyError(TmamError):
    """More people than we can serve this second; trying again in `retry_after_s` is right."""

    code: ClassVar[str] = "platform.busy"
    status: ClassVar[int] = 503
    retry_after_s: int = 1


@dataclass(frozen=True)
class NotFoundError(TmamError):
    """There is nothing at this address, or it is not for this visitor's eyes."""

    code: ClassVar[str] = "platform.not_found"
    status: ClassVar[int] = 404


@dataclass(frozen=True)
class ForbiddenError(TmamError):
    """Signed in, but this is not for this person."""

    code: ClassVar[str] = "platform.forbidden"
    status: ClassVar[int] = 403


@dataclass(frozen=True)
class CrossSiteError(TmamError):
    """A form or request that did not come from our own pages."""

    code: ClassVar[str] = "platform.cross_site"
    status: ClassVar[int] = 403


@dataclass(frozen=True)
class BadRequestError(TmamError):
    """What was sent could not be read; `where` names the field."""

    code: ClassVar[str] = "platform.bad_request"
    status: ClassVar[int] = 400
    where: str = ""


@dataclass(frozen=True)
class TooLargeError(TmamError):
    """More was sent than any of our forms needs."""

    code: ClassVar[str] = "platform.too_large"
    status: ClassVar[int] = 413
    limit_kb: int = 256


@dataclass(frozen=True)
class TooManyFieldsError(TmamError):
    """More fields or files were sent than any of our forms has."""

    code: ClassVar[str] = "platform.too_many_fields"
    status: ClassVar[int] = 400
    most: int = 500


@dataclass(frozen=True)
class MethodNotAllowedError(TmamError):
    """The address exists, but not for this HTTP method."""

    code: ClassVar[str] = "platform.method_not_allowed"
    status: ClassVar[int] = 405


@dataclass(frozen=True)
class StartingError(TmamError):
    """The front is up, what stands behind it is starting or being renewed; `retry_after_s` says when to ask again."""

    code: ClassVar[str] = "platform.starting"
    status: ClassVar[int] = 503
    retry_after_s: int = 3


@dataclass(frozen=True)
class TooManyRequestsError(TmamError):
    """One client asks more often than its share; asking again in `retry_after_s` is right."""

    code: ClassVar[str] = "platform.too_many_requests"
    status: ClassVar[int] = 429
    retry_after_s: int = 1


@dataclass(frozen=True)
class SealBrokenError(TmamError):
    """A value that is kept encrypted cannot be opened: changed behind our back, moved, or its key is gone."""

    code: ClassVar[str] = "platform.seal_broken"
    status: ClassVar[int] = 500
    table: str = ""
    event_id: int = 0
    row: int = 0
