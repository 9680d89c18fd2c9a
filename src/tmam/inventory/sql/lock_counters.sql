-- Lock counters in the order of their ids, the one locking order of all verbs. Limits nobody used yet have no row.
SELECT id, capacity, held, sold
FROM inventory_counter
WHERE event_id = $1::integer AND id = ANY ($2::bigint[])
ORDER BY id
FOR UPDATE
