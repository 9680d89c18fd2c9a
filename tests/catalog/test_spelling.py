import pytest

from tmam.catalog.spelling import nearest_word, slips


@pytest.mark.parametrize(
    ("left", "right", "count"),
    [
        ("madrid", "madrid", 0),
        ("madird", "madrid", 1),  # neighbours swapped
        ("beethofen", "beethoven", 1),
        ("beetoven", "beethoven", 1),
        ("kitten", "sitting", 3),
        ("", "abc", 3),
        ("abc", "", 3),
    ],
)
def test_slips(left: str, right: str, count: int) -> None:
    assert slips(left, right) == slips(right, left) == count


def test_the_nearest_word_wins() -> None:
    assert nearest_word("madird", ["madrid", "madera", "milan"]) == "madrid"


def test_short_words_must_be_right() -> None:
    assert nearest_word("ama", ["ana", "amo"]) is None
    assert nearest_word("jaz", ["jazz"]) is None


def test_too_many_slips_are_not_forgiven() -> None:
    assert nearest_word("opera", ["metal"]) is None
    assert nearest_word("concierto", ["concerto"]) == "concerto"


def test_the_alphabet_decides_among_equals() -> None:
    assert nearest_word("roce", ["rose", "rice"]) == "rice"
