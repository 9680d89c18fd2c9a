-- Every pool of an event, or of its dates $2, as it stands: capacity, free, sold. Lapsed holds count as held until they
-- are reclaimed. A trip's pool is as tight as its tightest segment of the stretch from stop $3 to stop $4 (NULL: all).
SELECT date_ordinal, pool, min(capacity), min(capacity - held - sold), max(sold)
FROM inventory_counter
WHERE event_id = $1::integer AND kind = 'pool' AND ($2::integer[] IS NULL OR date_ordinal = ANY ($2::integer[]))
    AND segment >= coalesce($3::integer, 0) AND segment < coalesce($4::integer, 32767)
GROUP BY date_ordinal, pool
ORDER BY date_ordinal, pool
