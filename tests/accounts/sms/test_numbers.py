import pytest

from tmam.accounts.errors import PhoneNotAcceptedError
from tmam.accounts.sms.numbers import allowed_countries, dialling_countries, masked, read_number, readable


@pytest.mark.parametrize(
    ("typed", "country", "number"),
    [
        ("612 34 56 78", "ES", "+34612345678"),
        ("+34 612-345-678", "US", "+34612345678"),
        ("0034612345678", "ES", "+34612345678"),
        ("07400 123456", "GB", "+447400123456"),
        ("(202) 555-0123", "US", "+12025550123"),
        ("\u0666\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668", "ES", "+34612345678"),
    ],
)
def test_numbers_are_read_as_people_write_them(typed: str, country: str, number: str) -> None:
    assert read_number(typed, country=country) == number


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "unreadable"),
        ("hello", "unreadable"),
        ("612", "unreadable"),
        ("+999 123456789", "unreadable"),
        ("912 345 678", "not_mobile"),
        ("803 123 456", "not_mobile"),  # premium rate
        ("900 123 456", "not_mobile"),
        ("1" * 300, "unreadable"),
    ],
)
def test_what_cannot_get_a_code_is_refused(typed: str, reason: str) -> None:
    with pytest.raises(PhoneNotAcceptedError) as caught:
        read_number(typed, country="ES")
    assert caught.value.reason == reason


def test_the_operator_says_which_countries_get_codes() -> None:
    allowed = allowed_countries(" es, PT ,")
    assert allowed == {"ES", "PT"}
    assert read_number("612345678", country="ES", allowed=allowed)
    with pytest.raises(PhoneNotAcceptedError) as caught:
        read_number("+44 7400 123456", country="ES", allowed=allowed)
    assert caught.value.reason == "country"
    assert allowed_countries("") == frozenset()


def test_numbers_are_shown_readably_or_hidden() -> None:
    assert readable("+34612345678") == "+34 612 34 56 78"
    assert masked("+34612345678") == "••• 678"


def test_every_country_has_its_code() -> None:
    countries = dict(dialling_countries())
    assert countries["ES"] == 34
    assert len(countries) > 200
