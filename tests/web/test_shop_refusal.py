import pytest

from tmam.web.shop.refusal import read_refusal, typed_quantities

ZONE = "Europe/Madrid"


def test_a_refusal_in_words_with_its_facts() -> None:
    refusal = read_refusal({"problem": "inventory.sold_out", "left": "3", "ticket_type": "2"}, "en", ZONE)
    assert refusal is not None
    assert "3" in refusal.summary
    assert refusal.target == "#quantity-2"
    assert refusal.title
    assert refusal.advice


def test_moments_are_shown_on_the_clock_of_the_place() -> None:
    params = {"problem": "inventory.sales_not_open", "opens_at": "2026-12-05T09:00:00+00:00"}
    refusal = read_refusal(params, "en", ZONE)
    assert refusal is not None
    assert "10:00" in refusal.summary


@pytest.mark.parametrize("opens_at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_moments_at_the_end_of_time_are_left_out(opens_at: str) -> None:
    refusal = read_refusal({"problem": "inventory.sales_not_open", "opens_at": opens_at}, "en", ZONE)
    assert refusal is not None
    assert "…" in refusal.summary


@pytest.mark.parametrize(
    "left", ["call 555-1234", "<b>9</b>", "{problem}", "9" * 40, "", "٣", "2026-12-05T09:00:00", "0x10"]
)
def test_nothing_but_numbers_and_moments_is_repeated(left: str) -> None:
    refusal = read_refusal({"problem": "inventory.sold_out", "left": left}, "en", ZONE)
    assert refusal is not None
    assert "…" in refusal.summary
    assert left not in refusal.summary or not left


@pytest.mark.parametrize(
    "code",
    ["", "gates.revoked", "inventory.nothing_like_this", "inventory.", "../secret", "inventory.sold_out\x00"],
)
def test_other_codes_are_no_refusals(code: str) -> None:
    assert read_refusal({"problem": code}, "en", ZONE) is None


def test_a_target_is_only_ever_a_field() -> None:
    refusal = read_refusal({"problem": "inventory.sold_out", "ticket_type": "1 onclick=x"}, "en", ZONE)
    assert refusal is not None
    assert refusal.target == ""


def test_quantities_come_back() -> None:
    params = {
        "quantity-1": "3",
        "quantity-2": "-1",
        "quantity-3": "99999",
        "quantity-x": "1",
        "quantity-4": "٣",
    }
    assert typed_quantities(params) == {1: 3}
