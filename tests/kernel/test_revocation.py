from __future__ import annotations

import random
import zlib
from datetime import UTC, datetime, timedelta

import pytest

from tmam.kernel.lifetime import CLOCKS_APART, GOOD_FOR, Lifetime, lifetime_from
from tmam.kernel.revocation import DOMAIN, UntrustedListError, pack_content, read_list, sign_list
from tmam.kernel.token import public_key_of, sign_bytes

NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
TODAY = lifetime_from(NOW)
KEY = b"k" * 32
PUBLIC = public_key_of(KEY)


def packed(serials: int, revoked: set[int], minimums: dict[int, int]) -> bytes:
    content = pack_content(serials, revoked, minimums)
    return sign_list(
        42, 7, NOW, TODAY, serials=serials, replaced=len(minimums), content=content, private_key=KEY
    )


def resigned(body: bytes) -> bytes:
    return body + sign_bytes(DOMAIN + body, KEY)


def test_every_serial_and_generation_is_told_exactly() -> None:
    revoked, minimums = {1, 8, 9, 1000}, {2: 1, 500: 255, 999: 3}
    read = read_list(packed(1000, revoked, minimums), PUBLIC, NOW)
    assert (read.event_id, read.version, read.made_at, read.serials) == (42, 7, NOW, 1000)
    for serial in range(1, 1003):
        lowest = minimums.get(serial, 0)
        for generation in (0, 1, 2, 3, 254, 255):
            expected = serial not in revoked and generation >= lowest
            assert read.is_good(serial, generation) is expected, (serial, generation)


def test_an_event_without_tickets_has_a_list_too() -> None:
    assert read_list(packed(0, set(), {}), PUBLIC, NOW).is_good(1, 0)


def test_five_thousand_of_a_hundred_thousand_are_less_than_five_kilobytes() -> None:
    revoked = set(random.Random(1).sample(range(1, 100_001), 5_000))  # noqa: S311 - the same each time
    assert 4_000 < len(packed(100_000, revoked, {})) < 5_000


def test_a_hundred_thousand_replaced_after_a_theft_are_still_small() -> None:
    assert len(packed(100_000, set(), dict.fromkeys(range(1, 100_001), 1))) < 2_000


@pytest.mark.parametrize(
    ("serials", "revoked", "minimums"),
    [(3, {4}, {}), (3, {0}, {}), (10_000_001, set(), {}), (3, set(), {1: 256})],
)
def test_what_no_list_can_say_is_refused(serials: int, revoked: set[int], minimums: dict[int, int]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - four reasons
        pack_content(serials, revoked, minimums)


def test_forged_and_malformed_files_are_refused() -> None:
    good = packed(100, {1}, {2: 1})
    body = good[:-64]
    bomb = body[:44] + zlib.compress(bytes(10_000_000))
    for bad, words in (
        (good[:-1] + bytes([good[-1] ^ 1]), "signature"),
        (good[:30] + b"!" + good[31:], "signature"),
        (b"", "signature"),
        (resigned(b"TRV1" + body[4:]), "another format"),
        (resigned(b"TRV2"), "another format"),
        (resigned(body[:20] + b"\xff" * 8 + body[28:]), "too large"),
        (resigned(body[:12] + b"\xff" * 8 + body[20:]), "times are none"),
        (resigned(body[:36] + b"\xff" * 8 + body[44:]), "times are none"),
        (resigned(body[:44] + b"rubbish"), "does not unpack"),
        (resigned(body[:-1]), "another length"),
        (resigned(bomb), "another length"),
    ):
        with pytest.raises(UntrustedListError, match=words):
            read_list(bad, PUBLIC, NOW)


def test_an_old_list_is_not_gone_by() -> None:
    """A cache that hands out last night's file for ever hides tonight's cancellations from nobody."""
    raw = packed(100, {1}, {})
    lifetime = read_list(raw, PUBLIC, NOW).lifetime
    assert lifetime == Lifetime(NOW, NOW + GOOD_FOR)
    for good in (NOW - CLOCKS_APART, NOW + GOOD_FOR - timedelta(seconds=1)):
        assert read_list(raw, PUBLIC, good).lifetime == lifetime
    for bad in (NOW - CLOCKS_APART - timedelta(seconds=1), NOW + GOOD_FOR):
        with pytest.raises(UntrustedListError, match="good from"):
            read_list(raw, PUBLIC, bad)


def test_files_of_the_same_five_minutes_are_the_same_bytes() -> None:
    begin = lifetime_from(NOW)
    assert lifetime_from(NOW + timedelta(seconds=299)) == begin
    assert lifetime_from(NOW + timedelta(seconds=300)).issued_at == NOW + timedelta(seconds=300)
