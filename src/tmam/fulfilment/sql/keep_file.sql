-- Remember file $9 as that of tickets $3 (0: all) of order $2 in form $4 and language $5; answers the name it replaces.
WITH before AS (
    SELECT kept.name
    FROM fulfilment_kept_file AS kept
    WHERE kept.event_id = $1::integer
        AND kept.order_id = $2::uuid
        AND kept.serial = $3::bigint
        AND kept.form = $4::text
        AND kept.language = $5::text
),

written AS (
    INSERT INTO fulfilment_kept_file AS kept (
        event_id, order_id, serial, form, language,
        serials, tickets, facts, name, saved_as, media_type, size, sha256, made_at
    )
    VALUES (
        $1::integer, $2::uuid, $3::bigint, $4::text, $5::text,
        $6::bigint[], $7::text, $8::text, $9::text, $10::text, $11::text, $12::integer, $13::bytea, $14::timestamptz
    )
    ON CONFLICT (event_id, order_id, serial, form, language) DO UPDATE
    SET
        serials = excluded.serials, tickets = excluded.tickets, facts = excluded.facts, name = excluded.name,
        saved_as = excluded.saved_as, media_type = excluded.media_type, size = excluded.size,
        sha256 = excluded.sha256, made_at = excluded.made_at
)

SELECT before.name FROM before WHERE before.name <> $9::text
