"""Sales rules change one after the other, are written down, and can be taken back; what was used stays used."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import NOW, make_event
from tests.inventory.executors import Run, held, only, run, wish
from tmam.catalog.models import Event
from tmam.catalog.sales_rules import Contingent, SalesCode, SalesLimit
from tmam.inventory import errors
from tmam.inventory.change_sales_rules import (
    CONTINGENT,
    FACT,
    LIMIT,
    ORDER,
    Who,
    add_codes,
    put_rule,
    retire_codes,
    undo,
)
from tmam.inventory.draws import Wish
from tmam.inventory.release_hold import convert_holds, release_hold
from tmam.inventory.rule_use import LimitUse, code_uses, contingent_use, limit_use
from tmam.platform.models import LogEntry

__all__ = ["run"]  # the fixture
pytestmark = pytest.mark.usefixtures("live_database")
WHO = Who("user:7", NOW, "request-1")
TERMS = {
    "kind": "presale",
    "uses": 5,
    "ticket_types": [],
    "opens_at": None,
    "ends_at": None,
    "off_basis_points": 0,
    "price_minor": None,
}


def logged(event: Event) -> list[tuple[str, dict[str, object]]]:
    entries = LogEntry.objects.filter(event_id=event.id, name=FACT)
    return [(entry.actor, entry.data) for entry in entries]


def test_each_rule_is_set_changed_dropped_and_written_down() -> None:
    event = make_event()
    value = {"most": 4, "exempt_channels": ["box_office"]}
    (first,) = put_rule(event.id, LIMIT, {"kind": "card"}, value, WHO)
    assert first == {"rule": LIMIT, "key": {"kind": "card"}, "before": None, "after": value}
    assert put_rule(event.id, LIMIT, {"kind": "card"}, value, WHO) == []
    put_rule(event.id, LIMIT, {"kind": "card"}, value | {"most": 6}, WHO)
    assert SalesLimit.objects.get(event=event).most == 6
    put_rule(event.id, LIMIT, {"kind": "card"}, None, WHO)
    assert not SalesLimit.objects.filter(event=event).exists()
    put_rule(event.id, CONTINGENT, {"pool": 1, "channel": "web"}, {"places": 30}, WHO)
    assert Contingent.objects.get(event=event).places == 30
    put_rule(event.id, ORDER, {}, {"max_per_order": 4, "avoid_single_seats": False}, WHO)
    event.refresh_from_db()
    assert (event.max_per_order, event.avoid_single_seats) == (4, False)
    assert sorted(str(data["rule"]) for _, data in logged(event)) == [CONTINGENT, *[LIMIT] * 3, ORDER]
    assert ("user:7", dict(first)) in logged(event)


def test_codes_are_numbered_on_and_known_ones_left_alone() -> None:
    event = make_event()
    assert [change["key"]["ordinal"] for change in add_codes(event.id, ["FAN", "CLUB"], TERMS, WHO)] == [1, 2]
    assert [change["key"]["ordinal"] for change in add_codes(event.id, ["FAN", "NEW"], TERMS, WHO)] == [3]
    assert dict(SalesCode.objects.filter(event=event).values_list("ordinal", "code")) == {
        1: "FAN",
        2: "CLUB",
        3: "NEW",
    }


def test_a_used_code_is_stopped_and_keeps_its_number_an_unused_one_is_deleted(run: Run) -> None:
    event = make_event()
    add_codes(event.id, ["FAN", "CLUB"], TERMS, WHO)
    hold = only(held(run, event, wish(Wish(1, 1, 2), code="CLUB")))
    assert run(code_uses(event.id)) == {2: 2}
    changes = retire_codes(event.id, [1, 2, 9], WHO)
    assert [change["after"] is None for change in changes] == [True, False]
    assert SalesCode.objects.get(event=event).ends_at == NOW
    assert held(run, event, wish(Wish(1, 1, 2), code="CLUB")) == [errors.CodeUnknownError()]
    assert retire_codes(event.id, [2], WHO) == []
    run(convert_holds(event.id, [hold.id], NOW))
    SalesCode.objects.filter(event=event).delete()  # even then the number is not given out again
    assert add_codes(event.id, ["OTHER"], TERMS, WHO)[0]["key"] == {"ordinal": 3}


def test_what_was_changed_can_be_taken_back() -> None:
    event = make_event()
    changes = add_codes(event.id, ["FAN", "CLUB"], TERMS | {"ends_at": NOW.isoformat()}, WHO)
    removed = retire_codes(event.id, [1], WHO)
    undo(event.id, removed, WHO)
    assert SalesCode.objects.get(event=event, ordinal=1).ends_at == NOW
    undo(event.id, changes, WHO)
    assert not SalesCode.objects.filter(event=event).exists()
    lowered = put_rule(event.id, ORDER, {}, {"max_per_order": 2, "avoid_single_seats": True}, WHO)
    undo(event.id, lowered, WHO)
    event.refresh_from_db()
    assert event.max_per_order == 10


def test_taking_back_new_codes_stops_those_that_were_used(run: Run) -> None:
    event = make_event()
    changes = add_codes(event.id, ["FAN", "CLUB"], TERMS, WHO)
    only(held(run, event, wish(Wish(1, 1, 2), code="FAN")))
    undo(event.id, changes, WHO)
    assert SalesCode.objects.get(event=event).ends_at == NOW


def test_nobody_takes_back_what_somebody_else_changed_since() -> None:
    event = make_event()
    key = {"kind": "email"}
    changes = put_rule(event.id, LIMIT, key, {"most": 4, "exempt_channels": []}, WHO)
    put_rule(event.id, LIMIT, key, {"most": 2, "exempt_channels": []}, WHO)
    with pytest.raises(errors.RuleChangedError):
        undo(event.id, changes, WHO)
    assert SalesLimit.objects.get(event=event).most == 2


def test_a_limit_below_what_is_used_takes_nothing_away_and_sells_no_more(run: Run) -> None:
    event = make_event()
    put_rule(event.id, LIMIT, {"kind": "network"}, {"most": 6, "exempt_channels": []}, WHO)
    network = {"network": "192.0.2.7"}
    first = only(held(run, event, wish(Wish(1, 1, 5), identities=network)))
    assert run(limit_use(event.id, {"network": 6})) == {"network": LimitUse(1, 0)}
    put_rule(event.id, LIMIT, {"kind": "network"}, {"most": 2, "exempt_channels": []}, WHO)
    assert run(limit_use(event.id, {"network": 2})) == {"network": LimitUse(1, 1)}
    assert held(run, event, wish(Wish(1, 1, 1), identities=network)) == [
        errors.LimitReachedError("network", most=2, left=0)
    ]
    run(convert_holds(event.id, [first.id], NOW))
    other = only(held(run, event, wish(Wish(1, 1, 1), identities={"network": "192.0.2.8"})))
    run(release_hold(event.id, other.id, other.visitor_id, NOW))
    assert run(limit_use(event.id, {"network": 2})) == {"network": LimitUse(1, 1)}


def test_the_fullest_date_tells_what_a_channel_has_used(run: Run) -> None:
    event = make_event(dates=2)
    put_rule(event.id, CONTINGENT, {"pool": 1, "channel": "web"}, {"places": 30}, WHO)
    only(held(run, event, wish(Wish(1, 1, 2), Wish(2, 1, 3)), now=NOW + timedelta(seconds=1)))
    assert run(contingent_use(event.id)) == {(1, "web"): 3}
    with pytest.raises(ValueError, match="not dropped"):
        put_rule(event.id, ORDER, {}, None, WHO)
    assert run(code_uses(event.id)) == {}
