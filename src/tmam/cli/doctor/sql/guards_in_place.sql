SELECT 0, wanted.relation || ' ' || wanted.guard
FROM (VALUES
    ('inventory_counter', 'counter_never_oversold', 'c'),
    ('inventory_counter', 'inventory_counter_pkey', 'p'),
    ('inventory_hold', 'inventory_hold_pkey', 'p'),
    ('inventory_claim', 'inventory_claim_pkey', 'p'),
    ('inventory_seat_map', 'inventory_seat_map_pkey', 'p'),
    ('tickets_ticket', 'tickets_ticket_pkey', 'p'),
    ('tickets_ticket', 'tickets_ticket_event_id_token_sha256_key', 'u'),
    ('orders_order', 'orders_order_event_id_hold_id_key', 'u'),
    ('orders_order', 'orders_order_event_id_booking_reference_key', 'u'),
    ('payments_allocation', 'payments_allocation_pkey', 'p'),
    ('gates_redemption', 'gates_redemption_pkey', 'p'),
    ('gates_scan', 'gates_scan_event_id_device_id_nonce_key', 'u'),
    ('ledger_entry', 'ledger_entry_amount_minor_check', 'c')
) AS wanted (relation, guard, kind)
WHERE NOT EXISTS (
    SELECT FROM pg_constraint AS found
    WHERE found.conrelid = to_regclass(wanted.relation) AND found.conname = wanted.guard
        AND found.contype = wanted.kind::"char" AND found.convalidated
)
