"""Who may do what is answered in one module: nobody else looks at roles."""

from __future__ import annotations

import re
from pathlib import Path

SOURCE = Path(__file__).parent.parent.parent / "src" / "tmam"
# The questions and answers themselves, and what makes, changes or names memberships without deciding by their role.
ALLOWED = {
    "organizers/permissions.py",
    "organizers/models.py",
    "organizers/words.py",
    "demo/cast.py",
    "bench/seed.py",
}
COMPARED = re.compile(
    r"""\.role\b\s*(?:==|!=|in\b|not\s+in\b)   # member.role == …
        |(?:==|!=)\s*(?:\w+\.)*role\b            # … == role
        |\bRole\.[A-Z]                          # Role.OWNER
        |\brole\s*=\s*["\'](?:owner|manager|finance|box_office|gate|support|read_only)
        |\bm\.role\s*(?:=|<>)\s*'               # SQL
    """,
    re.VERBOSE,
)


def test_nobody_else_compares_roles() -> None:
    found = [
        f"{path.relative_to(SOURCE)}: {line.strip()}"
        for path in [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.sql")]
        if path.relative_to(SOURCE).as_posix() not in ALLOWED and "migrations" not in path.parts
        for line in path.read_text(encoding="utf-8").splitlines()
        if COMPARED.search(line)
    ]
    assert found == [], "ask organizers.permissions"


def test_the_pattern_finds_what_it_should() -> None:
    for line in (
        'if member.role == "owner":',
        "if member.role in roles:",
        "if Role.GATE == x:",
        'filter(role="gate")',
        "AND m.role = 'gate'",
        "return OWNER == each.role",
    ):
        assert COMPARED.search(line), line
