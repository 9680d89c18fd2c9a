import pytest

from tmam.web.shop.plan_layout import BETWEEN_COLUMNS, BETWEEN_SHELVES, Box, place_blocks, spread


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


@pytest.mark.parametrize(
    ("ordinals", "places"),
    [
        ([], {}),
        ([7], {7: 0}),
        ([3, 1, 2], {1: 0, 2: 1, 3: 2}),
        ([1, 2, 4], {1: 0, 2: 1, 4: 3}),  # an aisle stays
        ([1, 60_000], {1: 0, 60_000: 3}),  # a chasm does not
        ([5, 5, 6], {5: 0, 6: 1}),
    ],
)
def test_ordinals_become_places(ordinals: list[int], places: dict[int, int]) -> None:
    assert spread(ordinals) == places


def test_no_blocks_no_boxes() -> None:
    assert place_blocks([]) == []


def test_tiers_of_a_theatre_stand_below_one_another_in_the_middle() -> None:
    stalls, circle, upper = place_blocks([(19, 10), (22, 5), (20, 4)])
    assert (stalls.x, circle.x, upper.x) == (1.5, 0, 1)
    assert stalls.y < circle.y < upper.y
    assert circle.y - circle.curve == pytest.approx(stalls.y + stalls.height + BETWEEN_SHELVES)
    assert all(box.curve > 0 for box in (stalls, circle, upper))


def test_blocks_of_a_stadium_share_shelves_and_never_lie_on_one_another() -> None:
    boxes = place_blocks([(25, 20)] * 100)
    assert not any(overlap(one, other) for at, one in enumerate(boxes) for other in boxes[:at])
    width = max(box.x + box.width for box in boxes)
    height = max(box.y + box.height for box in boxes)
    assert 1 < width / height < 2.5
    assert boxes[1].x - boxes[0].x == 25 + BETWEEN_COLUMNS
    assert {box.curve for box in boxes[:10]} == {0.0}


def test_blocks_of_very_different_sizes_stay_apart() -> None:
    boxes = place_blocks([(1, 1), (80, 2), (3, 40), (10, 10), (2, 2), (60, 1)])
    assert not any(overlap(one, other) for at, one in enumerate(boxes) for other in boxes[:at])
    assert min(box.x for box in boxes) >= 0
