"""Structured logs: one line per happening, for people or for machines, with the request's id and no secrets."""

from __future__ import annotations

import logging
import re
import sys
from typing import Literal, TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

SECRET_NAMES = re.compile(
    r"pass(word|phrase)|secret|token|cookie|authorization|private|master_key|api_key|session|document|card",
    re.IGNORECASE,
)
PASSWORD_IN_ADDRESS = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s:/@]+):[^\s@]+@")
SIGNED_LINK = re.compile(r"([?&]t=)[^&\s]+")
# T1 (146 characters, eight live digits more) or T2 (306), in either case, whatever is written on to them: what is
# cut off or has a wrong character in it is as much a secret.
TICKET_TOKEN = re.compile(r"T[12][A-Z0-9]{100,}", re.IGNORECASE)
# What could move a terminal's cursor, hide or turn around what stands beside it; lines of a traceback stay lines.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
HIDDEN = "[hidden]"
# The product writes a line of its own for what anybody may send (`web.problems.bad_request`), without a traceback.
TOLD_BY_US = (
    "django.security.RequestDataTooBig",
    "django.security.UploadTooLargeError",
    "django.security.TooManyFieldsSent",
    "django.security.TooManyFilesSent",
)
NOISY = ("django.db.backends", "procrastinate", "asyncio", "granian.access", "uvicorn.access", "pikepdf")


def configure_logs(
    log_format: Literal["text", "json"], *, stream: TextIO | None = None, level: int = logging.INFO
) -> None:
    """Send everything that this process logs, structlog's or the standard library's, to standard output or `stream`."""
    stream = stream or sys.stdout
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        hide_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=stream.isatty())
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in TOLD_BY_US:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def hide_secrets(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    r"""A structlog processor: values under telling names, passwords in addresses, links and tokens are not written.

    Control characters that a stranger sent are written as `\x00`.
    """
    del logger, method
    return {
        name: HIDDEN if SECRET_NAMES.search(name) else _without_secrets(value)
        for name, value in event.items()
    }


def _without_secrets(value: object) -> object:
    if not isinstance(value, str):
        return value
    value = PASSWORD_IN_ADDRESS.sub(rf"\1:{HIDDEN}@", value)
    value = SIGNED_LINK.sub(rf"\1{HIDDEN}", value)
    value = TICKET_TOKEN.sub(HIDDEN, value)
    return CONTROL.sub(lambda found: ascii(found[0])[1:-1], value)
