"""What is sent to people: mail, text messages, reminders."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from tmam.platform.setting_topics.servers import ServerSettings


class MessageSettings(ServerSettings, frozen=True, kw_only=True):
    """What is sent to people: mail, text messages, reminders."""

    mail_url: Annotated[
        str,
        Meta(
            description="`smtp://user:password@host:587` (STARTTLS, except to this machine), `smtps://…` (TLS) or `folder:` (kept under the state folder, shown at /demo/mail/)."
        ),
    ] = "folder:"
    mail_from: Annotated[str, Meta(description="Sender of every mail.")] = "tmam <tickets@tmam.example>"
    dkim_selector: Annotated[
        str,
        Meta(
            pattern=r"^[a-z0-9-]{0,40}$",
            description="Name of the DKIM key that signs every mail sent by SMTP; the key is made on first use, `tmam mail-dns` prints the DNS records. Empty: not signed here (the mail server does it).",
        ),
    ] = ""
    sms_url: Annotated[
        str,
        Meta(
            description="How codes go to phones: `twilio://account-sid:token@sender` (sender: a number like `+34600000000` or a messaging service `MG…`; `?base=https://…` for another address of its API) or `outbox:` (kept under the state folder, shown at /demo/sms/; in production it means that codes by SMS are not offered)."
        ),
    ] = "outbox:"
    sms_countries: Annotated[
        str,
        Meta(
            description="Comma-separated codes of the countries that codes are sent to (`ES,PT,FR`). Empty: everywhere. The best guard against fraud with expensive numbers."
        ),
    ] = ""
    sms_per_day: Annotated[
        int,
        Meta(ge=0, le=10_000_000, description="Most text messages a day to everybody together."),
    ] = 2_000
    reminder_hours: Annotated[
        int,
        Meta(
            ge=0,
            le=336,
            description="How long before its start people are reminded of a date whose tickets nobody has downloaded yet. 0: never.",
        ),
    ] = 48
