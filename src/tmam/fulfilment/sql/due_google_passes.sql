-- Passes of event $1 that Google was not told of yet, at most $4, after the pass of ticket $2 for order $3.
SELECT p.serial, p.order_id, p.suffix, p.kind, p.language, p.wanted_at, p.generation
FROM fulfilment_google_pass AS p
WHERE p.event_id = $1::integer AND (p.synced_at IS NULL OR p.synced_at < p.wanted_at)
  AND (p.serial, p.order_id) > ($2::bigint, $3::uuid)
ORDER BY p.serial, p.order_id
LIMIT $4::integer
