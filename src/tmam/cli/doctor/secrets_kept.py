"""Checks of keys: there, readable by us only, and able to open what they locked."""

from __future__ import annotations

import stat
from datetime import timedelta

from cryptography.fernet import InvalidToken

from tmam.cli.doctor.findings import Check, Finding, Patient, fine, watch, wrong
from tmam.delivery.errors import CertificateNotUsableError
from tmam.delivery.pdf_certificate import KEPT_AS, pdf_certificate
from tmam.platform.errors import SealBrokenError
from tmam.platform.keys import decrypt, encrypt
from tmam.platform.master_sealed import locked_under_old_keys, unreadable
from tmam.platform.rotate_keys import data_keys_under_old_keys, events_with_data_keys, waiting_values
from tmam.platform.statements import run_verb
from tmam.tickets.errors import KeyKeeperAwayError, NoSigningKeyError
from tmam.tickets.key_sets.delegations import WARN_BEFORE
from tmam.tickets.models import Ticket
from tmam.tickets.signing_keys import LoadedKey, load_signing_key, signs_well
from tmam.tickets.token_of import certificate_of, token_of

CODES_MADE_AGAIN = 500
CERTIFICATE_WARNING = timedelta(days=30)
OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def key_checks() -> list[Check]:
    """Key files, master keys, signing keys."""
    return [
        Check("key_files", _key_files),
        Check("master_keys", _master_keys),
        Check("signing_keys", _signing_keys),
        Check("ticket_codes", _ticket_codes),
        Check("stolen_keys", _stolen_keys),
        Check("key_sets", _key_sets),
        Check("sealed_values", _sealed_values),
        Check("pdf_certificate", _pdf_certificate),
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
            made_again = token_of if ticket.device_key is None else certificate_of
            made_again(ticket, keys[name])
        except (ValueError, SealBrokenError, NoSigningKeyError, KeyKeeperAwayError):
            broken.append(f"event {ticket.event_id} ticket {ticket.serial}")
    if broken:
        return wrong(
            "ticket_codes",
            f"The codes of {len(broken)} tickets cannot be made again: {', '.join(broken[:3])}.",
            "A ticket's row or its signing key was changed outside the program: restore it, or revoke and issue anew.",
        )
    return fine("ticket_codes", f"The codes of the newest {len(tickets)} tickets can be made again.")


def _stolen_keys(patient: Patient) -> Finding:
    """No ticket is left with a code that gates refuse because its key was stolen."""
    left = patient.connection.execute(
        "SELECT key.event_id, key.key_id, count(*) FROM tickets_signing_key AS key JOIN tickets_ticket AS ticket "
        "ON ticket.event_id = key.event_id AND ticket.key_id = key.key_id AND ticket.state = 'valid' "
        "WHERE key.stolen_at IS NOT NULL GROUP BY key.event_id, key.key_id ORDER BY key.event_id, key.key_id"
    ).fetchall()
    if left:
        event_id, key_id, _ = left[0]
        return wrong(
            "stolen_keys",
            f"{sum(row[2] for row in left)} valid tickets still have a code by a stolen key.",
            f"tmam keys stolen {event_id} {key_id} -o affected.csv: it goes on where it stopped.",
        )
    return fine("stolen_keys", "No ticket has a code by a stolen key.")


def _key_sets(patient: Patient) -> Finding:
    """Whoever checks tickets without us can trust what we publish, and for long enough."""
    row = patient.connection.execute(
        "SELECT max(not_after) FROM tickets_keysetsigner WHERE not_before <= %s", [patient.now]
    ).fetchone()
    ends_at = row[0] if row else None
    advice = "tmam keys request, then the root's holder signs, then tmam keys install (docs/ticket-keys.md)."
    if ends_at is None or ends_at <= patient.now:
        if patient.settings.mode != "production":
            return fine(
                "key_sets", "The server is its own root here, and signs key sets when they are asked for."
            )
        return watch(
            "key_sets",
            "No root has signed for this server: it publishes no key sets, so only its own gates can check tickets.",
            advice,
        )
    if ends_at - patient.now < WARN_BEFORE and patient.settings.mode == "production":
        return watch("key_sets", f"The root's delegation ends on {ends_at:%Y-%m-%d}.", advice)
    return fine("key_sets", f"Key sets are signed under a root until {ends_at:%Y-%m-%d}.")


def _sealed_values(patient: Patient) -> Finding:
    """Nothing personal lies in the clear, nothing under a key that was rotated away."""
    del patient
    old_locks = sum(locked_under_old_keys().values()) + data_keys_under_old_keys()
    waiting = {event: count for event in events_with_data_keys() if (count := waiting_values(event))}
    lost = unreadable()
    if lost:
        return wrong(
            "sealed_values",
            f"No master key opens values in {', '.join(sorted(lost))}.",
            "Put the master key that locked them (from a backup of the keys folder) into TMAM_MASTER_KEYS.",
        )
    if old_locks:
        return watch(
            "sealed_values",
            f"{old_locks} values are locked under older master keys.",
            "Run `tmam keys relock`.",
        )
    if waiting:
        return watch(
            "sealed_values",
            f"{sum(waiting.values())} values of {len(waiting)} events are not under their newest data key.",
            "Leave the worker running, or run `tmam keys reseal`.",
        )
    return fine("sealed_values", "Everything that is encrypted at rest is under the newest keys.")


def _signs(event_id: int, key_id: int) -> bool:
    try:
        return signs_well(run_verb(load_signing_key(event_id, key_id)))
    except (SealBrokenError, ValueError):
        return False


def _pdf_certificate(patient: Patient) -> Finding:
    """What signs PDFs is usable, for a while longer, and in production somebody vouches for it."""
    advice = "Set TMAM_PDF_CERTIFICATE_FILE and TMAM_PDF_CERTIFICATE_KEY_FILE (docs/encryption.md)."
    settings = patient.settings
    is_set = settings.pdf_certificate_file or settings.pdf_certificate_key_file
    if not is_set and settings.mode == "production":
        return watch(
            "pdf_certificate",
            "PDFs are signed with a self-made certificate: programs will say that they do not trust it.",
            advice,
        )
    if not is_set and not (settings.state / "keys" / KEPT_AS).exists():
        return fine("pdf_certificate", "A self-made certificate is made when the first PDF is signed.")
    try:
        found = pdf_certificate(settings)
        found.assert_valid(patient.now)
    except CertificateNotUsableError as error:
        return wrong("pdf_certificate", f"PDFs cannot be signed: {error.reason}.", advice)
    ends_at = found.certificate.not_valid_after_utc
    if ends_at - patient.now < CERTIFICATE_WARNING:
        return watch(
            "pdf_certificate", f"The certificate that signs PDFs ends on {ends_at:%Y-%m-%d}.", advice
        )
    of_whom = ", with a self-made certificate that no program trusts" if found.is_self_made else ""
    return fine("pdf_certificate", f"PDFs can be signed until {ends_at:%Y-%m-%d}{of_whom}.")
