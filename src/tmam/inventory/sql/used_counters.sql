-- What was used of each counter between two ids (all of one kind).
SELECT id, (held + sold)::integer
FROM inventory_counter
WHERE event_id = $1::integer AND id BETWEEN $2::bigint AND $3::bigint AND held + sold > 0
ORDER BY id
