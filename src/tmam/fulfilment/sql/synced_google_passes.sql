-- Google was told of the pass of ticket $2 of event $1 for order $3, as it was wanted at $4.
UPDATE fulfilment_google_pass
SET synced_at = $4::timestamptz
WHERE event_id = $1::integer AND serial = $2::bigint AND order_id = $3::uuid
  AND (synced_at IS NULL OR synced_at < $4::timestamptz)
