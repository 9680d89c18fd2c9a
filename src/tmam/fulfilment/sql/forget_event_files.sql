-- Forget every kept file of event $1.
DELETE FROM fulfilment_kept_file AS kept WHERE kept.event_id = $1::integer
