"""What people type or paste where a code is asked for, as we made it.

Mails and messengers add what nobody sees: marks of direction, joiners, thin and non-breaking blanks, other dashes; phones
in Asia type full-width digits. None of that may cost a try.
"""

from __future__ import annotations

import unicodedata

# Longer texts are no codes; only this much is looked at.
MOST_CHARACTERS = 200


def visible(typed: str) -> str:
    """In capitals, plain forms (NFKC), without blanks and invisible characters; every dash is `-`, every digit 0 to 9."""
    return "".join(map(_plain, unicodedata.normalize("NFKC", typed[:MOST_CHARACTERS]))).upper()


def letters_and_digits(typed: str) -> str:
    """The same without dashes and other signs, for codes that have none."""
    return "".join(char for char in visible(typed) if char.isalnum())


def typed_digits(typed: str) -> str:
    """Only the digits, for codes of digits."""
    return "".join(char for char in visible(typed) if "0" <= char <= "9")


def _plain(char: str) -> str:
    category = unicodedata.category(char)
    if category[0] in "CZ":
        return ""
    if category == "Pd":
        return "-"
    return str(unicodedata.decimal(char)) if category == "Nd" else char
