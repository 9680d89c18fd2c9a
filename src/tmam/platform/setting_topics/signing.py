"""Keys and certificates that tickets, passes and PDFs are signed with; the wallets they go to."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from tmam.platform.setting_topics.messages import MessageSettings


class SigningSettings(MessageSettings, frozen=True, kw_only=True):
    """Keys and certificates that tickets, passes and PDFs are signed with; the wallets they go to."""

    key_keeper: Annotated[
        Literal["database", "environment", "pkcs11"],
        Meta(
            description="Who keeps the private halves of new keys that sign tickets (docs/ticket-keys.md): `database` (encrypted at rest), `environment` (derived from `TMAM_KEY_SECRET`) or `pkcs11` (a hardware module). Keys that exist stay where they are."
        ),
    ] = "database"
    key_secret: Annotated[
        str,
        Meta(
            description="Secret of at least 32 characters that signing keys are derived from where `environment` keeps them. It must never change and never be lost."
        ),
    ] = ""
    pkcs11_module: Annotated[
        str, Meta(description="Library of the hardware module (`/usr/lib/softhsm/libsofthsm2.so`).")
    ] = ""
    pkcs11_token: Annotated[str, Meta(description="Label of the token in the hardware module.")] = ""
    pkcs11_pin: Annotated[str, Meta(description="User PIN of the token in the hardware module.")] = ""
    pdf_certificate_file: Annotated[
        str,
        Meta(
            description="PEM file with the certificate that signs PDFs (P-256), then those above it. Empty: one is made and kept in the state folder; readers then say that they do not know who signed."
        ),
    ] = ""
    pdf_certificate_key_file: Annotated[
        str, Meta(description="PEM file with the private key of that certificate, without a password.")
    ] = ""
    apple_pass_certificate: Annotated[
        str,
        Meta(
            description="Apple Wallet (docs/apple-wallet.md): the pass certificate, a PEM text or the path of a PEM or DER file. Empty: a self-made one that no iPhone accepts; in production, no Apple Wallet."
        ),
    ] = ""
    apple_pass_key: Annotated[
        str, Meta(description="The key of the pass certificate: RSA, PEM text or path, without a password.")
    ] = ""
    apple_wwdr: Annotated[
        str, Meta(description="Apple's intermediate certificate (WWDR G4) above it: PEM text or path.")
    ] = ""
    apple_pass_type_id: Annotated[
        str, Meta(description="The pass type that the certificate is for (`pass.com.example.tickets`).")
    ] = ""
    apple_team_id: Annotated[str, Meta(description="The team that the certificate belongs to.")] = ""
    apple_push_url: Annotated[
        str,
        Meta(
            description="Where phones are told that a pass changed. Empty: Apple's push service, and nobody while the certificate is self-made."
        ),
    ] = ""
    google_wallet_issuer: Annotated[
        str,
        Meta(
            pattern=r"^[0-9]{0,30}$",
            description="Issuer number of the Google Wallet API (docs/google-wallet.md). Empty: tickets are not offered for Google Wallet.",
        ),
    ] = ""
    google_wallet_service_account: Annotated[
        str,
        Meta(description="Path of the JSON key file of the service account that may use the issuer."),
    ] = ""
    google_wallet_api: Annotated[
        str, Meta(description="Address of the Google Wallet API; another one is for tests.")
    ] = "https://walletobjects.googleapis.com/walletobjects/v1"
