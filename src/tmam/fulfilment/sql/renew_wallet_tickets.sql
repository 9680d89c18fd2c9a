-- The phone with key $3, which tickets $2 of event $1 live in, has the key $4 now; it is the same phone since the same moment.
UPDATE fulfilment_wallet_ticket SET device_key = $4::bytea
WHERE event_id = $1::integer AND serial = ANY ($2::bigint[]) AND device_key = $3::bytea
