"""Who keeps private keys: the one that new keys go to, and each by the name beside the keys it made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tmam.platform.settings import current_settings
from tmam.tickets.adapters.environment import Environment
from tmam.tickets.adapters.pkcs11_token import Pkcs11Token
from tmam.tickets.adapters.stored_seed import StoredSeed
from tmam.tickets.errors import KeyKeeperAwayError
from tmam.tickets.ports import KeyKeeper

# A new keeper is one more line here and one more name in `Settings.key_keeper`.
KEEPERS: Final[Mapping[str, KeyKeeper]] = {
    keeper.name: keeper for keeper in (StoredSeed(), Environment(), Pkcs11Token())
}


def chosen_keeper() -> KeyKeeper:
    """The keeper that the settings name for new keys."""
    return KEEPERS[current_settings().key_keeper]


def keeper_named(name: str) -> KeyKeeper:
    """The keeper that made a key.

    Raises:
        KeyKeeperAwayError: this version of the program does not know it.
    """
    keeper = KEEPERS.get(name)
    if keeper is None:
        raise KeyKeeperAwayError(name, "this version of tmam does not know it")
    return keeper
