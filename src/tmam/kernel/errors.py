"""The one tree of domain errors.

A domain error is a class with a stable code and typed fields, and holds no prose. The words a person
reads live once, in the help page of that code (`tmam/help/<language>/<code>.md`); pages, problem
documents (RFC 9457), mails and the gate screen all show those words with these fields filled in.
"""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass, fields
from datetime import datetime
from typing import ClassVar, Self

_classes_by_code: dict[str, type[TmamError]] = {}


@dataclass(frozen=True)
class TmamError(Exception):
    """Base of every error that a person or a machine can cause, with its stable code.

    Subclasses are frozen dataclasses: `code` is `capability.what_happened`, `status` the HTTP status that
    tells the same to a machine. Fields carry facts (numbers, instants, names), never sentences or secrets.
    """

    code: ClassVar[str]
    status: ClassVar[int] = 409

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        code = cls.__dict__.get("code")
        if code is None:
            return  # an abstract branch of the tree
        if _classes_by_code.setdefault(code, cls) is not cls:
            raise TypeError(f"error code {code} is declared twice")

    def __new__(cls, *args: object, **kwargs: object) -> Self:
        # `contextlib` assigns __traceback__ to an error that passes through, which a frozen dataclass refuses.
        if cls.__dict__.get("__setattr__") is not _set_unless_field:
            type.__setattr__(cls, "__setattr__", _set_unless_field)
        return super().__new__(cls, *args, **kwargs)

    def facts(self) -> dict[str, object]:
        """The typed fields by name, as the help page's sentence and the problem document show them."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def retry_after(self, now: datetime) -> int | None:
        """In how many seconds trying again is right, if the error knows it: its field `retry_after_s`, if it has one."""
        del now
        seconds: int | None = getattr(self, "retry_after_s", None)
        return seconds

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self.facts().items())
        return f"{self.code}({shown})"


def _set_unless_field(error: TmamError, name: str, value: object) -> None:
    if name in error.__dataclass_fields__:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")
    Exception.__setattr__(error, name, value)


def error_classes() -> dict[str, type[TmamError]]:
    """Every declared error class by code. Complete only after the capabilities have been imported."""
    return dict(_classes_by_code)
