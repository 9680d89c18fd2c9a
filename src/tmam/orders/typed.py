"""Reading what a buyer typed: names, identity documents, e-mail addresses, phone numbers. Pure; forgiving, then strict."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from tmam.kernel.texts import one_line, visible_text

NAME_MAX_CHARS = 100
EMAIL_MAX_CHARS = 254
_DOCUMENT = re.compile(r"[0-9A-Z]{4,20}")
_E164 = re.compile(r"\+[1-9][0-9]{7,14}")
_NOT_IN_NAMES = re.compile(r"[<>{}\[\]@\\|=*_#$%^~`]|://")


class Problem(StrEnum):
    """What is wrong with a typed value; the page has the words."""

    NAME_MISSING = "name_missing"
    NAME_TOO_LONG = "name_too_long"
    NAME_UNREADABLE = "name_unreadable"
    DOCUMENT_MISSING = "document_missing"
    DOCUMENT_UNREADABLE = "document_unreadable"
    EMAIL_MISSING = "email_missing"
    EMAIL_UNREADABLE = "email_unreadable"
    PHONE_MISSING = "phone_missing"
    PHONE_WITHOUT_COUNTRY = "phone_without_country"
    PHONE_UNREADABLE = "phone_unreadable"


class TypedWrongError(ValueError):
    """A typed value that cannot be used; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


def read_name(typed: str) -> str:
    """A person's name, in any script, with its spaces tidied.

    Raises:
        TypedWrongError: missing, longer than 100 characters, without a letter, or with signs no name has.
    """
    name = one_line(typed)
    if not name:
        raise TypedWrongError(Problem.NAME_MISSING)
    if len(name) > NAME_MAX_CHARS:
        raise TypedWrongError(Problem.NAME_TOO_LONG)
    if _NOT_IN_NAMES.search(name) or not any(char.isalpha() for char in name):
        raise TypedWrongError(Problem.NAME_UNREADABLE)
    return name


def read_document(typed: str) -> str:
    """The letters and digits of an identity document's number; spaces, dots, dashes and case are forgiven.

    Raises:
        TypedWrongError: missing, or not 4 to 20 letters and digits.
    """
    document = re.sub(r"[\s.\-/]", "", unicodedata.normalize("NFKC", visible_text(typed))).upper()
    if not document:
        raise TypedWrongError(Problem.DOCUMENT_MISSING)
    if not _DOCUMENT.fullmatch(document) or not any(char.isdigit() for char in document):
        raise TypedWrongError(Problem.DOCUMENT_UNREADABLE)
    return document


def read_email(typed: str) -> str:
    """An e-mail address with its domain in lower case; spaces around and a `mailto:` are forgiven.

    Raises:
        TypedWrongError: missing, or no address.
    """
    email = "".join(visible_text(typed).split()).removeprefix("mailto:")
    if not email:
        raise TypedWrongError(Problem.EMAIL_MISSING)
    local, _, domain = email.rpartition("@")
    email = f"{local}@{domain.lower()}"
    try:
        validate_email(email)
    except ValidationError as error:
        raise TypedWrongError(Problem.EMAIL_UNREADABLE) from error
    if len(email) > EMAIL_MAX_CHARS:
        raise TypedWrongError(Problem.EMAIL_UNREADABLE)
    return email


def read_phone(typed: str) -> str:
    """A phone number in E.164 (`+34600123456`); spaces, brackets, dashes, `00` for `+` and `(0)` are forgiven.

    Raises:
        TypedWrongError: missing, without the country's code, or no number.
    """
    text = unicodedata.normalize("NFKC", visible_text(typed)).lower().removeprefix("tel:")
    phone = re.sub(r"[\s.\-/()\u2010-\u2015\u2212]", "", text.replace("(0)", ""))
    if not phone:
        raise TypedWrongError(Problem.PHONE_MISSING)
    if phone.startswith("00"):
        phone = f"+{phone[2:]}"
    if phone.isascii() and phone.isdigit():
        raise TypedWrongError(Problem.PHONE_WITHOUT_COUNTRY)
    if not _E164.fullmatch(phone):
        raise TypedWrongError(Problem.PHONE_UNREADABLE)
    return phone
