"""Password hashing that cannot starve the shop: Argon2id with stated costs, a few at a time, a short queue.

A hash takes a core for tens of milliseconds, on purpose. Without a bound, fifty wrong sign-ins a second would take
every core and every thread of the product server. So a process hashes on `HASH_SLOTS` cores at most, a few requests
may wait for theirs, and for not longer than `slots.LONGEST_WAIT_S`; whoever comes on top of that is told to try again
in a moment (503), before any core was spent on them.
"""

from __future__ import annotations

import os
from unicodedata import normalize

from django.contrib.auth.hashers import Argon2PasswordHasher

from tmam.platform.settings import current_settings
from tmam.platform.slots import Slots


def hash_slots(wanted: int, cores: int) -> int:
    """How many hashes at once: as set, or half the cores, so that the other half goes on selling."""
    return wanted or max(1, cores // 2)


def _most_waiting(threads: int) -> int:
    """A waiting request occupies a thread: a quarter of them at most."""
    return max(1, threads // 4)


_settings = current_settings()
SLOTS = Slots(
    hash_slots(_settings.hash_slots, os.cpu_count() or 1),
    _most_waiting(_settings.web_threads),
)


class BoundedArgon2Hasher(Argon2PasswordHasher):
    """Argon2id as OWASP's Password Storage Cheat Sheet states it: 19 MiB, two passes, one lane.

    A hash made with other costs is made anew when its owner signs in. The same letters typed on another keyboard
    (composed or not, full width or not) are the same password: NFKC, as NIST SP 800-63B asks.
    """

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with SLOTS.one():
            return super().encode(normalize("NFKC", password), salt)

    def verify(self, password: str, encoded: str) -> bool:
        with SLOTS.one():
            return super().verify(normalize("NFKC", password), encoded)
