"""What a check says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import psycopg

from tmam.platform.settings import Settings


class Severity(StrEnum):
    """`fine`, `watch` (works, but look at it), `wrong` (act; exit status 1)."""

    FINE = "fine"
    WATCH = "watch"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """One check's answer: what was found and, unless all is well, what to do about it."""

    check: str
    severity: Severity
    finding: str
    advice: str = ""


@dataclass(frozen=True)
class Patient:
    """What the checks look at. The connection is read-only and in autocommit; `now` is this machine's clock."""

    settings: Settings
    connection: psycopg.Connection
    now: datetime


@dataclass(frozen=True)
class Check:
    """A named question. `ask` may raise: that is then a finding of its own."""

    name: str
    ask: Callable[[Patient], Finding]


def fine(check: str, finding: str) -> Finding:
    """All is well."""
    return Finding(check, Severity.FINE, finding)


def watch(check: str, finding: str, advice: str) -> Finding:
    """Works, but somebody should look."""
    return Finding(check, Severity.WATCH, finding, advice)


def wrong(check: str, finding: str, advice: str) -> Finding:
    """Somebody must act."""
    return Finding(check, Severity.WRONG, finding, advice)
