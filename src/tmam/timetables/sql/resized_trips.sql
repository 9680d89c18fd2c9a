-- Which of some trips have other numbers of places than wanted (pool $3: capacity $4).
SELECT DISTINCT counter.date_ordinal
FROM inventory_counter AS counter
JOIN unnest($3::smallint[], $4::integer[]) AS wanted (pool, capacity) ON wanted.pool = counter.pool
WHERE counter.event_id = $1::integer AND counter.kind = 'pool' AND counter.date_ordinal = ANY ($2::integer[])
    AND counter.capacity <> wanted.capacity
ORDER BY counter.date_ordinal
