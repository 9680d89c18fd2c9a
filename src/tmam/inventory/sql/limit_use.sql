-- How many identities a limit has counted something for, and how many of them have $4 or more.
SELECT count(*)::integer, (count(*) FILTER (WHERE held + sold >= $4::integer))::integer
FROM inventory_counter
WHERE event_id = $1::integer AND id BETWEEN $2::bigint AND $3::bigint AND held + sold > 0
