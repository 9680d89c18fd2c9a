"""`tmam mail-dns`: what the sender's domain must say in its DNS."""

from __future__ import annotations

from tmam.notifications.dkim_signing import dkim_key, dns_records, sender_domain
from tmam.platform.settings import Settings


def run_mail_dns(settings: Settings) -> None:
    """Print each TXT record, and what only the operator can know."""
    key = dkim_key(settings)
    for name, text in dns_records(settings, key):
        print(f'{name}. IN TXT "{text}"')
    if key is None:
        print("\nMail is not signed yet: set TMAM_DKIM_SELECTOR (for example to 2026a) and run this again.")
    print(
        f"\nSPF is the mail server's: its documentation says what belongs into the TXT record of {sender_domain(settings)}."
    )
