"""Change an event's rules: limits, contingents, codes, what one order may have, what counts at the door.

Every change is a fact in the event log and can be taken back by putting the value of before. The rules are the
catalogue's; they are changed here because what was used of them is counted here: a code that was used is never
deleted, and its number never given to another. A limit may be set below what is used: nobody loses a ticket, and
nobody can buy more until the use is lower.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias, TypedDict

from django.db import models, transaction

from tmam.catalog.models import Event
from tmam.catalog.sales_rules import Contingent, SalesCode, SalesLimit
from tmam.inventory.errors import RuleChangedError
from tmam.inventory.rule_use import code_uses
from tmam.platform.event_log import Fact, log_facts
from tmam.platform.statements import run_verb

FACT: Final = "event.rules_changed"
ORDER: Final = "order"
DOOR: Final = "door"
LIMIT: Final = "limit"
CONTINGENT: Final = "contingent"
CODE: Final = "code"
Value: TypeAlias = dict[str, Any]  # JSON: instants are ISO texts


class Change(TypedDict):
    """One rule before and after, as the log keeps it. None: there is no such rule. `rule` names its kind."""

    rule: str
    key: Value
    before: Value | None
    after: Value | None


@dataclass(frozen=True)
class Who:
    """Who changes rules (`user:7`), when, in which request."""

    actor: str
    now: datetime
    request_id: str = ""


@dataclass(frozen=True)
class _Rule:
    """How one kind of rule lies in the database: which columns name it, which are its value."""

    model: type[models.Model]
    key: tuple[str, ...]
    value: tuple[str, ...]


_RULES: Final[dict[str, _Rule]] = {
    LIMIT: _Rule(SalesLimit, ("kind",), ("most", "exempt_channels")),
    CONTINGENT: _Rule(Contingent, ("pool", "channel"), ("places",)),
    CODE: _Rule(
        SalesCode,
        ("ordinal",),
        ("code", "kind", "uses", "ticket_types", "opens_at", "ends_at", "off_basis_points", "price_minor"),
    ),
}
# Rules that are columns of the event: always there, so they can be changed and not dropped.
_EVENT_VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    ORDER: ("max_per_order", "avoid_single_seats"),
    DOOR: ("live_codes_only",),
}
_INSTANTS: Final = frozenset({"opens_at", "ends_at"})


def put_rule(event_id: int, rule: str, key: Value, value: Value | None, who: Who) -> list[Change]:
    """Set one rule, or drop it (None). Answers what changed: nothing when it was like that already."""
    return _in_turn(event_id, who, lambda: [_put(event_id, rule, key, value)])


def add_codes(event_id: int, codes: Sequence[str], terms: Value, who: Who) -> list[Change]:
    """Add codes (in capitals) that share their terms; those the event has already are left as they are."""

    def add() -> list[Change]:
        rows = SalesCode.objects.filter(event_id=event_id)
        known = set(rows.filter(code__in=codes).values_list("code", flat=True))
        numbers = [*rows.values_list("ordinal", flat=True), *run_verb(code_uses(event_id))]
        new = [code for code in dict.fromkeys(codes) if code not in known]
        first = max(numbers, default=0) + 1
        shared = _from_json(terms)
        SalesCode.objects.bulk_create(
            SalesCode(event_id=event_id, ordinal=ordinal, **(shared | {"code": code}))
            for ordinal, code in enumerate(new, start=first)
        )
        added = rows.filter(ordinal__gte=first).order_by("ordinal")
        return [
            Change(rule=CODE, key={"ordinal": row.pop("ordinal")}, before=None, after=_to_json(row))
            for row in added.values("ordinal", *_RULES[CODE].value)
        ]

    return _in_turn(event_id, who, add)


def retire_codes(event_id: int, ordinals: Sequence[int], who: Who) -> list[Change]:
    """Take codes away: one that nobody used is deleted, one that somebody did stops being good now."""

    def retire() -> list[Change]:
        used = run_verb(code_uses(event_id))
        changes = []
        for ordinal in ordinals:
            key = {"ordinal": ordinal}
            before = _read(event_id, CODE, key)
            if before is None:
                continue
            stopped = before | {"opens_at": None, "ends_at": who.now.isoformat()}
            is_over = before["ends_at"] is not None and datetime.fromisoformat(before["ends_at"]) <= who.now
            after = None if not used.get(ordinal) else before if is_over else stopped
            changes.append(_put(event_id, CODE, key, after))
        return changes

    return _in_turn(event_id, who, retire)


def undo(event_id: int, changes: Sequence[Change], who: Who) -> list[Change]:
    """Put back what was before; new codes that were used in the meantime are stopped instead.

    Raises:
        RuleChangedError: somebody changed one of these rules since.
    """

    def take_back() -> list[Change]:
        used = run_verb(code_uses(event_id))
        taken_back = []
        for change in reversed(changes):
            rule, key, value = change["rule"], change["key"], change["before"]
            if _read(event_id, rule, key) != change["after"]:
                raise RuleChangedError
            if rule == CODE and value is None and used.get(key["ordinal"]) and change["after"] is not None:
                value = change["after"] | {"opens_at": None, "ends_at": who.now.isoformat()}
            taken_back.append(_put(event_id, rule, key, value))
        return taken_back

    return _in_turn(event_id, who, take_back)


def _in_turn(event_id: int, who: Who, work: Callable[[], list[Change]]) -> list[Change]:
    """Change rules of one event one after the other, and write down what was changed."""
    with transaction.atomic():
        Event.objects.select_for_update().only("id").get(id=event_id)
        changes = [change for change in work() if change["before"] != change["after"]]
        facts = [Fact(FACT, who.now, who.actor, dict(change), who.request_id) for change in changes]
        run_verb(log_facts(event_id, facts))
    return changes


def _put(event_id: int, rule: str, key: Value, value: Value | None) -> Change:
    before = _read(event_id, rule, key)
    if value != before:
        _write(event_id, rule, key, value)
    return Change(rule=rule, key=dict(key), before=before, after=_read(event_id, rule, key))


def _write(event_id: int, rule: str, key: Value, value: Value | None) -> None:
    if rule in _EVENT_VALUES:
        if value is None:
            raise ValueError(f"the rule “{rule}” can be changed, not dropped")
        Event.objects.filter(id=event_id).update(**value)
        return
    model = _RULES[rule].model._default_manager  # noqa: SLF001 -- Django's documented name for it
    if value is None:
        model.filter(event_id=event_id, **key).delete()
    else:
        model.update_or_create(event_id=event_id, **key, defaults=_from_json(value))


def _read(event_id: int, rule: str, key: Value) -> Value | None:
    if rule in _EVENT_VALUES:
        return dict(Event.objects.filter(id=event_id).values(*_EVENT_VALUES[rule]).get())
    kind = _RULES[rule]
    row = kind.model._default_manager.filter(event_id=event_id, **key).values(*kind.value).first()  # noqa: SLF001 -- as above
    return None if row is None else _to_json(row)


def _to_json(row: Mapping[str, Any]) -> Value:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}


def _from_json(value: Mapping[str, Any]) -> Value:
    return {
        name: datetime.fromisoformat(each) if name in _INSTANTS and each is not None else each
        for name, each in value.items()
    }
