"""Domains that people mistype, and what they probably meant. Pure: a question for the buyer, never a refusal."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

# Where most private mail lives, by size; an address at one of them is never questioned.
COMMON_DOMAINS = (
    "gmail.com", "hotmail.com", "outlook.com", "yahoo.com", "icloud.com", "googlemail.com", "live.com", "msn.com",
    "aol.com", "me.com", "mac.com", "proton.me", "protonmail.com", "hotmail.es", "outlook.es", "yahoo.es",
    "telefonica.net", "movistar.es", "gmx.de", "gmx.net", "gmx.com", "web.de", "t-online.de", "freenet.de",
    "hotmail.co.uk", "yahoo.co.uk", "outlook.de", "yahoo.de", "hotmail.de", "hotmail.fr", "yahoo.fr", "orange.fr",
    "libero.it", "btinternet.com", "comcast.net", "verizon.net", "att.net", "codetel.net.do", "claro.net.do",
)  # fmt: skip
# Real domains one slip away from a common one.
NOT_TYPOS = frozenset({"mail.com", "email.com", "ymail.com", "hotmail.it", "gmx.at", "gmx.ch", "live.de", "live.fr",
                       "live.nl", "outlook.fr", "outlook.it", "yahoo.it", "yahoo.ca", "aol.de", "mail.de"})  # fmt: skip
ENDING_TYPOS = {
    "con": "com", "cmo": "com", "ocm": "com", "vom": "com", "xom": "com", "comm": "com", "coom": "com", "cpm": "com",
    "nte": "net", "ent": "net", "bet": "net", "rog": "org", "ogr": "org",
}  # fmt: skip
SHORT_DOMAIN_CHARS = 8  # in a short name one slip is all that can be told from another name


def suggest_email(email: str) -> str | None:
    """The address the buyer probably meant, or None when the typed one looks right."""
    local, _, domain = email.rpartition("@")
    meant = suggest_domain(domain)
    return f"{local}@{meant}" if meant else None


def suggest_domain(domain: str) -> str | None:
    """The domain probably meant, or None when it looks right: `gmial.com` → `gmail.com`."""
    if domain in COMMON_DOMAINS or domain in NOT_TYPOS:
        return None
    name, _, ending = domain.rpartition(".")
    if ending in ENDING_TYPOS:
        domain = f"{name}.{ENDING_TYPOS[ending]}"
        if domain in COMMON_DOMAINS:
            return domain
    near = _nearest(domain, COMMON_DOMAINS)
    return near or (domain if ending in ENDING_TYPOS else None)


def slips(typed: str, meant: str, at_most: int) -> int:
    """How many letters were missed, doubled, swapped or wrong (optimal string alignment); capped at `at_most` + 1."""
    if abs(len(typed) - len(meant)) > at_most:
        return at_most + 1
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for i, char in enumerate(typed, start=1):
        before, previous = row, before
        row = [i]
        for j, wanted in enumerate(meant, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (char != wanted))
            if i > 1 and j > 1 and char == meant[j - 2] and typed[i - 2] == wanted:
                cost = min(cost, previous[j - 2] + 1)
            row.append(cost)
        if min(row) > at_most:
            return at_most + 1
    return row[-1]


def _nearest(domain: str, candidates: Iterable[str]) -> str | None:
    best: tuple[int, str] | None = None
    for candidate in candidates:
        allowed = 1 if len(candidate) <= SHORT_DOMAIN_CHARS else 2
        distance = slips(domain, candidate, allowed)
        if (
            distance <= allowed
            and _keeps_its_start(domain, candidate, distance)
            and (best is None or distance < best[0])
        ):
            best = (distance, candidate)
    return best[1] if best else None


def _keeps_its_start(domain: str, candidate: str, distance: int) -> bool:
    """Two slips are believed only when the name still begins alike, or `maria.com` would become another's."""
    return (
        distance == 1
        or domain[0] == candidate[0]
        or any(a + b == domain[:2] for b, a in pairwise(candidate[:2]))
    )
