"""Checks of keys: there, readable by us only, and able to open what they locked."""

from __future__ import annotations

import stat

from cryptography.fernet import InvalidToken

from tmam.cli.doctor.findings import Check, Finding, Patient, fine, wrong
from tmam.platform.keys import decrypt, encrypt
from tmam.platform.statements import run_verb
from tmam.tickets.errors import KeyKeeperAwayError, NoSigningKeyError
from tmam.tickets.models import Ticket
from tmam.tickets.signing_keys import LoadedKey, load_signing_key, signs_well
from tmam.tickets.token_of import token_of

CODES_MADE_AGAIN = 500
OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def key_checks() -> list[Check]:
    """Key files, master keys, signing keys."""
    return [
        Check("key_files", _key_files),
        Check("master_keys", _master_keys),
        Check("signing_keys", _signing_keys),
        Check("ticket_codes", _ticket_codes),
    ]


def _key_files(patient: Patient) -> Finding:
    folder = patient.settings.state / "keys"
    paths = [folder, *sorted(folder.glob("*"))] if folder.exists() else []
    is_set = bool(patient.settings.secret_key and patient.settings.master_keys)
    if not is_set and len(paths) < 2:
        return wrong(
            "key_files",
            f"There are no keys in {folder}.",
            "Start `tmam up` once, or restore the folder from a backup.",
        )
    loose = [path.name for path in paths if path.stat().st_mode & OPEN_TO_OTHERS]
    if loose:
        return wrong(
            "key_files", f"Others can read {', '.join(loose)} in {folder}.", f"chmod -R go= {folder}"
        )
    return fine("key_files", "Only this user can read the keys.")


def _master_keys(patient: Patient) -> Finding:
    del patient
    try:
        works = decrypt(encrypt(b"tmam")) == b"tmam"
    except (ValueError, InvalidToken):
        works = False
    if not works:
        return wrong(
            "master_keys",
            "The master keys are malformed.",
            "Set TMAM_MASTER_KEYS to Fernet keys, newest first.",
        )
    return fine("master_keys", "The master keys lock and open.")


def _signing_keys(patient: Patient) -> Finding:
    rows = patient.connection.execute(
        "SELECT event_id, key_id FROM tickets_signing_key ORDER BY event_id, key_id"
    ).fetchall()
    try:
        broken = [
            f"event {event_id} key {key_id}" for event_id, key_id in rows if not _signs(event_id, key_id)
        ]
    except KeyKeeperAwayError as error:
        return wrong(
            "signing_keys",
            f"The keeper “{error.keeper}” of signing keys cannot be asked: {error.why}.",
            "See docs/ticket-keys.md; without it nothing can be sold for the events whose keys it keeps.",
        )
    if broken:
        return wrong(
            "signing_keys",
            f"{len(broken)} signing keys cannot be opened: {', '.join(broken[:3])}.",
            "Put the master key that locked them (from a backup of the keys folder) into TMAM_MASTER_KEYS.",
        )
    unsigned = patient.connection.execute(
        "SELECT count(*) FROM catalog_event AS event WHERE event.status = 'on_sale' AND NOT EXISTS "
        "(SELECT FROM tickets_signing_key AS key WHERE key.event_id = event.id)"
    ).fetchone()
    if unsigned and unsigned[0]:
        return wrong(
            "signing_keys",
            f"{unsigned[0]} events on sale have no signing key.",
            "Take them off sale and make keys.",
        )
    return fine("signing_keys", f"All {len(rows)} signing keys open and match their public halves.")


def _ticket_codes(patient: Patient) -> Finding:
    """The newest tickets' codes can be made again: else nobody could download them."""
    del patient
    keys: dict[tuple[int, int], LoadedKey] = {}
    broken = []
    tickets = list(Ticket.objects.order_by("-issued_at")[:CODES_MADE_AGAIN])
    for ticket in tickets:
        name = (ticket.event_id, ticket.key_id)
        try:
            if name not in keys:
                keys[name] = run_verb(load_signing_key(*name))
            token_of(ticket, keys[name])
        except (ValueError, InvalidToken, NoSigningKeyError, KeyKeeperAwayError):
            broken.append(f"event {ticket.event_id} ticket {ticket.serial}")
    if broken:
        return wrong(
            "ticket_codes",
            f"The codes of {len(broken)} tickets cannot be made again: {', '.join(broken[:3])}.",
            "A ticket's row or its signing key was changed outside the program: restore it, or revoke and issue anew.",
        )
    return fine("ticket_codes", f"The codes of the newest {len(tickets)} tickets can be made again.")


def _signs(event_id: int, key_id: int) -> bool:
    try:
        return signs_well(run_verb(load_signing_key(event_id, key_id)))
    except (InvalidToken, ValueError):
        return False
