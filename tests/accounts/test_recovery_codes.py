"""Recovery codes: ten, each once, new ones void the old."""

import pytest

from tests.cast import NOW, make_user
from tests.threads import at_the_same_moment
from tmam.accounts.models import RecoveryCode
from tmam.accounts.recovery_codes import HOW_MANY, codes_left, make_codes, say_kept, use_code


@pytest.mark.django_db
def test_each_code_works_once() -> None:
    user = make_user()
    codes = make_codes(user.pk, now=NOW)
    assert len(set(codes)) == HOW_MANY
    assert use_code(user.pk, codes[0], now=NOW)
    assert not use_code(user.pk, codes[0], now=NOW)
    stand = codes_left(user.pk)
    assert stand is not None
    assert (stand.left, stand.last_used_at, stand.are_kept) == (9, NOW, False)
    say_kept(user.pk, now=NOW)
    assert codes_left(user.pk).are_kept  # type: ignore[union-attr]


@pytest.mark.django_db
def test_a_code_is_read_as_people_type_it() -> None:
    user = make_user()
    code = make_codes(user.pk, now=NOW)[0]
    typed = f"  {code.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} "
    assert use_code(user.pk, typed, now=NOW)


@pytest.mark.django_db
def test_codes_are_one_persons_and_new_ones_void_the_old() -> None:
    user, other = make_user(), make_user()
    old = make_codes(user.pk, now=NOW)
    make_codes(other.pk, now=NOW)
    assert not use_code(other.pk, old[0], now=NOW)
    new = make_codes(user.pk, now=NOW)
    assert not use_code(user.pk, old[0], now=NOW)
    assert use_code(user.pk, new[0], now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", "ABC", "ABCDE-FGHJ!", "ABCDE-FGHJK-MNPQR"])
def test_what_is_no_code_is_refused(typed: str) -> None:
    user = make_user()
    make_codes(user.pk, now=NOW)
    assert not use_code(user.pk, typed, now=NOW)


@pytest.mark.django_db
def test_nothing_readable_is_kept() -> None:
    user = make_user()
    codes = make_codes(user.pk, now=NOW)
    kept = b"".join(bytes(row.digest) for row in RecoveryCode.objects.filter(code_set__user=user))
    assert not [code for code in codes if code.encode() in kept]


def test_of_two_requests_with_one_code_exactly_one_passes(live_database: None) -> None:
    user = make_user()
    code = make_codes(user.pk, now=NOW)[0]
    assert sum(at_the_same_moment(6, lambda: use_code(user.pk, code, now=NOW))) == 1
