"""Names and documents of holders: sealed in the table, plain in memory, and none in the clear from before."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.cast import NOW, make_event
from tests.gates.guests import issue
from tmam.platform.errors import SealBrokenError
from tmam.platform.keys import encrypt
from tmam.platform.rotate_keys import reseal_event, waiting_values
from tmam.platform.statements import run_verb
from tmam.tickets.holders import opened_document, opened_names
from tmam.tickets.migrations._seal_plain_names import seal_plain_names
from tmam.tickets.models import Ticket
from tmam.tickets.queries import ticket

pytestmark = pytest.mark.django_db


def test_names_are_plain_to_readers_and_sealed_in_the_table() -> None:
    event = make_event()
    issue(event, "Maria Oliva", "")
    named, nameless = Ticket.objects.filter(event_id=event.id).order_by("serial")
    assert (named.holder_name, nameless.holder_name) == ("Maria Oliva", "")
    assert b"Maria" not in bytes(named.holder_sealed)
    assert nameless.holder_sealed is None
    assert run_verb(ticket(event.id, 1)).holder_name == "Maria Oliva"


def test_a_name_that_cannot_be_opened_is_none_and_keeps_nobody_out() -> None:
    event = make_event()
    issue(event, "Maria Oliva", "Juan Gil")
    first, second = Ticket.objects.filter(event_id=event.id).order_by("serial")
    swapped = [(1, second.holder_sealed), (2, first.holder_sealed), (2, second.holder_sealed)]
    assert run_verb(opened_names(event.id, swapped)) == ["", "", "Juan Gil"]


def test_plain_names_from_before_are_sealed_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    event = make_event()
    issue(event, "A", "B", "C", document="X7654321L")
    names = ["María Soler", "", "김민수"]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE tickets_ticket ADD COLUMN holder_name text NOT NULL DEFAULT ''")
        for serial, name in enumerate(names, start=1):
            cursor.execute(
                "UPDATE tickets_ticket SET holder_name = %s, holder_sealed = NULL, document_encrypted = %s "
                "WHERE event_id = %s AND serial = %s",
                [name, encrypt(b"12345678Z"), event.id, serial],
            )
    monkeypatch.setattr("tmam.tickets.migrations._seal_plain_names.NAMES_AT_ONCE", 1)
    assert seal_plain_names(connection) == 2
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM tickets_ticket WHERE event_id = %s AND holder_name <> ''", [event.id]
        )
        assert cursor.fetchone() == (0,)
    rows = list(Ticket.objects.filter(event_id=event.id).order_by("serial"))
    assert [row.holder_name for row in rows] == names
    assert {run_verb(opened_document(row)) for row in rows} == {"12345678Z"}
    assert waiting_values(event.id) == 0
    assert seal_plain_names(connection) == 0


def test_readers_open_names_without_asking_twice(django_assert_num_queries: object) -> None:
    event = make_event()
    issue(event, *["Guest"] * 5)
    rows = list(Ticket.objects.filter(event_id=event.id))
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert {row.holder_name for row in rows} == {"Guest"}


def test_a_secret_put_in_the_place_of_a_name_is_neither_shown_nor_sealed_anew() -> None:
    event = make_event()
    issue(event, "A")
    Ticket.objects.filter(event_id=event.id).update(holder_sealed=encrypt(b"JBSWY3DPEHPK3PXP"))
    assert Ticket.objects.get(event_id=event.id).holder_name == ""
    with pytest.raises(SealBrokenError):
        list(reseal_event(event.id, NOW))
