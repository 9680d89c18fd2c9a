-- Put pools on sale, or change how large they are. The CHECK refuses less than what is already held and sold.
INSERT INTO inventory_counter (event_id, id, kind, date_ordinal, segment, pool, capacity)
SELECT $1::integer, pool.id, 'pool', pool.date_ordinal, pool.segment, pool.pool, pool.capacity
FROM unnest($2::bigint[], $3::integer[], $4::smallint[], $5::smallint[], $6::integer[])
    AS pool (id, date_ordinal, segment, pool, capacity)
ORDER BY pool.id
ON CONFLICT (event_id, id) DO UPDATE SET capacity = excluded.capacity
