"""Which replacements of a ticket leave it with whoever holds it: their pass in a wallet may get the new code."""

from __future__ import annotations

from typing import Final

# For any other reason (handed on, bound to a device, freed from it, lost, …) passes from before are void for good,
# whoever has them. A list of the safe ones: a reason that is new is not one.
SAME_HOLDER: Final = frozenset(("key_stolen", "key_rotated", "date_changed", "date_moved", "moved"))
