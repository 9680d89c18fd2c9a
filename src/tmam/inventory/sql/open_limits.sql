-- The rows of limits that nobody has used yet, so that there is something to lock.
-- After a refusal they count nothing.
INSERT INTO inventory_counter (event_id, id, kind, capacity)
SELECT $1::integer, opened.id, opened.kind, opened.capacity
FROM unnest($2::bigint[], $3::text[], $4::integer[]) AS opened (id, kind, capacity)
ORDER BY opened.id
ON CONFLICT (event_id, id) DO NOTHING
