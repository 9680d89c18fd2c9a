-- The counts of some keys, locked until the transaction ends; missing ones begin at nothing. Keys come sorted.
INSERT INTO accounts_attemptcount AS count (key, failures, since, last_at, locks, lock_number)
SELECT wanted.key, 0, $2::timestamptz, $2::timestamptz, 0, 0
FROM unnest($1::text[]) AS wanted (key)
ON CONFLICT (key) DO UPDATE SET key = EXCLUDED.key
RETURNING key, failures, since, last_at, locks, lock_number, locked_until
