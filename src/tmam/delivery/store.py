"""Rendered files, kept: each is made once, under a name that says what is in it.

The name is the hash of everything printed, of the template's version and the format, so a changed ticket has
another name and an unchanged one is never made twice. Kept in Django's default storage.
"""

from __future__ import annotations

import os
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, default_storage

from tmam.delivery.drawings import Drawing
from tmam.delivery.errors import RenderBusyError

WAIT_FOR_ANOTHER_S = 30.0

_flights: dict[str, Future[bytes]] = {}
_flights_lock = threading.Lock()


def stored(drawing: Drawing, storage: Storage = default_storage) -> bytes:
    """The drawing's content, from the store or made now.

    Raises:
        RenderBusyError, RenderFailedError: see `delivery.errors`.
    """
    name = drawing.name
    return _read(storage, name) or _once(name, lambda: _make(drawing, storage))


def _make(drawing: Drawing, storage: Storage) -> bytes:
    content = _read(storage, drawing.name)  # another process may have been quicker
    if content is None:
        content = drawing.draw(*drawing.arguments)
        _keep(storage, drawing.name, content)
    return content


def _once(name: str, make: Callable[[], bytes]) -> bytes:
    """Let one thread of this process make the file; the others wait and share its content or its error."""
    with _flights_lock:
        flight = _flights.get(name)
        is_mine = flight is None
        if flight is None:
            flight = _flights[name] = Future()
    if not is_mine:
        try:
            return flight.result(timeout=WAIT_FOR_ANOTHER_S)
        except FutureTimeoutError as error:
            raise RenderBusyError from error
    try:
        content = make()
    except BaseException as error:
        flight.set_exception(error)
        raise
    else:
        flight.set_result(content)
        return content
    finally:
        with _flights_lock:
            del _flights[name]


def _read(storage: Storage, name: str) -> bytes | None:
    try:
        with storage.open(name, "rb") as file:
            content: bytes = file.read()
    except FileNotFoundError:
        return None
    return content


def _keep(storage: Storage, name: str, content: bytes) -> None:
    """Save so that readers see the whole file or none, also when two processes save at once or the power fails."""
    if not isinstance(storage, FileSystemStorage):  # an object store: its puts are all or nothing
        storage.save(name, ContentFile(content))
        return
    unfinished = Path(storage.path(storage.save(f"{name}.{uuid.uuid4().hex}", ContentFile(content))))
    unfinished.chmod(0o600)  # tickets are nobody else's business
    handle = os.open(unfinished, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    unfinished.replace(storage.path(name))
