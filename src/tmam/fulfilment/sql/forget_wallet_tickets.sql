-- Tickets $2 of event $1 live in no phone any more.
DELETE FROM fulfilment_wallet_ticket WHERE event_id = $1::integer AND serial = ANY ($2::bigint[])
