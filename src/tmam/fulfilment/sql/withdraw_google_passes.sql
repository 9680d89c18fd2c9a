-- Passes of tickets $2 of event $1 that show a generation before $3's must admit nobody again since $4: what names them at
-- Google is kept until Google was told. Returns their tickets.
WITH stale AS (
    SELECT p.suffix
    FROM fulfilment_google_pass AS p
    JOIN unnest($2::bigint[], $3::integer[]) AS now_ (serial, generation)
      ON p.serial = now_.serial AND p.generation < now_.generation
    WHERE p.event_id = $1::integer
    ORDER BY p.serial, p.order_id
    FOR UPDATE OF p
), gone AS (
    DELETE FROM fulfilment_google_pass AS p
    USING stale
    WHERE p.event_id = $1::integer AND p.suffix = stale.suffix
    RETURNING p.serial, p.suffix, p.kind
), kept AS (
    INSERT INTO fulfilment_google_withdrawn (event_id, suffix, kind, withdrawn_at)
    SELECT $1::integer, gone.suffix, gone.kind, $4::timestamptz FROM gone
    ON CONFLICT (event_id, suffix) DO NOTHING
)
SELECT serial FROM gone
