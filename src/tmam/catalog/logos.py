"""Logos for tickets: what organizers upload, made small and harmless."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tmam.catalog.errors import (
    LogoAnimatedError,
    LogoDamagedError,
    LogoInvisibleError,
    LogoNotAPictureError,
    LogoTooLargeError,
    LogoTooManyPixelsError,
    LogoTooSlowError,
)
from tmam.kernel.errors import TmamError
from tmam.platform.picture_headers import MOST_SIDE_PX, Why
from tmam.platform.pictures import CleanPicture, PictureRefusedError, clean_picture

MOST_UPLOAD_BYTES: Final = 2_000_000
LOGO_BOX: Final = (600, 200)
# What a ticket's PDF has room for (`delivery.themes.MAX_LOGO_BYTES`).
MOST_LOGO_BYTES: Final = 30_000

_REFUSALS: Final[Mapping[Why, TmamError]] = {
    "unknown_kind": LogoNotAPictureError(),
    "damaged": LogoDamagedError(),
    "animated": LogoAnimatedError(),
    "too_many_pixels": LogoTooManyPixelsError(MOST_SIDE_PX),
    "too_slow": LogoTooSlowError(),
    "empty": LogoInvisibleError(),
}


def clean_logo(data: bytes) -> CleanPicture:
    """A logo as tickets print it: a PNG of at most 600 × 200 pixels and 30 kB.

    Raises:
        LogoTooLargeError: more than 2 MB.
        LogoNotAPictureError, LogoDamagedError, LogoAnimatedError, LogoTooManyPixelsError, LogoTooSlowError,
            LogoInvisibleError: as their names say.
        BusyError: too many others upload at this moment.
    """
    if len(data) > MOST_UPLOAD_BYTES:
        raise LogoTooLargeError(limit_kb=MOST_UPLOAD_BYTES // 1000)
    try:
        return clean_picture(data, box=LOGO_BOX, most_bytes=MOST_LOGO_BYTES)
    except PictureRefusedError as refused:
        raise _REFUSALS[refused.why] from refused
