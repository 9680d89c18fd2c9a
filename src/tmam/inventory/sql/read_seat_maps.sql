-- The seat maps of one date on its segments from $3 until before $4, for showing; no locks.
SELECT segment, chunk, taken
FROM inventory_seat_map
WHERE event_id = $1::integer AND date_ordinal = $2::integer AND segment >= $3::smallint AND segment < $4::smallint
ORDER BY segment, chunk
