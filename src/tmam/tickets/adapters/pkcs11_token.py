"""Private keys inside a hardware module that speaks PKCS#11: they are made there and never leave it.

Written against PKCS#11 3.0 (EdDSA: CKK_EC_EDWARDS, CKM_EC_EDWARDS_KEY_PAIR_GEN, CKM_EDDSA) and tried with SoftHSM 2.6.1.
The library `python-pkcs11` comes with `tmam[hsm]`.
"""

from __future__ import annotations

import contextlib
import functools
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, TypeVar

from tmam.kernel.token import Signer
from tmam.platform.settings import current_settings
from tmam.tickets.errors import KeyKeeperAwayError
from tmam.tickets.ports import MadeKey

T = TypeVar("T")
ID_BYTES = 16
PUBLIC_KEY_BYTES = 32
ED25519_OID = "1.3.101.112"
_lock = threading.RLock()  # a session serves one thread at a time


class Pkcs11Token:
    """What is kept is the key's CKA_ID, 16 random bytes: no secret."""

    name = "pkcs11"

    def make(self, event_id: int) -> MadeKey:
        """See `KeyKeeper`."""
        key_id = secrets.token_bytes(ID_BYTES)
        public_key = _with_token(lambda token: _generate(token, event_id, key_id))
        return MadeKey(public_key, key_id)

    def open(self, event_id: int, kept: bytes) -> Signer:
        """See `KeyKeeper`."""
        del event_id
        _with_token(lambda token: token.private_key(kept))
        return functools.partial(_sign, kept)


def close_session() -> None:
    """Forget the session; the next use opens another."""
    with _lock:
        for token in _open_tokens.values():
            with contextlib.suppress(token.pkcs11.PKCS11Error, RuntimeError):  # it may be gone already
                token.session.close()
        _open_tokens.clear()


def forget_module(module: str) -> None:
    """Let go of a module's library, so that it reads its own settings anew when it is used next."""
    import pkcs11

    close_session()
    pkcs11.lib(module).reinitialize()


@dataclass(frozen=True)
class _OpenToken:
    """A session that is signed in, with the private keys that were found by their CKA_ID."""

    pkcs11: ModuleType
    session: Any
    private_keys: dict[bytes, Any] = field(default_factory=dict)

    def private_key(self, key_id: bytes) -> Any:
        if key_id not in self.private_keys:
            self.private_keys[key_id] = self.session.get_key(
                object_class=self.pkcs11.ObjectClass.PRIVATE_KEY, id=key_id
            )
        return self.private_keys[key_id]


_open_tokens: dict[tuple[str, str, str], _OpenToken] = {}


def _sign(key_id: bytes, message: bytes) -> bytes:
    def sign(token: _OpenToken) -> bytes:
        return bytes(token.private_key(key_id).sign(message, mechanism=token.pkcs11.Mechanism.EDDSA))

    return _with_token(sign)


def _generate(token: _OpenToken, event_id: int, key_id: bytes) -> bytes:
    from pkcs11.util.ec import encode_named_curve_parameters

    attribute, mechanism = token.pkcs11.Attribute, token.pkcs11.Mechanism
    curve = token.session.create_domain_parameters(
        token.pkcs11.KeyType.EC_EDWARDS,
        {attribute.EC_PARAMS: encode_named_curve_parameters(ED25519_OID)},
        local=True,
    )
    public, _ = curve.generate_keypair(
        mechanism=mechanism.EC_EDWARDS_KEY_PAIR_GEN,
        store=True,
        label=f"tmam event {event_id}",
        id=key_id,
        private_template={attribute.SENSITIVE: True, attribute.EXTRACTABLE: False},
    )
    # A DER OCTET STRING (or, from some modules, the bare point): the last 32 bytes are the key either way.
    return bytes(public[attribute.EC_POINT])[-PUBLIC_KEY_BYTES:]


def _with_token(use: Callable[[_OpenToken], T]) -> T:
    """Use the module, once more with a new session if the old one is gone (a module pulled out, a restart)."""
    settings = current_settings()
    where = (settings.pkcs11_module, settings.pkcs11_token, settings.pkcs11_pin)
    if not all(where):
        raise KeyKeeperAwayError(
            Pkcs11Token.name, "TMAM_PKCS11_MODULE, TMAM_PKCS11_TOKEN and TMAM_PKCS11_PIN are needed"
        )
    try:
        import pkcs11
    except ImportError:
        raise KeyKeeperAwayError(
            Pkcs11Token.name, "the library is missing: pip install 'tmam[hsm]'"
        ) from None
    with _lock:
        try:
            return use(_opened(*where))
        except (pkcs11.PKCS11Error, RuntimeError):
            close_session()
        try:
            return use(_opened(*where))
        except (pkcs11.PKCS11Error, RuntimeError) as error:
            close_session()
            raise KeyKeeperAwayError(Pkcs11Token.name, type(error).__name__) from error


def _opened(module: str, token_label: str, pin: str) -> _OpenToken:
    where = (module, token_label, pin)
    if where not in _open_tokens:
        import pkcs11

        close_session()  # a PIN belongs to the whole process: two tokens are never open at once
        token = pkcs11.lib(module).get_token(token_label=token_label)
        _open_tokens[where] = _OpenToken(pkcs11, token.open(user_pin=pin, rw=True))
    return _open_tokens[where]
