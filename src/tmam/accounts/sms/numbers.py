"""Phone numbers: from what people type to E.164, and back to something readable."""

from __future__ import annotations

from collections.abc import Collection

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from tmam.accounts.errors import PhoneNotAcceptedError

# Only these ring in a pocket. Premium, shared-cost and toll-free numbers are what toll fraud is made of.
_POCKETS = frozenset((PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE))
LAST_DIGITS = 3


def read_number(typed: str, *, country: str, allowed: Collection[str] = ()) -> str:
    """What somebody typed as E.164; `country` (ISO 3166) counts unless it begins with `+`.

    Raises:
        PhoneNotAcceptedError: no number, no mobile number, or of a country outside `allowed` (empty: all).
    """
    try:
        number = phonenumbers.parse(typed, country)
    except phonenumbers.NumberParseException:
        raise PhoneNotAcceptedError from None
    if not phonenumbers.is_valid_number(number):
        raise PhoneNotAcceptedError
    if phonenumbers.number_type(number) not in _POCKETS:
        raise PhoneNotAcceptedError("not_mobile")
    if allowed and phonenumbers.region_code_for_number(number) not in allowed:
        raise PhoneNotAcceptedError("country")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def readable(number: str) -> str:
    """An E.164 number as its owner writes it abroad: `+34 612 34 56 78`."""
    return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL)


def masked(number: str) -> str:
    """What somebody who only knows the password may see of a number."""
    return f"••• {number[-LAST_DIGITS:]}"


def allowed_countries(setting: str) -> frozenset[str]:
    """The codes in `TMAM_SMS_COUNTRIES`."""
    return frozenset(each.strip().upper() for each in setting.split(",") if each.strip())


def dialling_countries() -> list[tuple[str, int]]:
    """Every country (ISO 3166) with its dialling code."""
    return sorted(
        (region, phonenumbers.country_code_for_region(region)) for region in phonenumbers.SUPPORTED_REGIONS
    )
