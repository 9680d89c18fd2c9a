"""Asking again whether anything changed: a question's rows with a *mark*, and one statement for many such questions.

A mark is a digest of all columns of a row, made by the database: the same mark, the same row. Who kept an answer with its
mark can ask later, together with hundreds of others, which of the answers are still what they were.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import Any

from tmam.platform.statements import Statement, Step

_COMMENT = re.compile(r"^\s*--.*$", re.MULTILINE)
_PARAMETER = re.compile(r"\$(\d+)(?:::([a-z0-9_]+)(?![a-z0-9_(\[]))?")


@functools.lru_cache(maxsize=16)
def marked(question: Statement) -> Statement:
    """The same question; the last column of each row is its mark."""
    text = f"SELECT answer.*, md5(answer::text) AS mark FROM (\n{question.text.strip()}\n) AS answer"  # noqa: S608 - a file of ours
    return Statement(f"{question.name} (marked)", text)


def unchanged(question: Statement, asked: Sequence[tuple[tuple[Any, ...], str]]) -> Step:
    """Which of many questions still have an answer with the mark it had: rows of one column, positions in `asked` from 1.

    `asked`: the arguments of each question, and the mark that its answer had. The question has parameters, each with one
    plain cast (`$1::text`, no array, no modifier), and no alias called `asked` or `answer`.

    Raises:
        ValueError: a parameter has another cast, or several.
    """
    *arguments, marks = zip(*((*each, mark) for each, mark in asked), strict=True)
    return _unchanged(question), (*map(list, arguments), list(marks))


@functools.lru_cache(maxsize=16)
def _unchanged(question: Statement) -> Statement:
    plain = _COMMENT.sub("", question.text).strip()
    types = _types(question.name, plain)
    arrays = ", ".join(f"${number}::{types[number]}[]" for number in sorted(types))
    columns = ", ".join(f"p{number}" for number in sorted(types))
    each = _PARAMETER.sub(r"asked.p\1", plain)
    # OFFSET 0: each question is answered by itself, as if it were asked alone; joined with the others, the planner may
    # take it for a reason to read whole tables.
    text = (
        "SELECT asked.position\n"  # noqa: S608 - a file of ours
        f"FROM unnest({arrays}, ${max(types) + 1}::text[]) WITH ORDINALITY AS asked({columns}, mark, position)\n"
        f"CROSS JOIN LATERAL (SELECT * FROM (\n{each}\n) AS row_there OFFSET 0) AS answer\n"
        "WHERE md5(answer::text) = asked.mark"
    )
    return Statement(f"{question.name} (unchanged)", text)


def _types(name: str, text: str) -> dict[int, str]:
    """Each parameter's type."""
    casts = {(int(number), kind) for number, kind in _PARAMETER.findall(text)}
    types = dict(casts)
    if not types or len(types) != len(casts) or not all(types.values()):
        raise ValueError(f"{name}: each parameter needs one plain cast, the same wherever it stands")
    return types
