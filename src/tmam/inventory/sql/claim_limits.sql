-- A live hold counts for identities that have become known ($4…: new ones, made on first use) and no longer for others
-- ($8, $9). The caller has locked those that exist. No row comes back when the hold has changed meanwhile.
WITH changed AS (
    UPDATE inventory_hold SET counter_ids = $10::bigint[], counter_quantities = $11::integer[]
    WHERE event_id = $1::integer AND id = $2::uuid AND state = 'held' AND counter_ids = $3::bigint[]
    RETURNING id
), claimed AS (
    INSERT INTO inventory_counter AS counter (event_id, id, kind, capacity, held)
    SELECT $1::integer, drawn.id, drawn.kind, drawn.capacity, drawn.quantity
    FROM changed, unnest($4::bigint[], $5::text[], $6::integer[], $7::integer[]) AS drawn (id, kind, capacity, quantity)
    ORDER BY drawn.id
    ON CONFLICT (event_id, id) DO UPDATE SET held = counter.held + excluded.held, capacity = excluded.capacity
), dropped AS (
    UPDATE inventory_counter AS counter SET held = counter.held - gone.quantity
    FROM changed, unnest($8::bigint[], $9::integer[]) AS gone (id, quantity)
    WHERE counter.event_id = $1::integer AND counter.id = gone.id
)
SELECT id FROM changed
