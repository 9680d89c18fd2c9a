"""Which page of a long list an address asks for."""

from __future__ import annotations

from django.http import HttpRequest

# More digits than any list has pages; Python refuses to read thousands of them.
_MOST_DIGITS = 8


def page_number(request: HttpRequest, *, last: int = 10**_MOST_DIGITS) -> int:
    """`?page=`, between 1 and `last`; what is no number is the first."""
    asked = request.GET.get("page", "")
    is_number = asked.isascii() and asked.isdigit() and len(asked) <= _MOST_DIGITS
    return min(max(int(asked), 1), last) if is_number else 1
