"""Several days in a row, written as one: `1–30 November 2026`."""

from __future__ import annotations

from datetime import date

from babel import Locale
from babel.dates import format_date, parse_pattern

_THIN_SPACE = "\u2009"  # CLDR puts it around the dash; not every font on a ticket has it


def day_span_words(first: date, last: date, locale: str, *, is_short: bool = False) -> str:
    """`26 November – 26 December 2026`, with `is_short` the months cut (`26 Nov – 26 Dec 2026`); one day alone if both are the same.

    `locale` is a CLDR locale (`kernel.locales.format_locale`). The pattern is CLDR's interval format (UTS 35, part 4).

    Raises:
        ValueError: the last day is before the first.
    """
    if last < first:
        raise ValueError(f"{last} is before {first}")
    if first == last:
        return format_date(first, format="d MMM yyyy" if is_short else "long", locale=locale)
    formats = Locale.parse(locale).interval_formats
    field = "y" if first.year != last.year else "M" if first.month != last.month else "d"
    skeleton = "yMMMd" if is_short or "yMMMMd" not in formats else "yMMMMd"
    parts = formats[skeleton][field]
    if not is_short and skeleton == "yMMMd":  # English has no pattern of its own for months in full
        parts = [part.replace("MMM", "MMMM") for part in parts]
    words = "".join(
        parse_pattern(part).apply(day, locale) for part, day in zip(parts, (first, last), strict=True)
    )
    return words.replace(_THIN_SPACE, " ")
