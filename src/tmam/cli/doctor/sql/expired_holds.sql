-- The sweeper looks every second; a minute late means it does not.
SELECT event_id, format('hold %s ran out at %s', id, expires_at)
FROM inventory_hold
WHERE state = 'held' AND expires_at < $1::timestamptz - interval '60 seconds'
ORDER BY expires_at
