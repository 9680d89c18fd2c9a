from __future__ import annotations

import pytest
from hypothesis import given, strategies

from tmam.orders.typed import Problem, TypedWrongError, read_document, read_email, read_name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Maria   López ", "Maria López"),
        ("Maria Lo\u0301pez", "Maria López"),
        ("O'Brien-Smith, Jr.", "O'Brien-Smith, Jr."),
        ("李小龍", "李小龍"),
        ("محمد", "محمد"),
        ("X", "X"),
        ("Ana\u202e\u0000 B", "Ana B"),
        ("Ana\tB\nC", "Ana B C"),
    ],
)
def test_names_of_the_world_are_names(typed: str, name: str) -> None:
    assert read_name(typed) == name


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", Problem.NAME_MISSING),
        (" \u200b \n", Problem.NAME_MISSING),
        ("a" * 101, Problem.NAME_TOO_LONG),
        ("123", Problem.NAME_UNREADABLE),
        ("<script>", Problem.NAME_UNREADABLE),
        ("maria@example.org", Problem.NAME_UNREADABLE),
        ("see http://x", Problem.NAME_UNREADABLE),
    ],
)
def test_what_is_no_name(typed: str, problem: Problem) -> None:
    with pytest.raises(TypedWrongError) as raised:
        read_name(typed)
    assert raised.value.problem is problem


@pytest.mark.parametrize(
    ("typed", "document"),
    [("12.345.678-z", "12345678Z"), (" x 123 4567 l", "X1234567L"), ("１２３４", "1234")],
)
def test_documents_are_read_forgivingly(typed: str, document: str) -> None:
    assert read_document(typed) == document


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        (" - ", Problem.DOCUMENT_MISSING),
        ("123", Problem.DOCUMENT_UNREADABLE),
        ("ABCDEF", Problem.DOCUMENT_UNREADABLE),
        ("1" * 21, Problem.DOCUMENT_UNREADABLE),
        ("12345;DROP", Problem.DOCUMENT_UNREADABLE),
    ],
)
def test_what_is_no_document(typed: str, problem: Problem) -> None:
    with pytest.raises(TypedWrongError) as raised:
        read_document(typed)
    assert raised.value.problem is problem


@pytest.mark.parametrize(
    ("typed", "email"),
    [
        (" Maria@Example.ORG ", "Maria@example.org"),
        ("mailto:a@b.de", "a@b.de"),
        ("a b@c.de", "ab@c.de"),
        ("ana@españa.es", "ana@españa.es"),
    ],
)
def test_addresses_are_read_forgivingly(typed: str, email: str) -> None:
    assert read_email(typed) == email


@pytest.mark.parametrize(
    "typed", ["maria", "maria@", "@example.org", "a@b", "a@b..de", "a@b@c.de", "a" * 250 + "@b.de"]
)
def test_what_is_no_address(typed: str) -> None:
    with pytest.raises(TypedWrongError) as raised:
        read_email(typed)
    assert raised.value.problem is Problem.EMAIL_UNREADABLE


@given(strategies.text())
def test_anything_may_be_typed(typed: str) -> None:
    for read in (read_name, read_document, read_email):
        try:
            once = read(typed)
        except TypedWrongError:
            continue
        assert read(once) == once
