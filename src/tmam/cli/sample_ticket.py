"""`tmam sample-ticket`: the sample in any form, without a database, to try on printers, phones and scanners."""

from __future__ import annotations

import sys
import unicodedata
from pathlib import Path

from tmam.cli.operator_error import OperatorError, operator_settings

LANGUAGES = ("en", "es")
NAME_MAX_CHARS = 100  # as many as a booking takes
STDOUT = "-"


class SampleNotPossibleError(OperatorError):
    """What was asked for cannot be made; the text is one sentence."""


def run_sample_ticket(form: str, output: str, name: str, language: str) -> None:
    """Write the sample to a file, or to the standard output for `-`.

    Raises:
        SampleNotPossibleError: no such form or language, a name that no booking takes, a file without a
            name or that cannot be written, or a ticket that could not be drawn.
    """
    check_name(name)
    if not output.strip():
        raise SampleNotPossibleError("The file has no name; write -o FILE, or -o - for the standard output.")
    if language not in LANGUAGES:
        raise SampleNotPossibleError(
            f"There is no language {shown(language)}; choose from: {', '.join(LANGUAGES)}."
        )
    set_up_words()
    from tmam.delivery.sample_files import SAMPLE_FORMS, sample_file
    from tmam.kernel.errors import TmamError

    if form not in SAMPLE_FORMS:
        raise SampleNotPossibleError(
            f"There is no form {shown(form)}; choose from: {', '.join(sorted(SAMPLE_FORMS))}."
        )
    try:
        if form == "pkpass":
            check_certificate()
        content = sample_file(SAMPLE_FORMS[form], language=language, holder_name=name)
    except TmamError as error:
        raise SampleNotPossibleError(f"The sample could not be made as {form} ({error.code}).") from error
    write(output, content)


def check_certificate() -> None:
    """Say so if no iPhone will take the pass.

    Raises:
        SampleNotPossibleError: the settings are wrong, or name a certificate that cannot sign.
    """
    from tmam.delivery.apple.certificates import CertificateError
    from tmam.delivery.apple.site_certificate import certificate_of

    settings = operator_settings()
    if not settings.apple_pass_certificate:
        print("tmam: signed with a certificate made this moment; iPhones refuse it.", file=sys.stderr)
        return
    try:
        certificate_of(settings)
    except CertificateError as error:
        raise SampleNotPossibleError(f"The pass cannot be signed: {error}.") from error


def check_name(name: str) -> None:
    """Raises SampleNotPossibleError: longer than 100 characters, or with signs that cannot be printed."""
    if len(name) > NAME_MAX_CHARS:
        raise SampleNotPossibleError(
            f"The name has {len(name)} characters; shorten it to at most {NAME_MAX_CHARS}."
        )
    # Cc control, Cs half a character, Cf invisible signs such as right-to-left overrides; joiners are parts of names.
    if any(unicodedata.category(sign) in {"Cc", "Cf", "Cs"} and sign not in "\u200c\u200d" for sign in name):
        raise SampleNotPossibleError("The name holds control characters; write it with visible signs only.")
    if name and not name.strip():
        raise SampleNotPossibleError("The name is blank; leave --name out for the usual one.")


def shown(typed: str) -> str:
    """What was typed, short and without signs that could move a terminal's cursor."""
    visible = "".join(sign if sign.isprintable() else "?" for sign in typed[:30])
    return f"“{visible}”"


def write(output: str, content: bytes) -> None:
    """Raises SampleNotPossibleError: the file or the standard output does not take it."""
    try:
        if output == STDOUT:
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
        else:
            Path(output).write_bytes(content)
    except (OSError, ValueError) as error:  # ValueError: a null character in the file's name
        reason = getattr(error, "strerror", None) or "not a file name"
        raise SampleNotPossibleError(f"{shown(output)} cannot be written: {reason}.") from None


def set_up_words() -> None:
    """As much of Django as translations need: no database, no state folder, no secrets."""
    from django.apps import apps
    from django.conf import settings

    import tmam.web

    if not settings.configured:
        settings.configure(
            LANGUAGE_CODE="en",
            LANGUAGES=[(language, language) for language in LANGUAGES],
            LOCALE_PATHS=[Path(tmam.web.__file__).parent / "locale"],
            USE_I18N=True,
            USE_TZ=True,
        )
        apps.populate([])  # django.setup() would load models, forms and addresses, too
