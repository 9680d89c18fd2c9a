-- All passes of orders $2 of event $1 go from the table since $3; what names them at Google is kept until Google was told.
WITH theirs AS (
    SELECT p.suffix
    FROM fulfilment_google_pass AS p
    WHERE p.event_id = $1::integer AND p.order_id = ANY ($2::uuid[])
    ORDER BY p.serial, p.order_id
    FOR UPDATE OF p
), gone AS (
    DELETE FROM fulfilment_google_pass AS p
    USING theirs
    WHERE p.event_id = $1::integer AND p.suffix = theirs.suffix
    RETURNING p.serial, p.suffix, p.kind
), kept AS (
    INSERT INTO fulfilment_google_withdrawn (event_id, suffix, kind, withdrawn_at)
    SELECT $1::integer, gone.suffix, gone.kind, $3::timestamptz FROM gone
    ON CONFLICT (event_id, suffix) DO NOTHING
)
SELECT serial FROM gone
