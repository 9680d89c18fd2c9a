from __future__ import annotations

import pytest

from tmam.platform.marked_reads import marked, unchanged
from tmam.platform.statements import Statement, Verb, read_verb

pytestmark = pytest.mark.django_db
QUESTION = Statement(
    "test.numbers",
    "SELECT number, $2::text || number AS word, ARRAY[number] AS numbers\n"
    "FROM generate_series(1, 9) AS number WHERE number = $1::integer AND $2::text <> 'nothing'\n",
)


def asked(number: int, word: str) -> Verb[str]:
    ((found, _, numbers, mark),) = yield marked(QUESTION), (number, word)
    assert (found, numbers) == (number, [number])
    return str(mark)


def standing(questions: list[tuple[tuple[int, str], str]]) -> Verb[list[int]]:
    rows = yield unchanged(QUESTION, questions)
    return sorted(position for (position,) in rows)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1 AS one",
        "SELECT $1 AS one",
        "SELECT 1 AS one WHERE 1 = ANY ($1::integer[])",
        "SELECT $1::numeric(10,2) AS one",
        "SELECT $1::text AS one WHERE $1::uuid IS NOT NULL",
        "SELECT $1::text AS one, $2 AS two",
    ],
)
def test_a_question_that_cannot_be_asked_by_the_hundred_says_so(text: str) -> None:
    with pytest.raises(ValueError, match="one plain cast"):
        unchanged(Statement("test.odd", text), [((1,), "mark")])


def test_a_row_keeps_its_mark_until_something_in_it_is_another() -> None:
    three, four = read_verb(asked(3, "n")), read_verb(asked(4, "n"))
    assert three != four
    assert read_verb(asked(3, "n")) == three
    assert read_verb(asked(3, "m")) != three


def test_many_questions_are_asked_again_at_once() -> None:
    three, four = read_verb(asked(3, "n")), read_verb(asked(4, "n"))
    questions = [
        ((3, "n"), three),
        ((4, "n"), three),
        ((3, "nothing"), three),
        ((4, "n"), four),
        ((10, "n"), four),
    ]
    assert read_verb(standing(questions)) == [1, 4]
