"""Errors are values that travel: frozen facts, yet Python may write its own notes on them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import FrozenInstanceError

import pytest

from tmam.kernel.token_errors import TokenMalformedError


def test_an_error_passes_through_a_context_manager_unchanged() -> None:
    @contextmanager
    def surrounding() -> Iterator[None]:
        yield

    with pytest.raises(TokenMalformedError) as refused, surrounding():
        raise TokenMalformedError(5)
    assert refused.value.facts() == {"length": 5, "needed": 146}


def test_facts_are_frozen_and_notes_are_not() -> None:
    error = TokenMalformedError(length=5)
    with pytest.raises(FrozenInstanceError):
        error.length = 6  # type: ignore[misc]
    error.add_note("seen at gate B")
    assert (str(error), error.__notes__) == (
        "tickets.token_malformed(length=5, needed=146)",
        ["seen at gate B"],
    )
