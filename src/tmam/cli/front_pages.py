"""The front's own error pages, drawn by the product's templates and kept as files: they need nobody to be up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tmam.catalog.errors import LogoTooLargeError
from tmam.kernel.errors import TmamError
from tmam.platform.errors import NotFoundError, StartingError, TooLargeError
from tmam.platform.front_parts import BODY_LIMIT_KIB, UPLOAD_LIMIT_MB
from tmam.platform.settings import Settings

# By the name of the page in `platform.front`.
ERRORS: Mapping[str, TmamError] = {
    "404": NotFoundError(),
    "413": TooLargeError(limit_kb=BODY_LIMIT_KIB),
    "upload": LogoTooLargeError(limit_kb=UPLOAD_LIMIT_MB * 1000),
    "503": StartingError(),
}
ACCEPTS = {"html": "text/html", "json": "application/json"}


def write_front_pages(settings: Settings, folder: Path, languages: Sequence[str]) -> None:
    """Write `<name>.<language>.<html|json>` for each error of the front. Django must be set up."""
    from django.test import RequestFactory
    from django.utils import translation

    from tmam.web.problems import error_response

    factory = RequestFactory(SERVER_NAME=settings.host, SERVER_PORT=str(settings.port))
    folder.mkdir(parents=True, exist_ok=True)
    for language in languages:
        with translation.override(language):
            for name, error in ERRORS.items():
                for kind, accept in ACCEPTS.items():
                    request = factory.get(
                        f"/{language}/", headers={"accept": accept}, secure=not settings.is_loopback
                    )
                    answer = error_response(request, error)
                    path = folder / f"{name}.{language}.{kind}"
                    path.write_bytes(answer.content)
