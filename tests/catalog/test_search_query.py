from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmam.catalog.search_query import SearchQuery, Trouble, read_search

CURRENCIES = ("EUR", "DOP")


def read(**params: str) -> tuple[SearchQuery, dict[str, Trouble]]:
    found = read_search({name.replace("_", "-"): [value] for name, value in params.items()}, CURRENCIES)
    return found.query, dict(found.troubles)


def test_nothing_asked_is_everything() -> None:
    query, troubles = read()
    assert query == SearchQuery()
    assert query.is_everything
    assert troubles == {}


def test_everything_at_once() -> None:
    params = {
        "q": ["  jazz   night "],
        "place": ["Madrid"],
        "from": ["2026-12-05"],
        "to": ["2026-12-07"],
        "kind": ["theatre", "concert"],
        "price-from": ["10"],
        "price-to": ["30,50"],
        "currency": ["eur"],
        "available": ["1"],
        "page": ["3"],
    }
    query = read_search(params, CURRENCIES).query
    assert query == SearchQuery(
        text="jazz night",
        place="Madrid",
        from_day=date(2026, 12, 5),
        to_day=date(2026, 12, 7),
        kinds=("concert", "theatre"),
        price_from_minor=1000,
        price_to_minor=3050,
        only_available=True,
        page=3,
    )
    assert dict(query.params()) == {
        "q": "jazz night",
        "place": "Madrid",
        "from": "2026-12-05",
        "to": "2026-12-07",
        "kind": "theatre",
        "price-from": "10.00",
        "price-to": "30.50",
        "currency": "EUR",
        "available": "1",
        "page": "3",
    }


@pytest.mark.parametrize(
    ("params", "trouble"),
    [
        ({"from": "2026-02-30"}, {"from": Trouble.NOT_A_DATE}),
        ({"to": "tomorrow"}, {"to": Trouble.NOT_A_DATE}),
        ({"from": "2026-12-05", "to": "2026-12-04"}, {"to": Trouble.ENDS_BEFORE_START}),
        ({"price_from": "-5"}, {"price-from": Trouble.NEGATIVE}),
        ({"price_to": "99999999999999"}, {"price-to": Trouble.TOO_HIGH}),
        ({"price_to": "1e9999999"}, {"price-to": Trouble.NOT_A_PRICE}),
        ({"price_to": "NaN"}, {"price-to": Trouble.NOT_A_PRICE}),
        ({"price_from": "30", "price_to": "20"}, {"price-to": Trouble.ENDS_BEFORE_START}),
        ({"kind": "rocket"}, {"kind": Trouble.UNKNOWN}),
        ({"when": "yesterday"}, {"when": Trouble.UNKNOWN}),
        ({"currency": "XTS"}, {"currency": Trouble.UNKNOWN}),
        ({"q": "x" * 121}, {"q": Trouble.TOO_LONG}),
    ],
)
def test_what_makes_no_sense_is_told_and_left_out(
    params: dict[str, str], trouble: dict[str, Trouble]
) -> None:
    assert read(**params)[1] == trouble


def test_what_was_typed_into_a_troubled_field_is_kept() -> None:
    found = read_search({"price-to": ["cheap"], "q": ["jazz"]}, CURRENCIES)
    assert found.typed == {"price-to": "cheap"}
    assert found.query == SearchQuery(text="jazz")


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("30", 3000),
        ("30.5", 3050),
        ("30,50", 3050),
        ("1.200", 120000),
        ("1,200.50", 120050),
        ("€ 30", 3000),
        ("0", 0),
    ],
)
def test_prices_as_people_write_them(typed: str, minor: int) -> None:
    assert read(price_to=typed) == (SearchQuery(price_to_minor=minor), {})


def test_a_currency_without_cents() -> None:
    assert read_search({"price-to": ["1200"]}, ("JPY",)).query.price_to_minor == 1200


def test_days_chosen_replace_a_relative_time() -> None:
    query, _ = read(when="weekend", to="2026-12-07")
    assert query.when == ""
    assert query.to_day == date(2026, 12, 7)


@pytest.mark.parametrize(
    ("typed", "page"), [("0", 1), ("-1", 1), ("x", 1), ("7", 7), ("51", 50), ("9" * 5000, 1), ("²", 1)]
)
def test_pages_are_bounded(typed: str, page: int) -> None:
    assert read(page=typed)[0].page == page


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "q",
                "place",
                "when",
                "from",
                "to",
                "kind",
                "price-from",
                "price-to",
                "currency",
                "available",
                "page",
            ]
        ),
        st.lists(st.text(max_size=200), min_size=1, max_size=3),
    )
)
def test_reading_never_fails_and_its_address_reads_the_same(params: dict[str, list[str]]) -> None:
    query = read_search(params, CURRENCIES).query
    assert "\x00" not in query.text + query.place
    again: dict[str, list[str]] = {}
    for name, value in query.params():
        again.setdefault(name, []).append(value)
    found = read_search(again, CURRENCIES)
    assert found.troubles == {}
    assert found.query.params() == query.params()
