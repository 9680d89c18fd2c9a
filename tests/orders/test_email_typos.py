from __future__ import annotations

import pytest

from tmam.orders.email_typos import COMMON_DOMAINS, NOT_TYPOS, slips, suggest_domain, suggest_email


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gmai.com", "gmail.com"),
        ("gnail.com", "gmail.com"),
        ("mgail.com", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("hotmial.com", "hotmail.com"),
        ("hotmal.es", "hotmail.es"),
        ("outlok.com", "outlook.com"),
        ("yahooo.es", "yahoo.es"),
        ("iclod.com", "icloud.com"),
        ("web.ed", "web.de"),
        ("gmx.dee", "gmx.de"),
        ("company.con", "company.com"),
    ],
)
def test_slips_are_seen(typed: str, meant: str) -> None:
    assert suggest_domain(typed) == meant


@pytest.mark.parametrize(
    "domain",
    [
        *COMMON_DOMAINS,
        *sorted(NOT_TYPOS),
        "example.org",
        "uni-berlin.de",
        "tue.nl",
        "ibm.com",
        "aurora.example",
        "sail.com",
        "maria.com",
    ],
)
def test_good_domains_are_not_questioned(domain: str) -> None:
    assert suggest_domain(domain) is None


def test_the_whole_address_is_suggested() -> None:
    assert suggest_email("maria@gmial.com") == "maria@gmail.com"
    assert suggest_email("maria@gmail.com") is None


@pytest.mark.parametrize(
    ("typed", "meant", "count"),
    [
        ("abc", "abc", 0),
        ("acb", "abc", 1),
        ("ab", "abc", 1),
        ("abcc", "abc", 1),
        ("abd", "abc", 1),
        ("xyz", "abc", 3),
    ],
)
def test_slips_are_counted(typed: str, meant: str, count: int) -> None:
    assert slips(typed, meant, at_most=2) == count


def test_counting_stops_early() -> None:
    assert slips("a" * 200, "b", at_most=2) == 3
