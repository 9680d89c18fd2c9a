"""What a statement on event tables must look like, judged on its syntax tree; `complaints` is the whole of it.

The rules are those of sharding: each event table names its event, so that a statement goes to one shard; what
is written does not depend on where or when it is executed; locks are taken in an order.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlglot
from sqlglot import exp
from sqlglot.tokens import Tokenizer, TokenType

from tmam.platform.table_kinds import EVENT_TABLES

SCOPES = (exp.Select, exp.Update, exp.Delete, exp.Insert, exp.Merge)
WRITES = (exp.Insert, exp.Update, exp.Delete, exp.Merge)
# The clock of whichever node executes. They are STABLE in the catalogue; the volatile ones are asked of it.
CLOCK = frozenset(
    (
        "now",
        "transaction_timestamp",
        "statement_timestamp",
        "current_timestamp",
        "current_date",
        "current_time",
        "localtime",
        "localtimestamp",
    )
)
CLOCK_LITERALS = frozenset(("now", "today", "tomorrow", "yesterday"))


def complaints(text: str, volatile: frozenset[str]) -> list[str]:
    """What is wrong with a statement; `volatile` are the names of the catalogue's volatile functions."""
    trees = [tree for tree in sqlglot.parse(text, read="postgres") if tree is not None]
    if len(trees) != 1 or isinstance(trees[0], exp.Command):
        return ["is not one statement that can be read"]
    (tree,) = trees
    return [
        *_parameters(tree),
        *_events_named(tree),
        *_clock_and_chance(tree, text, volatile),
        *_locks(tree),
    ]


def event_tables(text: str) -> set[str]:
    """The event tables a statement touches."""
    return {table.name for tree in sqlglot.parse(text, read="postgres") if tree for table in _tables(tree)}


def _tables(tree: exp.Expr) -> Iterator[exp.Table]:
    return (table for table in tree.find_all(exp.Table) if table.name in EVENT_TABLES)


def _parameters(tree: exp.Expr) -> Iterator[str]:
    numbers = set()
    for parameter in tree.find_all(exp.Parameter):
        numbers.add(int(parameter.name))
        if not isinstance(parameter.parent, exp.Cast):
            yield f"${parameter.name} has no cast"
    if numbers != set(range(1, len(numbers) + 1)):
        yield f"leaves parameters out: it has {sorted(numbers)}"


def _events_named(tree: exp.Expr) -> Iterator[str]:
    for table in _tables(tree):
        scope = table.find_ancestor(*SCOPES) or tree
        if isinstance(scope, exp.Insert) and scope.this.find(exp.Table) is table:
            yield from _insert(scope, table)
        elif not any(_names_event(condition, table, scope) for condition in _conditions(scope, table)):
            yield f"{table.alias_or_name} does not say event_id = $1"


def _insert(insert: exp.Insert, table: exp.Table) -> Iterator[str]:
    columns = [column.name for column in insert.this.expressions]
    if columns[:1] != ["event_id"]:
        yield f"does not begin the columns of {table.name} with event_id"
        return
    source = insert.expression
    given = source.expressions if isinstance(source, exp.Values) else [source]
    if not all(row.expressions and _is_the_event(row.expressions[0]) for row in given):
        yield f"inserts into {table.name} for another event than $1"
    conflict = insert.args.get("conflict")
    keys = conflict.args.get("conflict_keys") if conflict else None
    if conflict is not None and (not keys or keys[0].name != "event_id"):
        yield f"ON CONFLICT of {table.name} does not begin with event_id"


def _conditions(scope: exp.Expr, table: exp.Table) -> Iterator[exp.Expr]:
    """Everything that must hold of a table's rows in its scope: the parts of WHERE, and of the ON of joins.

    The ON of an outer join says nothing of the other side's rows.
    """
    wholes = [scope.args["where"].this] if scope.args.get("where") else []
    for join in scope.find_all(exp.Join, exp.Merge):
        here = join is scope or join.find_ancestor(*SCOPES) is scope
        if here and join.args.get("on") and (not join.args.get("side") or join.this is table):
            wholes.append(join.args["on"])
    for whole in wholes:
        yield from (whole.flatten() if isinstance(whole, exp.And) else [whole])


def _names_event(condition: exp.Expr, table: exp.Table, scope: exp.Expr) -> bool:
    condition = condition.unnest()
    if not isinstance(condition, exp.EQ):
        return False
    for column, value in ((condition.this, condition.expression), (condition.expression, condition.this)):
        if isinstance(column, exp.Column) and column.name == "event_id" and _is_the_event(value):
            if column.table:
                return bool(column.table == table.alias_or_name)
            return _stands_alone(table, scope)
    return False


def _stands_alone(table: exp.Table, scope: exp.Expr) -> bool:
    """Whether a bare `event_id` can only be this table's."""
    beside = [other for other in scope.find_all(exp.Table) if other.find_ancestor(*SCOPES) is scope]
    return beside == [table]


def _is_the_event(value: exp.Expr) -> bool:
    return isinstance(value, exp.Cast) and isinstance(value.this, exp.Parameter) and value.this.name == "1"


def _clock_and_chance(tree: exp.Expr, text: str, volatile: frozenset[str]) -> Iterator[str]:
    tokens = Tokenizer(dialect="postgres").tokenize(text)
    called = {
        token.text.lower()
        for token, following in zip(tokens, [*tokens[1:], None], strict=True)
        if following is not None and following.token_type is TokenType.L_PAREN
    }
    yield from (f"takes an advisory lock: {name}" for name in sorted(called) if "advisory" in name)
    if tree.find(*WRITES):
        bare = {
            token.text.lower() for token in tokens if token.text.lower().startswith(("current_", "local"))
        }
        yield from (f"writes what {name}() says" for name in sorted((called | bare) & (volatile | CLOCK)))
        for literal in tree.find_all(exp.Literal):
            if literal.is_string and literal.name.lower() in CLOCK_LITERALS:
                yield f"writes what '{literal.name}' means at the moment"


def _locks(tree: exp.Expr) -> Iterator[str]:
    for select in tree.find_all(exp.Select):
        for lock in select.args.get("locks") or []:
            # Who skips what is locked never waits, so it cannot wait in a circle.
            skips = lock.args.get("wait") is False
            if not skips and not select.args.get("order"):
                yield "locks rows in no order"
