-- The pools of some events, each summed over its dates; on each date as its tightest segment has it.
SELECT event_id, pool, sum(capacity)::bigint, sum(free)::bigint, sum(sold)::bigint
FROM (
    SELECT event_id, date_ordinal, pool, min(capacity) AS capacity, min(capacity - held - sold) AS free, max(sold) AS sold
    FROM inventory_counter
    WHERE event_id = ANY ($1::integer[]) AND kind = 'pool'
    GROUP BY event_id, date_ordinal, pool
) AS by_date
GROUP BY event_id, pool
ORDER BY event_id, pool
