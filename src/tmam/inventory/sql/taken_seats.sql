SELECT seat FROM inventory_claim
WHERE event_id = $1::integer AND date_ordinal = $2::integer AND segment = 0
