"""What samples are signed with. The key is public on purpose: it proves that a code is a sample, and admits nobody."""

from __future__ import annotations

from typing import Final

# Event 0 exists nowhere, so no gate admits what names it.
SAMPLE_EVENT_ID: Final = 0
SAMPLE_KEY_ID: Final = 0
SAMPLE_PRIVATE_KEY: Final = b"sample tickets admit nobody ever"
