"""What a password must be: long enough, not one that everybody tries, not about its owner. Nothing else.

No rules about capitals, digits or signs: they make passwords worse (NIST SP 800-63B, section 3.1.1.2).
"""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tmam.accounts.common_passwords import is_common, normal_form
from tmam.accounts.models import User

MIN_LENGTH, MAX_LENGTH = 10, 1_000
SITE_WORDS = ("tmam",)
_SHORTEST_WORD = 4
# Rows that people run a finger along: keyboards, the alphabet, digits.
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789",
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "asdfghjklñ",
    "zxcvbnm",
    "qwertzuiop",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)
_SHORTEST_RUN = 3
# How much of a password may be sequence, repetition or its owner's name.
_MOST_FORESEEABLE = 0.6


class LengthValidator:
    """Ten characters at least; a thousand at most, so that nobody makes us hash a book."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Refuse what is too short or endless.

        Raises:
            ValidationError: with words for the person.
        """
        del user
        if len(password) > MAX_LENGTH:
            words = _("This password has more than 1,000 characters. Choose a shorter one.")
            raise ValidationError(words, code="password_too_long")
        if len(normal_form(password).strip()) < MIN_LENGTH:
            words = _(
                "This password is too short. Use at least 10 characters: three words that do not belong together are easy to remember."
            )
            raise ValidationError(words, code="password_too_short")

    def get_help_text(self) -> str:
        return _("At least 10 characters. Three words that do not belong together are easy to remember.")


class CommonPasswordValidator:
    """Refuses what was stolen often, what is a sequence, and what contains the site's or its owner's name."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Refuse what somebody who knows the person or the lists would try.

        Raises:
            ValidationError: with words for the person.
        """
        if len(password) > MAX_LENGTH:
            return  # said already, and not worth the work
        if is_common(password):
            words = _(
                "Many people use this password or one very much like it, so it is among the first that thieves try. Choose another."
            )
            raise ValidationError(words, code="password_too_common")
        if is_sequence(password):
            words = _("This is a row of keys or a repetition, which is easy to guess. Choose another.")
            raise ValidationError(words, code="password_sequence")
        if is_about(password, words_of(user)):
            words = _(
                "This contains your name, your address or ours, which is easy to guess. Choose another."
            )
            raise ValidationError(words, code="password_too_similar")

    def get_help_text(self) -> str:
        return _("Not a common one, and not your name.")


def is_sequence(password: str) -> bool:
    """Whether most of it is runs along a row (either way), or one piece again and again."""
    text = normal_form(password)
    if re.fullmatch(r"(.{1,5}?)\1+.?", text, re.DOTALL):
        return True
    in_runs = at = 0
    while at < len(text):
        run = _run_length(text, at)
        in_runs += run if run >= _SHORTEST_RUN else 0
        at += max(run, 1)
    return in_runs >= _MOST_FORESEEABLE * len(text)


def is_about(password: str, words: list[str]) -> bool:
    """Whether most of it is made of these words, forwards or backwards."""
    text = normal_form(password)
    left = text
    for word in sorted(set(words), key=len, reverse=True):
        left = left.replace(word, "").replace(word[::-1], "")
    return len(left) <= (1 - _MOST_FORESEEABLE) * len(text)


def words_of(user: User | None) -> list[str]:
    """What somebody who knows the person would try: parts of the address, the name, the user name; and our name."""
    about = list(SITE_WORDS)
    for given in (user.email, user.name, user.username) if user else ():
        whole = normal_form(given or "")
        about += [whole, *re.split(r"[^\w]+|_", whole)]
        about.append(whole.partition("@")[0])
    return [word for word in about if len(word) >= _SHORTEST_WORD]


def _run_length(text: str, at: int) -> int:
    """How far the text from here runs along one row, in one direction."""
    best = 1
    for row in _ROWS:
        for line in (row, row[::-1]):
            start = line.find(text[at])
            length = 0
            while (
                start >= 0
                and start + length < len(line)
                and at + length < len(text)
                and line[start + length] == text[at + length]
            ):
                length += 1
            best = max(best, length)
    same = len(text[at:]) - len(text[at:].lstrip(text[at]))
    return max(best, same)
