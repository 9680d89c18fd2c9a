-- Every pool of an event as it stands. Held places of lapsed holds count as held until they are reclaimed.
SELECT date_ordinal, pool, capacity, held, sold
FROM inventory_counter
WHERE event_id = $1::integer AND kind = 'pool'
ORDER BY id
