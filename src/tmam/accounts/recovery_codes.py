"""Recovery codes: ten, each good for one sign-in without the second factor. They are shown once; we keep slow hashes."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tmam.accounts.models import RecoveryCode, RecoveryCodeSet, User
from tmam.kernel.ids import ALPHABET
from tmam.kernel.typed_codes import letters_and_digits

HOW_MANY = 10
FEW = 2
GROUP_LENGTH = 5
GROUPS = 2
SALT_BYTES = 16
_LOOK_ALIKES = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})


@dataclass(frozen=True)
class CodesLeft:
    """How a person's recovery codes stand."""

    left: int
    made_at: datetime
    last_used_at: datetime | None
    are_kept: bool

    @property
    def are_few(self) -> bool:
        """Time to make new ones."""
        return self.left <= FEW


def make_codes(user_id: int, *, now: datetime) -> list[str]:
    """New codes for a person; those they had are worth nothing any more. Only this answer ever has them in clear."""
    codes = {_new_code() for _ in range(HOW_MANY)}
    while len(codes) < HOW_MANY:
        codes.add(_new_code())
    salt = secrets.token_bytes(SALT_BYTES)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user_id)  # two sets at the same moment: one after the other
        RecoveryCodeSet.objects.filter(user_id=user_id).delete()
        code_set = RecoveryCodeSet.objects.create(user_id=user_id, salt=salt, made_at=now)
        RecoveryCode.objects.bulk_create(
            RecoveryCode(code_set=code_set, digest=_digest(code, salt)) for code in codes
        )
    return sorted(codes)


def use_code(user_id: int, typed: str, *, now: datetime) -> bool:
    """Use up a code. Of two requests with one code in the same moment, one changes the row."""
    code = _read(typed)
    code_set = RecoveryCodeSet.objects.filter(user_id=user_id).first()
    if code_set is None or code is None:
        return False
    digest = _digest(code, bytes(code_set.salt))
    with transaction.atomic():
        used = RecoveryCode.objects.filter(code_set=code_set, digest=digest, used_at=None).update(used_at=now)
        if used:
            RecoveryCodeSet.objects.filter(user_id=user_id).update(last_used_at=now)
    return bool(used)


def codes_left(user_id: int) -> CodesLeft | None:
    """How the person's codes stand, or None if they have none."""
    code_set = RecoveryCodeSet.objects.filter(user_id=user_id).first()
    if code_set is None:
        return None
    left = RecoveryCode.objects.filter(code_set=code_set, used_at=None).count()
    return CodesLeft(left, code_set.made_at, code_set.last_used_at, code_set.kept_at is not None)


def say_kept(user_id: int, *, now: datetime) -> None:
    """The person has put the codes away."""
    RecoveryCodeSet.objects.filter(user_id=user_id, kept_at=None).update(kept_at=now)


def remove_codes(user_id: int) -> None:
    """Nothing is left that they could replace."""
    RecoveryCodeSet.objects.filter(user_id=user_id).delete()


def _new_code() -> str:
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


def _read(typed: str) -> str | None:
    """The code as we made it; case, spaces, dashes and look-alike letters are forgiven."""
    letters = letters_and_digits(typed).translate(_LOOK_ALIKES)
    if len(letters) != GROUP_LENGTH * GROUPS or any(letter not in ALPHABET for letter in letters):
        return None
    return f"{letters[:GROUP_LENGTH]}-{letters[GROUP_LENGTH:]}"


def _digest(code: str, salt: bytes) -> bytes:
    """50 random bits behind scrypt (4 MB, about 10 ms): a stolen table is not worth trying."""
    return hashlib.scrypt(code.encode(), salt=salt, n=2**12, r=8, p=1, dklen=32)
