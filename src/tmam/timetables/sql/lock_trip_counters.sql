-- The places of some trips, locked in the one order of all verbs, so that nobody reserves while a trip changes.
SELECT id, date_ordinal, segment, pool, capacity, held + sold
FROM inventory_counter
WHERE event_id = $1::integer AND kind = 'pool' AND date_ordinal = ANY ($2::integer[])
ORDER BY id
FOR UPDATE
