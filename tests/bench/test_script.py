"""From recorded statements to a pgbench script."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tmam.bench.baseline.recording import Recorded, Recording, noted
from tmam.bench.baseline.script import make_script
from tmam.bench.errors import BenchError
from tmam.kernel.ids import new_uuid7
from tmam.platform.statements import START_AGAIN, Statement, Verb

NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
BEGINNING = "\\set n :n + 1\n\\set tick :base + :n * 64 + :client_id\nBEGIN;\n"


def recording(*steps: tuple[str, tuple[Any, ...], Mapping[str, Any] | None], at: datetime = NOW) -> Recording:
    return Recording(at, [Recorded(Statement(text, text), arguments, row) for text, arguments, row in steps])


def script_of(
    text: str, one: tuple[Any, ...], other: tuple[Any, ...], at: datetime = NOW
) -> tuple[str, dict[str, str]]:
    script = make_script(recording((text, one, None)), recording((text, other, None), at=at))
    assert script.text.startswith(BEGINNING)
    assert script.text.endswith(";\nCOMMIT;\n")
    return script.text.removeprefix(BEGINNING).removesuffix(";\nCOMMIT;\n"), script.constants


def test_what_is_equal_is_a_constant() -> None:
    arguments = (7, [1, 2], ["a", 'b "c"', None], None, "", True, b"\x01\xff", NOW)
    text, constants = script_of(
        "-- A comment: with a colon\nSELECT $1::integer, $2::bigint[], $3::text[], $4::text, $5::text, $6::boolean, "
        "$7::bytea, $8::timestamptz, $1::integer",
        arguments,
        arguments,
    )
    assert text == (
        "SELECT :c0::integer, :c1::bigint[], :c2::text[], NULL::text, ''::text, :c3::boolean, "
        ":c4::bytea, :c5::timestamptz, :c0::integer"
    )
    assert constants == {
        "c0": "7",
        "c1": "{1,2}",
        "c2": '{"a","b \\"c\\"",NULL}',
        "c3": "true",
        "c4": "\\x01ff",
        "c5": "2026-12-01T12:00:00+00:00",
    }


def test_ids_are_new_each_time_and_the_same_one_stays_the_same() -> None:
    one, other = new_uuid7(NOW), new_uuid7(NOW)
    text, _ = script_of("SELECT $1::uuid, $2::uuid[]", (one, [one]), (other, [other]))
    made = "(lpad(to_hex(:tick::bigint), 16, '0') || '8000000000000000')"
    assert text == f"SELECT {made}::uuid, ARRAY[{made}]::uuid[]"


def test_a_random_id_stays_random() -> None:
    text, _ = script_of("SELECT $1::uuid", (uuid4(),), (uuid4(),))
    assert text == "SELECT (md5(:tick::text || '.0'))::uuid"


def test_instants_keep_their_distance_from_now() -> None:
    later = NOW + timedelta(seconds=5)
    text, _ = script_of(
        "SELECT $1::timestamptz", (NOW + timedelta(minutes=10),), (later + timedelta(minutes=10),), at=later
    )
    assert text == "SELECT (now() + '600.000000 s'::interval)::timestamptz"


def test_hashes_are_other_hashes_and_counters_of_limits_other_counters() -> None:
    one, other = hashlib.sha256(b"1").digest(), hashlib.sha256(b"2").digest()
    top = 0b10011 << 58
    text, constants = script_of("SELECT $1::bytea, $2::bigint", (one, top | 12345), (other, top | 98765))
    assert text == (
        "SELECT sha256((:tick::text || '.0')::bytea)::bytea, "
        f"(:c0::bigint | (:tick::bigint & {(1 << 58) - 1}))::bigint"
    )
    assert constants == {"c0": str(top)}


def test_a_number_that_was_returned_before_is_taken_from_there() -> None:
    first = recording(
        ("UPDATE … RETURNING last_serial", (), {"last_serial": 10}), ("SELECT $1::bigint[]", ([9, 10],), None)
    )
    second = recording(
        ("UPDATE … RETURNING last_serial", (), {"last_serial": 12}),
        ("SELECT $1::bigint[]", ([11, 12],), None),
    )
    assert make_script(first, second).text == (
        BEGINNING + "UPDATE … RETURNING last_serial \\gset s0_\n"
        "SELECT ARRAY[(:s0_last_serial::bigint + -1), (:s0_last_serial::bigint + 0)]::bigint[];\nCOMMIT;\n"
    )


def test_texts_are_made_part_by_part() -> None:
    one, other = new_uuid7(NOW), new_uuid7(NOW)
    text, constants = script_of(
        "SELECT $1::text, $2::text",
        ("AB-7QX", f'{{"order": "{one}", "reference": "AB-7QX", "at": "2026-12-01T12:00:00Z"}}'),
        ("AB-K2M", f'{{"order": "{other}", "reference": "AB-K2M", "at": "2026-12-01T12:00:09Z"}}'),
    )
    reference = "(lpad(to_hex(:tick::bigint), 16, '0') || '0')"
    assert text.startswith(f"SELECT (:c0::text || {reference}::text)::text, (:c1::text || ((lpad(")
    assert text.count(reference) == 2
    assert constants == {
        "c0": "AB-",
        "c1": '{"order": "',
        "c2": '", "reference": "AB-',
        "c3": '", "at": "2026-12-01T12:00:00Z"}',
    }


def test_what_only_the_caller_knows_is_given() -> None:
    one, other = hashlib.sha256(b"1").digest(), hashlib.sha256(b"2").digest()
    first, second = (
        recording(("SELECT $1::bytea[]", ([one],), None)),
        recording(("SELECT $1::bytea[]", ([other],), None)),
    )
    assert (
        "SELECT ARRAY[(SELECT token)]::bytea[];" in make_script(first, second, {one: "(SELECT token)"}).text
    )


@pytest.mark.parametrize(
    ("one", "other", "sentence"),
    [
        (("SELECT 1", (), None), ("SELECT 2", (), None), "ran different statements"),
        (("SELECT $1", ([1],), None), ("SELECT $1", ([1, 2],), None), "arrays of different lengths"),
        (
            ("SELECT $1", (5,), None),
            ("SELECT $1", (6,), None),
            "It is not known where the number 5 comes from",
        ),
        (("SELECT $1", ("a b",), None), ("SELECT $1", ("a",), None), "texts of different shapes"),
        (("SELECT $1", (1.5,), None), ("SELECT $1", (2.5,), None), "A float that differs"),
    ],
)
def test_what_cannot_be_repeated_is_said(one: Any, other: Any, sentence: str) -> None:
    with pytest.raises(BenchError, match=sentence):
        make_script(recording(one), recording(other))


def test_what_was_rolled_back_is_not_noted() -> None:
    def verb() -> Verb[str]:
        yield Statement("before", ""), ()
        yield START_AGAIN
        yield Statement("after", ""), (1,)
        return "done"

    notes = Recording(NOW, [Recorded(Statement("another transaction", ""), (), None)])
    noting = noted(verb(), notes)
    next(noting)
    noting.send([])
    noting.send([])
    with pytest.raises(StopIteration) as end:
        noting.send([])
    assert end.value.value == "done"
    assert [step.statement.name for step in notes.steps] == ["another transaction", "after"]
