-- The pools of some events, each summed over its dates.
SELECT event_id, pool, sum(capacity)::bigint, sum(held)::bigint, sum(sold)::bigint
FROM inventory_counter
WHERE event_id = ANY ($1::integer[]) AND kind = 'pool'
GROUP BY event_id, pool
ORDER BY event_id, pool
