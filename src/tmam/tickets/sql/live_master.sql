-- The master of event $1, if it has one.
SELECT master_encrypted FROM tickets_live_master WHERE event_id = $1::integer
