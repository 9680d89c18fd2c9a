"""Text messages kept in a folder instead of sent: for development and the demonstration."""

from __future__ import annotations

import json
import os
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

MOST_SHOWN = 200


@dataclass(frozen=True)
class KeptSms:
    """One message of the outbox."""

    to: str
    text: str
    at: datetime


@dataclass(frozen=True)
class OutboxSender:
    """Writes each message to a file of its own, readable by this user only."""

    folder: Path

    def send(self, to: str, text: str) -> str:
        """See `SmsSender.send`."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        at_ns = time.time_ns()  # when it really arrived, as a phone would show it
        handle, unfinished = tempfile.mkstemp(prefix=".", dir=self.folder)  # mode 600
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"to": to, "text": text, "at": at_ns / 1e9}, file)
        Path(unfinished).rename(self.folder / f"{at_ns:020d}.json")
        return str(at_ns)


def outbox_folder(state: Path) -> Path:
    """Where `outbox:` keeps messages."""
    return state / "sms"


def newest_messages(folder: Path, limit: int = MOST_SHOWN) -> list[KeptSms]:
    """The newest messages, newest first."""
    files = sorted(folder.glob("[0-9]*.json"), reverse=True)[:limit]
    found = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    return [KeptSms(each["to"], each["text"], datetime.fromtimestamp(each["at"], UTC)) for each in found]
