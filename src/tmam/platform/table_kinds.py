"""Which kind each table of the database is: the one registry that sharding and its guards read.

*Event* tables belong to one event: their keys begin with `event_id`, they are sharded by it, and a statement
that touches them names the event. *Global* tables are people and the catalogue: few writes, read everywhere,
replicated to every node. *Control* tables stay on one node; nothing refers to them and they refer to no event
table. A new table is declared here; `tests/house/test_data_rules.py` refuses one that is not.
"""

from __future__ import annotations

from enum import Enum


class TableKind(Enum):
    """Where the rows of a table live once the database is sharded."""

    EVENT = "event"
    GLOBAL = "global"
    CONTROL = "control"


EVENT_TABLES = frozenset(
    (
        "fulfilment_download",
        "fulfilment_google_pass",
        "fulfilment_google_withdrawn",
        "fulfilment_kept_file",
        "fulfilment_wallet_ticket",
        "gates_redemption",
        "gates_scan",
        "inventory_claim",
        "inventory_counter",
        "inventory_hold",
        "inventory_seat_map",
        "ledger_entry",
        "orders_order",
        "payments_allocation",
        "platform_data_key",
        "platform_log_entry",
        "tickets_revocation",
        "tickets_serial",
        "tickets_live_master",
        "tickets_signing_key",
        "tickets_ticket",
    )
)
GLOBAL_TABLES = frozenset(
    (
        "account_emailaddress",
        "account_emailconfirmation",
        "accounts_user",
        "accounts_user_groups",
        "accounts_user_user_permissions",
        "auth_group",
        "auth_group_permissions",
        "auth_permission",
        "catalog_contingent",
        "catalog_date",
        "catalog_datesummary",
        "catalog_event",
        "catalog_eventsummary",
        "catalog_salescode",
        "catalog_saleslimit",
        "catalog_searchword",
        "catalog_seat",
        "catalog_seatplan",
        "catalog_stoppattern",
        "catalog_ticketdesign",
        "catalog_ticketlogo",
        "catalog_tickettype",
        "catalog_venue",
        "django_content_type",
        "gates_device",
        "gates_gate",
        "mfa_authenticator",
        "orders_personorder",
        "organizers_invitation",
        "organizers_membership",
        "organizers_organizer",
        "socialaccount_socialaccount",
        "socialaccount_socialapp",
        "socialaccount_socialtoken",
    )
)
CONTROL_TABLES = frozenset(
    (
        "accounts_alertsnapshot",
        "accounts_attemptcount",
        "accounts_failureminute",
        "accounts_ratelimit",
        "accounts_consent",
        "accounts_device",
        "accounts_erasure",
        "accounts_freeze",
        "accounts_guesscount",
        "accounts_passkey",
        "accounts_phone",
        "accounts_recoverycode",
        "accounts_recoverycodeset",
        "accounts_recoveryrequest",
        "accounts_securityentry",
        "accounts_solvedchallenge",
        "accounts_sms",
        "accounts_smscode",
        "accounts_smscount",
        "accounts_staffaction",
        "accounts_totpuse",
        "accounts_usedchallenge",
        "django_migrations",
        "django_session",
        "fulfilment_applechange",
        "fulfilment_appleregistration",
        "fulfilment_warming",
        "notifications_datenews",
        "fulfilment_wallet_held",
        "fulfilment_wallet_offer",
        "fulfilment_linkstop",
        "fulfilment_linkuse",
        "notifications_mail",
        "notifications_reminder",
        "orders_checkout",
        "orders_checkouthold",
        "orders_keptrecord",
        "organizers_teamentry",
        "payments_payment",
        "payments_refund",
        "payments_sandboxcharge",
        "payments_sandboxrefund",
        "platform_heartbeat",
        "platform_logcursor",
        "platform_loghead",
        "procrastinate_events",
        "procrastinate_jobs",
        "procrastinate_periodic_defers",
        "procrastinate_workers",
        "tickets_keysetsigner",
        "usersessions_usersession",
    )
)


def kind_of_table(name: str) -> TableKind:
    """The declared kind of a table.

    Raises:
        KeyError: the table is not declared.
    """
    for kind, tables in (
        (TableKind.EVENT, EVENT_TABLES),
        (TableKind.GLOBAL, GLOBAL_TABLES),
        (TableKind.CONTROL, CONTROL_TABLES),
    ):
        if name in tables:
            return kind
    raise KeyError(name)
