"""The front's own error pages, drawn by the product's templates and kept as files: they need nobody to be up."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tmam.kernel.errors import TmamError
from tmam.platform.errors import NotFoundError, StartingError, TooLargeError
from tmam.platform.front import BODY_LIMIT_MB
from tmam.platform.settings import Settings

ERRORS: tuple[TmamError, ...] = (
    NotFoundError(),
    TooLargeError(limit_kb=BODY_LIMIT_MB * 1000),
    StartingError(),
)
ACCEPTS = {"html": "text/html", "json": "application/json"}


def write_front_pages(settings: Settings, folder: Path, languages: Sequence[str]) -> None:
    """Write `<status>.<language>.<html|json>` for each error of the front. Django must be set up."""
    from django.test import RequestFactory
    from django.utils import translation

    from tmam.web.problems import error_response

    factory = RequestFactory(SERVER_NAME=settings.host, SERVER_PORT=str(settings.port))
    folder.mkdir(parents=True, exist_ok=True)
    for language in languages:
        with translation.override(language):
            for error in ERRORS:
                for kind, accept in ACCEPTS.items():
                    request = factory.get(
                        f"/{language}/", headers={"accept": accept}, secure=not settings.is_loopback
                    )
                    answer = error_response(request, error)
                    path = folder / f"{type(error).status}.{language}.{kind}"
                    path.write_bytes(answer.content)
